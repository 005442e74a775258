import { sign } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import {
  alternativeNames,
  caExtensions,
  certify,
  ecKeys,
  nameConstraints,
  purposesExtension,
  subtree,
} from '../../test/certificate-draft.ts';
import { writeCertsOnly } from '../practice/certs-only.ts';
import { readCertificate, summariseCertificate } from './certificate.ts';
import { readCertsOnly } from './certs-only.ts';
import { readCsrAttributes, writeCsrAttributes } from './csr-attributes.ts';
import { element, objectIdentifier, sequence, setOf } from './der-writer.ts';
import { formatDistinguishedName, parseDistinguishedName } from './name.ts';
import { validatePath } from './path.ts';
import { describeKey, keyIdentifier, keyStrength, sameKey } from './public-key.ts';
import { createRequest, readRequest } from './request.ts';
import { matchServerName } from './server-name.ts';
import { ecdsaDerToRaw, verifySignature } from './signature.ts';

const keys = ecKeys();
const root = { subject: 'CN=Root,O=Works', keys };
const rich = certify({
  ...root,
  extensions: [
    ...caExtensions(3),
    alternativeNames('DNS:a.example', 'IP:2001:db8::1', 'email:a@b.example', 'URI:urn:x'),
    purposesExtension('1.3.6.1.5.5.7.3.28'),
    nameConstraints({ permitted: [subtree(2, 'example')], excluded: [subtree(6, '.example')] }),
  ],
});
const leaf = certify({ subject: 'CN=leaf', keys, issuer: root });
const crl = sequence(
  sequence(
    element(2, Buffer.of(1)),
    sequence(objectIdentifier('1.2.840.10045.4.3.2')),
    parseDistinguishedName(root.subject),
    element(0x18, Buffer.from('20200101000000Z')),
    element(0x18, Buffer.from('20400101000000Z')),
    sequence(sequence(element(2, Buffer.of(1)), element(0x18, Buffer.from('20200101000000Z')))),
  ),
  sequence(objectIdentifier('1.2.840.10045.4.3.2')),
  element(3, Buffer.of(0), sequence(element(2, Buffer.of(1)), element(2, Buffer.of(1)))),
);

const seeds: Buffer[] = [
  rich,
  leaf,
  crl,
  keys.spki,
  writeCertsOnly([rich, leaf]),
  writeCsrAttributes([{ oid: '2.999.1' }, { ecPublicKey: 'prime256v1' }, { rsaEncryption: 2048 }]),
  parseDistinguishedName('CN=a+serialNumber=1,O=b,C=DE'),
  setOf(sequence()),
];

beforeAll(async () => {
  const fields = { subjectAltNames: ['DNS:a.example'], challengePassword: 'YQ==' };
  seeds.push(
    await createRequest({
      ...fields,
      subject: parseDistinguishedName('CN=a'),
      spki: keys.spki,
      signatureAlgorithm: 'SHA256WITHECDSA',
      sign: async (data) => sign('sha256', data, keys.privateKey),
    }),
  );
});

/** Bytes of no meaning, or something real with octets changed, cut out, doubled or cut off. */
const hostile = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.nat(),
        fc.array(fc.tuple(fc.nat(3), fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      )
      .map(([which, changes]) => mutated(seeds[which % seeds.length] ?? leaf, changes)),
  },
);

function mutated(seed: Buffer, changes: readonly (readonly [number, number, number])[]): Buffer {
  let bytes = Buffer.from(seed);
  for (const [kind, position, value] of changes) {
    if (bytes.length === 0) return bytes;
    const at = position % bytes.length;
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
    if (kind === 0) bytes = Buffer.concat([head, Buffer.of(value), tail.subarray(1)]);
    else if (kind === 1) bytes = Buffer.concat([head, tail.subarray(1 + (value % 8))]);
    else if (kind === 2) bytes = Buffer.concat([head, tail.subarray(0, value), tail]);
    else bytes = Buffer.from(value < 32 ? head : Buffer.concat([head, Buffer.of(value), tail]));
  }
  return bytes;
}

const readers: readonly (readonly [name: string, read: (bytes: Buffer) => unknown])[] = [
  ['readCertificate', readCertificate],
  ['summariseCertificate', summariseCertificate],
  ['matchServerName', (bytes) => matchServerName(readCertificate(bytes), 'a.example')],
  ['readRequest', readRequest],
  ['readCertsOnly', (bytes) => readCertsOnly(bytes, 8)],
  ['readCsrAttributes', readCsrAttributes],
  ['formatDistinguishedName', formatDistinguishedName],
  ['keyIdentifier', keyIdentifier],
  ['sameKey', (bytes) => sameKey(bytes, keys.spki)],
  ['describeKey', describeKey],
  ['keyStrength', keyStrength],
  ['ecdsaDerToRaw', (bytes) => ecdsaDerToRaw(bytes, 32)],
];

describe('hostile bytes', () => {
  test.each(readers)('make %s throw nothing but a StationError', (_, read) => {
    fc.assert(
      fc.property(hostile, (bytes) => {
        try {
          read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(StationError);
        }
      }),
      { numRuns: 800 },
    );
  });

  test('never make verifySignature throw', () => {
    fc.assert(
      fc.property(hostile, hostile, (spki, signature) => {
        expect(verifySignature(spki, 'SHA256WITHECDSA', leaf, signature)).toBe(false);
        expect(verifySignature(keys.spki, 'SHA256WITHRSA', leaf, signature)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('never make validatePath throw, nor believe a changed certificate', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (certificate, beside, list) => {
        const verdict = validatePath({
          certificate,
          intermediates: [beside],
          anchors: [rich, beside.subarray(0, 40)],
          crls: [list],
          at: new Date('2030-01-01T00:00:00Z'),
          purpose: 'server',
        });
        if (verdict.valid) expect([rich, leaf].some((one) => one.equals(certificate))).toBe(true);
      }),
      { numRuns: 800 },
    );
  });

  test('as CRLs never change a verdict', () => {
    const authority = certify({ ...root, extensions: caExtensions() });
    fc.assert(
      fc.property(hostile, (list) => {
        const verdict = validatePath({
          certificate: leaf,
          intermediates: [],
          anchors: [authority],
          crls: [list],
          at: new Date('2030-01-01T00:00:00Z'),
          purpose: 'any',
        });
        expect(verdict.valid).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
