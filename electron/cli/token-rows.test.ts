import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import { parseTokenRows } from './token-rows.ts';

const refusal = (text: string) => {
  try {
    parseTokenRows(text);
    return 'accepted';
  } catch (error) {
    return StationError.from(error).code;
  }
};

describe('the rows of a batch', () => {
  test('name tokens by label, serial and what may be destroyed', () => {
    expect(parseTokenRows('\uFEFFlabel,serial,destroy\r\nGW-1,,\r\nZähler,0A1B, old \r\n')).toEqual(
      [{ label: 'GW-1' }, { label: 'Zähler', serial: '0A1B', destroy: 'old' }],
    );
    expect(parseTokenRows('label\nGW-1\n')).toEqual([{ label: 'GW-1' }]);
  });

  test.each([
    ['no header', 'GW-1\n'],
    ['another column', 'label,pin\nGW-1,1234\n'],
    ['no row', 'label\n'],
    ['too many rows', `label\n${Array.from({ length: 501 }, (_, row) => `t${row}\n`).join('')}`],
    ['a label that is too long', `label\n${'ä'.repeat(17)}\n`],
    ['no label', 'label,serial\n,0A\n'],
    ['too many cells', 'label\nGW-1,0A\n'],
    ['a label that comes twice', 'label\nGW-1\nGW-1\n'],
    ['a serial that comes twice', 'label,serial\nGW-1,0A\nGW-2,0A\n'],
    ['quotes', 'label\n"GW-1"\n'],
  ])('are refused with %s', (_, text) => {
    expect(refusal(text)).toBe('USAGE-01');
  });

  test('are read or refused, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(['accepted', 'USAGE-01']).toContain(refusal(`label,serial\n${text}`));
      }),
    );
  });
});
