import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extensionTemplateOid, readCsrAttributes, requestTemplateOid } from './csr-attributes.ts';
import {
  bitString,
  element,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
} from './der-writer.ts';

const challengePassword = '1.2.840.113549.1.9.7';

describe('a template', () => {
  const type = (oid: string, ...value: Buffer[]) =>
    element(0x31, sequence(objectIdentifier(oid), ...value));
  const utf8 = (text: string) => element(0x0c, Buffer.from(text));
  const version = element(2, Buffer.of(0));
  const ec = sequence(objectIdentifier('1.2.840.10045.2.1'), objectIdentifier('1.3.132.0.34'));
  const rsa = sequence(objectIdentifier('1.2.840.113549.1.1.1'), element(5));
  const modulus = (octets: number) =>
    bitString(sequence(element(2, Buffer.alloc(octets)), element(2, Buffer.of(1, 0, 1))));
  const extensions = sequence(
    objectIdentifier(extensionTemplateOid),
    setOf(
      sequence(
        sequence(objectIdentifier('2.5.29.17')),
        sequence(
          objectIdentifier('2.5.29.15'),
          element(1, Buffer.of(0xff)),
          octetString(element(3, Buffer.of(7, 0x80))),
        ),
      ),
    ),
  );
  const template = (...parts: Buffer[]) =>
    sequence(objectIdentifier(requestTemplateOid), setOf(sequence(version, ...parts)));

  test('is read whole, and it alone counts', () => {
    const der = sequence(
      sequence(objectIdentifier('1.2.840.113549.1.1.1'), setOf(element(2, Buffer.of(8, 0)))),
      objectIdentifier('1.2.840.10045.4.3.2'),
      template(
        sequence(type('2.5.4.10', utf8('Works, Ltd')), type('2.5.4.3')),
        element(0xa0, ec),
        element(0xa1, extensions, sequence(objectIdentifier(challengePassword), setOf())),
      ),
    );
    expect(readCsrAttributes(der)).toEqual({
      template: true,
      asksForPop: true,
      subject: [[{ type: 'O', value: 'Works\\, Ltd' }], [{ type: 'CN', value: null }]],
      key: { algorithm: 'EC', parameter: 'secp384r1' },
      signatureAlgorithm: null,
      signatureName: null,
      subjectAltNames: [],
      subjectAltNameValue: null,
      extensions: [
        { oid: '2.5.29.15', critical: true, value: 'AwIHgA==', text: 'digitalSignature' },
      ],
      unknown: ['1.2.840.113549.1.1.1', '1.2.840.10045.4.3.2'],
      oids: [
        '1.2.840.113549.1.1.1',
        '1.2.840.10045.4.3.2',
        requestTemplateOid,
        extensionTemplateOid,
        challengePassword,
      ],
      repeated: [],
      overridden: ['1.2.840.113549.1.1.1', '1.2.840.10045.4.3.2'],
    });
  });

  test.each<[what: string, parts: Buffer[], san: string[] | null, extensions: object[]]>([
    [
      'alone',
      [
        objectIdentifier('2.5.29.15'),
        element(1, Buffer.of(0xff)),
        octetString(element(3, Buffer.of(7, 0x80))),
      ],
      null,
      [{ oid: '2.5.29.15', critical: true, text: 'digitalSignature' }],
    ],
    [
      'that leaves an address and a directory name open',
      [
        sequence(
          objectIdentifier('2.5.29.17'),
          octetString(
            sequence(
              element(0x82, Buffer.from('www.myServer.com')),
              element(0x87, Buffer.alloc(0)),
              element(0xa4, sequence()),
            ),
          ),
        ),
        sequence(objectIdentifier('2.5.29.37')),
      ],
      ['DNS:www.myServer.com', 'IP:', 'DN:'],
      [{ oid: '2.5.29.37', value: null }],
    ],
  ])('is read with an extension %s', (_, parts, subjectAltNames, extensions) => {
    const wished = sequence(objectIdentifier(extensionTemplateOid), setOf(sequence(...parts)));
    const read = readCsrAttributes(sequence(template(element(0xa1, wished))));
    expect(read).toMatchObject({ subjectAltNames, extensions, subjectAltNameValue: null });
  });

  test.each<[what: string, parts: Buffer[], expected: object]>([
    ['nothing but a version', [], { subject: null, key: null, extensions: [] }],
    ['an empty subject', [sequence()], { subject: [] }],
    ['the kind of key alone', [element(0xa0, rsa)], { key: { algorithm: 'RSA', parameter: '' } }],
    [
      'the length of a modulus',
      [element(0xa0, rsa, modulus(384))],
      { key: { algorithm: 'RSA', parameter: '3072' } },
    ],
    [
      'a modulus with a leading zero',
      [element(0xa0, rsa, modulus(257))],
      { key: { algorithm: 'RSA', parameter: '2048' } },
    ],
    [
      'an Ed25519 key',
      [element(0xa0, sequence(objectIdentifier('1.3.101.112')))],
      { key: { algorithm: 'EdDSA', parameter: 'ed25519' } },
    ],
    [
      'a key of another kind',
      [element(0xa0, sequence(objectIdentifier('1.3.101.113')))],
      { key: null },
    ],
    [
      'a subject that is no text',
      [sequence(type('2.5.4.3', element(2, Buffer.of(7))))],
      { subject: [[{ type: 'CN', value: '#020107' }]] },
    ],
  ])('is read with %s', (_, parts, expected) => {
    expect(readCsrAttributes(sequence(template(...parts)))).toMatchObject(expected);
  });

  test.each<[what: string, der: Buffer]>([
    ['no value', sequence(objectIdentifier(requestTemplateOid), setOf())],
    [
      'two values',
      sequence(
        objectIdentifier(requestTemplateOid),
        setOf(sequence(version), sequence(version, sequence())),
      ),
    ],
    [
      'another version',
      sequence(objectIdentifier(requestTemplateOid), setOf(sequence(element(2, Buffer.of(1))))),
    ],
    ['something after it', template(element(0xa1), element(2, Buffer.of(0)))],
  ])('is refused with %s', (_, der) => {
    expect(() => readCsrAttributes(sequence(der))).toThrow(
      expect.objectContaining({ code: 'SERVER-09' }),
    );
  });

  test('cut or changed anywhere is read or refused as malformed, never anything else', () => {
    const whole = sequence(
      template(
        sequence(type('2.5.4.3')),
        element(0xa0, rsa, modulus(16)),
        element(0xa1, extensions),
      ),
    );
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (at, octet, cut) => {
        const der = cut ? whole.subarray(0, at) : Buffer.from(whole).fill(octet, at, at + 1);
        try {
          expect(readCsrAttributes(der).oids.length).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'SERVER-09' });
        }
      }),
      { numRuns: 500 },
    );
  });
});
