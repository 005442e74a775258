import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorData, StationError, translate } from './station-error.ts';

describe('StationError', () => {
  it('fills its texts, in either language', () => {
    const error = new StationError('PIN-04', { min: 4, max: 8 });
    expect(error.message).toBe('The PIN has the wrong length: 4 to 8 characters are allowed.');
    expect(error.exitCode).toBe(5);
    expect(error.exitName).toBe('pin');
    expect(error.toData('de').message).toBe(
      'Die PIN hat die falsche Länge: erlaubt sind 4 bis 8 Zeichen.',
    );
    expect(error.toData().waysOut).toEqual(['Type a PIN of 4 to 8 characters.']);
  });

  it('survives a journey as data', () => {
    const error = new StationError('TRUST-04', { expected: 'AA', sent: 'BB' });
    const data = errorData.parse(JSON.parse(JSON.stringify(error.toData())));
    expect(StationError.fromData(data).toData()).toEqual(data);
    expect(data.clause).toBe('RFC 7030 §4.1.1');
  });

  it('carries neither a stack nor what caused it', () => {
    const cause = new Error('password=hunter2');
    const text = JSON.stringify(new StationError('STORE-05', {}, { cause }).toData());
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('station-error.test');
  });

  it('turns a code nobody lists into INTERNAL-01', () => {
    const data = { ...new StationError('STORE-05').toData(), code: 'STORE-99' };
    expect(StationError.fromData(data).code).toBe('INTERNAL-01');
    expect(StationError.fromData({ ...data, code: 'constructor' }).code).toBe('INTERNAL-01');
    expect(translate(data, 'de')).toBe(data);
  });

  it('translates data', () => {
    const data = new StationError('STORE-05').toData('en');
    expect(translate(data, 'de').message).toBe('Hier läuft schon eine andere EST Station.');
  });

  it.each([
    ['keeps one of its own', new StationError('PIN-01'), 'PIN-01'],
    ['takes an error for a defect', new TypeError('x'), 'INTERNAL-01'],
    ['takes anything else for a defect', 'text', 'INTERNAL-01'],
  ])('%s', (_, thrown, code) => {
    expect(StationError.from(thrown).code).toBe(code);
  });

  it('bounds and cleans what a server, token or file put into it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (excerpt) => {
        const data = new StationError('SERVER-06', { status: 400, excerpt }).toData();
        expect(errorData.safeParse(data).success).toBe(true);
        expect(JSON.stringify([data.message, data.params])).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(String(data.params.excerpt).length).toBeLessThanOrEqual(500);
      }),
    );
  });

  it('does not fill a placeholder that a parameter brings along', () => {
    const error = new StationError('SERVER-06', { status: 400, excerpt: '{status} {toString}' });
    expect(error.message).toBe('The server refused the request (400): {status} {toString}.');
  });
});
