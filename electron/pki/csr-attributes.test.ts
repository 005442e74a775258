import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsrAttributeItem, readCsrAttributes, writeCsrAttributes } from './csr-attributes.ts';
import { element, objectIdentifier, sequence, setOf } from './der-writer.ts';
import { signatureAlgorithmOid } from './signature.ts';

const challengePassword = '1.2.840.113549.1.9.7';

describe('readCsrAttributes', () => {
  test('reads the example of RFC 7030 §4.5.2', () => {
    const der = Buffer.from(
      'MDIGCSqGSIb3DQEJBzASBgcqhkjOPQIBMQcGBSuBBAAiBgcrBgEBAQEWBggqhkjOPQQDAw==',
      'base64',
    );
    expect(readCsrAttributes(der)).toEqual({
      oids: [challengePassword, '1.2.840.10045.2.1', '1.3.6.1.1.1.1.22', '1.2.840.10045.4.3.3'],
      asksForPop: true,
      key: { algorithm: 'EC', parameter: 'secp384r1' },
      signatureAlgorithm: signatureAlgorithmOid('SHA384WITHECDSA'),
    });
  });

  test.each<[what: string, der: Buffer, expected: object]>([
    [
      'an empty list',
      sequence(),
      { oids: [], asksForPop: false, key: null, signatureAlgorithm: null },
    ],
    [
      'an unknown curve',
      sequence(
        sequence(objectIdentifier('1.2.840.10045.2.1'), setOf(objectIdentifier('1.3.132.0.10'))),
      ),
      { key: { algorithm: 'EC', parameter: '1.3.132.0.10' } },
    ],
    ['a key without parameter', sequence(objectIdentifier('1.2.840.10045.2.1')), { key: null }],
    [
      'an unknown attribute with several values',
      sequence(
        sequence(
          objectIdentifier('2.999.2'),
          setOf(objectIdentifier('2.999.3'), element(0x13, Buffer.from('x'))),
        ),
      ),
      { oids: ['2.999.2'] },
    ],
    [
      'an attribute without values',
      sequence(sequence(objectIdentifier('2.999.2'), setOf())),
      { oids: ['2.999.2'] },
    ],
    [
      'a requested extension',
      sequence(sequence(objectIdentifier('1.2.840.113549.1.9.14'), setOf(sequence(sequence())))),
      { oids: ['1.2.840.113549.1.9.14'] },
    ],
  ])('reads %s', (_, der, expected) => {
    expect(readCsrAttributes(der)).toMatchObject(expected);
  });

  test.each<[what: string, der: Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('<html>')],
    ['something after it', Buffer.concat([sequence(), Buffer.of(0)])],
    ['a number in the list', sequence(element(2, Buffer.of(1)))],
    ['an attribute without a set', sequence(sequence(objectIdentifier('2.999')))],
    ['an endless list', sequence(...Array.from({ length: 300 }, () => objectIdentifier('2.999')))],
  ])('refuses %s', (_, der) => {
    expect(() => readCsrAttributes(der)).toThrow(
      expect.objectContaining({
        code: 'SERVER-09',
        params: expect.objectContaining({ operation: 'csrattrs' }),
      }),
    );
  });
});

test('what is written is read back', () => {
  const items = fc.array(
    fc.oneof<fc.Arbitrary<CsrAttributeItem>[]>(
      fc.constantFrom(challengePassword, '2.999.1', '1.2.840.10045.4.3.2').map((oid) => ({ oid })),
      fc
        .constantFrom('prime256v1' as const, 'secp384r1' as const)
        .map((ecPublicKey) => ({ ecPublicKey })),
      fc.constantFrom(2048, 3072, 4096).map((rsaEncryption) => ({ rsaEncryption })),
    ),
    { maxLength: 10 },
  );
  fc.assert(
    fc.property(items, (asked) => {
      const read = readCsrAttributes(writeCsrAttributes(asked));
      expect(read.oids).toHaveLength(asked.length);
      expect(read.asksForPop).toBe(
        asked.some((item) => 'oid' in item && item.oid === challengePassword),
      );
      const first = asked.find((item) => !('oid' in item));
      const parameter =
        first &&
        ('ecPublicKey' in first
          ? first.ecPublicKey
          : 'rsaEncryption' in first
            ? String(first.rsaEncryption)
            : null);
      expect(read.key?.parameter ?? null).toBe(parameter ?? null);
    }),
  );
});
