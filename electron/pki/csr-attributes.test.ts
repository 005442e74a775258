import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endOf, observe } from '../../test/conformance/observe.ts';
import { type CsrAttributeItem, readCsrAttributes, writeCsrAttributes } from './csr-attributes.ts';
import { element, objectIdentifier, octetString, sequence, setOf } from './der-writer.ts';
import { writeGeneralNames } from './general-names.ts';
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
      signatureName: 'SHA384WITHECDSA',
      template: false,
      subject: null,
      subjectAltNames: null,
      subjectAltNameValue: null,
      extensions: [],
      unknown: ['1.3.6.1.1.1.1.22'],
      repeated: [],
      overridden: [],
    });
    observe('csrattrs', 'the example of RFC 7030', 'accept');
  });

  test.each<[what: string, der: Buffer, expected: object]>([
    [
      'an empty list',
      sequence(),
      { oids: [], asksForPop: false, key: null, signatureAlgorithm: null, unknown: [] },
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
      'a key size',
      sequence(
        sequence(objectIdentifier('1.2.840.113549.1.1.1'), setOf(element(2, Buffer.of(12, 0)))),
      ),
      { key: { algorithm: 'RSA', parameter: '3072' } },
    ],
  ])('reads %s', (what, der, expected) => {
    expect(readCsrAttributes(der)).toMatchObject(expected);
    observe('csrattrs', what, 'accept');
  });

  test.each<[what: string, der: Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('<html>')],
    ['something after it', Buffer.concat([sequence(), Buffer.of(0)])],
    ['a number in the list', sequence(element(2, Buffer.of(1)))],
    ['an attribute without a set', sequence(sequence(objectIdentifier('2.999')))],
    ['an endless list', sequence(...Array.from({ length: 300 }, () => objectIdentifier('2.999')))],
  ])('refuses %s', async (what, der) => {
    expect(() => readCsrAttributes(der)).toThrow(
      expect.objectContaining({
        code: 'SERVER-09',
        params: expect.objectContaining({ operation: 'csrattrs' }),
      }),
    );
    observe('csrattrs', what, await endOf((async () => readCsrAttributes(der))()));
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

describe('requested extensions', () => {
  const request = '1.2.840.113549.1.9.14';
  const subjectAltName = '2.5.29.17';
  const keyUsage = '2.5.29.15';
  const signing = octetString(element(3, Buffer.of(7, 0x80)));
  const extensionWith = (oid: string, value: Buffer) => sequence(objectIdentifier(oid), value);
  const wished = { oid: keyUsage, critical: false, value: 'AwIHgA==', text: 'digitalSignature' };

  test.each<[what: string, values: Buffer[], expected: object]>([
    [
      'bare identifiers, as in RFC 7030',
      [objectIdentifier('1.3.6.1.1.1.1.22'), objectIdentifier(subjectAltName)],
      {
        extensions: [{ oid: '1.3.6.1.1.1.1.22', critical: false, value: null, text: '' }],
        subjectAltNames: [],
      },
    ],
    [
      'bare identifiers in a sequence',
      [sequence(objectIdentifier(keyUsage))],
      { extensions: [{ ...wished, value: null, text: '' }], subjectAltNames: null },
    ],
    [
      'one Extensions value',
      [
        sequence(
          extensionWith(keyUsage, signing),
          extensionWith(subjectAltName, octetString(writeGeneralNames(['DNS:a.example']))),
        ),
      ],
      { extensions: [wished], subjectAltNames: ['DNS:a.example'] },
    ],
    [
      'names to fill in',
      [
        sequence(
          extensionWith(
            subjectAltName,
            octetString(sequence(element(0x82), element(0x87, Buffer.alloc(4)))),
          ),
        ),
      ],
      { extensions: [], subjectAltNames: ['DNS:', 'IP:'], subjectAltNameValue: null },
    ],
    [
      'a name of a kind the station does not write',
      [
        sequence(
          extensionWith(
            subjectAltName,
            octetString(
              sequence(
                element(
                  0xa0,
                  objectIdentifier('1.3.6.1.5.5.7.8.10'),
                  element(0xa0, element(0x16, Buffer.from('a@b'))),
                ),
              ),
            ),
          ),
        ),
      ],
      { extensions: [], subjectAltNames: ['other:1.3.6.1.5.5.7.8.10'] },
    ],
  ])('are read from %s', (what, values, expected) => {
    const read = readCsrAttributes(
      sequence(sequence(objectIdentifier(request), element(0x31, ...values))),
    );
    expect(read).toMatchObject({ ...expected, oids: [request], unknown: [] });
    observe('csrattrs', `extensionRequest: ${what}`, 'accept');
  });

  test.each<[what: string, value: Buffer]>([
    ['an extension without identifier', sequence(sequence())],
    [
      'an extension with something after it',
      sequence(sequence(objectIdentifier(keyUsage), signing, signing)),
    ],
    ['a number', sequence(element(2, Buffer.of(1)))],
  ])('are refused with %s', (_, value) => {
    const der = sequence(sequence(objectIdentifier(request), setOf(value)));
    expect(() => readCsrAttributes(der)).toThrow(expect.objectContaining({ code: 'SERVER-09' }));
  });
});
