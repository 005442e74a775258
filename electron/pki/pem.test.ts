import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import { certify, ecKeys } from '../../test/certificate-draft.ts';
import { certificatesFromPem, certificateToPem } from './pem.ts';

const der = certify({ subject: 'CN=Root', keys: ecKeys() });
const pem = certificateToPem(der);
const key = ecKeys().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('certificatesFromPem', () => {
  test.each([
    ['as written', pem, 1],
    ['with carriage returns', pem.replaceAll('\n', '\r\n'), 1],
    ['on one line', pem.replaceAll(/(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, ''), 1],
    ['with words around it', `Subject: Root\n${pem}\nthe end`, 1],
    ['several', pem + pem, 2],
    ['beside a key', key + pem, 1],
    ['under an old label', pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'), 1],
  ])('reads one %s', (_, text, count) => {
    expect(certificatesFromPem(text)).toEqual(Array(count).fill(der));
  });

  test.each([
    ['nothing', '', 'empty'],
    ['words', 'hello', 'no block'],
    ['a private key', key, 'private key'],
    ['a cut block', pem.slice(0, -20), 'cut off'],
    ['a changed letter', pem.replace('MII', 'M!I'), 'damaged'],
    ['a lost line', pem.split('\n').toSpliced(2, 1).join('\n'), 'ends early'],
    ['odd base64', pem.replace('-----END', 'A\n-----END'), 'base64'],
    ['two labels', pem.replace('END CERTIFICATE', 'END TRUST'), 'ends as'],
    [
      'base64 of something else',
      '-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----',
      'missing',
    ],
  ])('refuses %s', (_, text, reason) => {
    const read = (): unknown => certificatesFromPem(text);
    expect(read).toThrow(expect.objectContaining({ code: 'PROFILE-06' }));
    expect(read).toThrow(reason);
  });

  test('throws nothing but PROFILE-06, whatever the text', () => {
    const pieces = fc.constantFrom(
      '-----BEGIN ',
      '-----END ',
      'CERTIFICATE',
      '-----',
      '\n',
      'AAAA',
      '=',
      pem,
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        try {
          certificatesFromPem(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(StationError);
          expect(error).toHaveProperty('code', 'PROFILE-06');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('takes its time in proportion to the text', () => {
    const text = '-----BEGIN CERTIFICATE-----\n'.repeat(50_000);
    const started = performance.now();
    expect(() => certificatesFromPem(text)).toThrow('cut off');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
