import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import { element, objectIdentifier, sequence, setOf } from './der-writer.ts';
import { formatDistinguishedName, parseDistinguishedName } from './name.ts';
import { sameName } from './name-comparison.ts';

const utf8 = 0x0c;
const printable = 0x13;
const ia5 = 0x16;

/** One relative distinguished name with one attribute. */
const rdn = (oid: string, tag: number, value: string): Buffer => setOf(attribute(oid, tag, value));
const attribute = (oid: string, tag: number, value: string): Buffer =>
  sequence(objectIdentifier(oid), element(tag, Buffer.from(value, 'utf8')));

describe('parseDistinguishedName', () => {
  test.each<[text: string, rdns: Buffer[]]>([
    ['CN=pump 7', [rdn('2.5.4.3', utf8, 'pump 7')]],
    ['CN=a,O=b', [rdn('2.5.4.10', utf8, 'b'), rdn('2.5.4.3', utf8, 'a')]],
    ['  cn = a , o = b  ', [rdn('2.5.4.10', utf8, 'b'), rdn('2.5.4.3', utf8, 'a')]],
    ['CN=a; O=b', [rdn('2.5.4.10', utf8, 'b'), rdn('2.5.4.3', utf8, 'a')]],
    [
      '/C=DE/O=b, c/CN=a',
      [rdn('2.5.4.6', printable, 'DE'), rdn('2.5.4.10', utf8, 'b, c'), rdn('2.5.4.3', utf8, 'a')],
    ],
    ['CN=a\\, b', [rdn('2.5.4.3', utf8, 'a, b')]],
    ['CN="a, b + \\"c\\""', [rdn('2.5.4.3', utf8, 'a, b + "c"')]],
    ['CN=\\ a\\20', [rdn('2.5.4.3', utf8, ' a ')]],
    ['CN=W\\C3\\B6rks', [rdn('2.5.4.3', utf8, 'Wörks')]],
    ['CN=𝔭ump', [rdn('2.5.4.3', utf8, '𝔭ump')]],
    ['CN=#0c0161', [rdn('2.5.4.3', utf8, 'a')]],
    ['2.5.4.3=a', [rdn('2.5.4.3', utf8, 'a')]],
    ['OID.2.999.1=a', [rdn('2.999.1', utf8, 'a')]],
    ['serialNumber=07-A', [rdn('2.5.4.5', printable, '07-A')]],
    ['DC=example', [rdn('0.9.2342.19200300.100.1.25', ia5, 'example')]],
    ['E=a@b.example', [rdn('1.2.840.113549.1.9.1', ia5, 'a@b.example')]],
    [
      'CN=a+serialNumber=1',
      [setOf(attribute('2.5.4.5', printable, '1'), attribute('2.5.4.3', utf8, 'a'))],
    ],
  ])('%s', (text, rdns) => {
    expect(parseDistinguishedName(text).toString('hex')).toBe(sequence(...rdns).toString('hex'));
  });

  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['pump 7', 'type=value'],
    ['CN=', 'no value'],
    ['CN=a,', 'type=value'],
    ['CN=a,,O=b', 'type=value'],
    ['CN=a+CN=a', 'twice'],
    ['XY=a', 'not known'],
    ['3.5.4=a', 'not known'],
    ['CN="a', 'not closed'],
    ['CN="a"b', 'follows'],
    ['CN=a"b', 'inside'],
    ['CN=a\\', 'backslash'],
    ['CN=a\\z', 'backslash'],
    ['CN=\\C3', 'UTF-8'],
    ['CN=#0c', 'early'],
    ['CN=#0c016', 'pairs'],
    ['C=Germany', '2 characters'],
    ['C=D1', 'two letters'],
    ['serialNumber=ä', 'letters A-Z'],
    ['E=ä@b.example', 'ASCII'],
    [`CN=${'a'.repeat(65)}`, '64 characters'],
    [`CN=${'a'.repeat(5000)}`, 'longer than'],
  ])('refuses %s', (dn, reason) => {
    const parse = (): Buffer => parseDistinguishedName(dn);
    expect(parse).toThrow(expect.objectContaining({ code: 'PROFILE-05' }));
    expect(parse).toThrow(reason);
  });

  test('throws nothing but PROFILE-05, whatever the text', () => {
    const pieces = fc.constantFrom(
      'CN',
      '=',
      ',',
      '+',
      '"',
      '\\',
      '#',
      ' ',
      'a',
      '0c',
      '/',
      ';',
      '1.2',
      'ä',
      '\0',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseDistinguishedName(text);
        } catch (error) {
          expect(error).toBeInstanceOf(StationError);
          expect(error).toHaveProperty('code', 'PROFILE-05');
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('formatDistinguishedName', () => {
  test.each([
    ['CN=a,O=b,C=DE', 'CN=a,O=b,C=DE'],
    ['/C=DE/O=b/CN=a', 'CN=a,O=b,C=DE'],
    ['CN="a, b"', 'CN=a\\, b'],
    ['CN=\\#a', 'CN=\\#a'],
    ['CN=\\ a\\ ', 'CN=\\ a\\ '],
    ['2.999=a', '2.999=#0c0161'],
    ['CN=a\\0Ab', 'CN=a\\0ab'],
    ['CN=a\u202Eb', 'CN=a\\e2\\80\\aeb'],
  ])('writes %s as %s', (text, written) => {
    expect(formatDistinguishedName(parseDistinguishedName(text))).toBe(written);
  });

  test('writes a value that is no text of its type in hexadecimal', () => {
    const broken = sequence(
      setOf(sequence(objectIdentifier('2.5.4.3'), element(utf8, Buffer.of(0xff)))),
    );
    expect(formatDistinguishedName(broken)).toBe('CN=#0c01ff');
  });

  test('writes the empty name as nothing', () => {
    expect(formatDistinguishedName(sequence())).toBe('');
  });

  test.each([' ', '  ', '\\ ', ' a ', '#', '# '])(
    '%j as a value survives writing and reading',
    (value) => {
      const der = sequence(setOf(attribute('2.5.4.3', utf8, value)));
      expect(parseDistinguishedName(formatDistinguishedName(der)).toString('hex')).toBe(
        der.toString('hex'),
      );
    },
  );

  test('what it writes is read back as the same name', () => {
    const value = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => [...text].length <= 40);
    const member = fc.record({
      oid: fc.constantFrom('2.5.4.3', '2.5.4.10', '2.5.4.11', '2.999.7'),
      value,
    });
    const names = fc.array(
      fc.uniqueArray(member, { selector: ({ oid }) => oid, minLength: 1, maxLength: 3 }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(names, (rdns) => {
        const der = sequence(
          ...rdns.map((members) =>
            setOf(...members.map((one) => attribute(one.oid, utf8, one.value))),
          ),
        );
        const text = formatDistinguishedName(der);
        expect(parseDistinguishedName(text).toString('hex')).toBe(der.toString('hex'));
      }),
      { numRuns: 500 },
    );
  });
});

describe('sameName', () => {
  const name = (...rdns: Buffer[]): Buffer => sequence(...rdns);

  test.each<[what: string, left: Buffer, right: Buffer, same: boolean]>([
    ['case', name(rdn('2.5.4.3', utf8, 'Pump')), name(rdn('2.5.4.3', utf8, 'pUMP')), true],
    [
      'string type',
      name(rdn('2.5.4.3', utf8, 'pump')),
      name(rdn('2.5.4.3', printable, 'pump')),
      true,
    ],
    ['inner spaces', name(rdn('2.5.4.3', utf8, 'a  b ')), name(rdn('2.5.4.3', utf8, ' a b')), true],
    ['spaces removed', name(rdn('2.5.4.3', utf8, 'a b')), name(rdn('2.5.4.3', utf8, 'ab')), false],
    ['type', name(rdn('2.5.4.3', utf8, 'a')), name(rdn('2.5.4.10', utf8, 'a')), false],
    ['order', parseDistinguishedName('CN=a,O=b'), parseDistinguishedName('O=b,CN=a'), false],
    ['grouping', parseDistinguishedName('CN=a+O=b'), parseDistinguishedName('CN=a,O=b'), false],
  ])('%s', (_, left, right, same) => {
    expect(sameName(left, right)).toBe(same);
  });
});
