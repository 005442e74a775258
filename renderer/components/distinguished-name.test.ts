import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonName, nameBeyondCommon, readName } from './distinguished-name.ts';

describe('reading a distinguished name', () => {
  it.each([
    ['CN=GW-20417,O=Halden Works', 'GW-20417', 'Halden Works'],
    ['O=Halden Works, CN=GW-20417', 'GW-20417', 'Halden Works'],
    ['CN=Doe\\, Jane+SERIALNUMBER=7', 'Doe, Jane', '7'],
    ['cn="a, b",C=NO', 'a, b', 'NO'],
    ['O=No name', 'O=No name', 'No name'],
  ])('%s', (name, common, rest) => {
    expect(commonName(name)).toBe(common);
    expect(nameBeyondCommon(name)).toBe(rest);
  });

  it('never throws and never invents an empty part', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(readName(name).every(({ type, value }) => type !== '' && value !== '')).toBe(true);
      }),
    );
  });
});
