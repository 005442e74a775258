import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestFeatures } from './certified-features.ts';
import { changedSubjectName, changeSubjectName } from './change-subject-name.ts';
import { element, objectIdentifier, octetString, sequence } from './der-writer.ts';
import { writeGeneralNames } from './general-names.ts';
import { parseDistinguishedName } from './name.ts';
import { createRequest, readRequest } from './request.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const old = parseDistinguishedName('CN=old,O=Works');

async function request(value: Uint8Array): Promise<Buffer> {
  const { oid } = changeSubjectName(old);
  return await createRequest({
    subject: old,
    subjectAltNames: ['DNS:a.example'],
    spki: publicKey.export({ type: 'spki', format: 'der' }),
    signatureAlgorithm: 'SHA256WITHECDSA',
    challengePassword: null,
    extensions: [
      { oid: '2.5.29.15', critical: true, value: element(3, Buffer.of(7, 0x80)) },
      { oid: '2.5.29.37', critical: false, value: sequence(objectIdentifier('1.2.3')) },
    ],
    extraAttributes: [{ oid, value }],
    sign: async (data) => sign('sha256', data, privateKey),
  });
}

test('a request asks for a new name and for extensions, and keeps its own subject', async () => {
  const name = parseDistinguishedName('CN=new,O=Works');
  const der = await request(changeSubjectName(name).value);
  const read = readRequest(der);
  expect(read).toMatchObject({ subject: old, signatureValid: true });
  expect(changedSubjectName(read)).toEqual(name);
  expect(requestFeatures(der)).toMatchObject({
    subject: 'CN=new,O=Works',
    subjectAltNames: ['DNS:a.example'],
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['1.2.3'],
    extensions: [],
  });
});

test.each<[what: string, value: Buffer, name: Buffer | null]>([
  ['both names', sequence(old, writeGeneralNames(['DNS:b.example'])), old],
  ['alternative names alone', sequence(writeGeneralNames(['DNS:b.example'])), null],
])('%s are read', async (_, value, name) => {
  expect(changedSubjectName(readRequest(await request(value)))).toEqual(name);
});

test.each<[what: string, value: Buffer]>([
  ['nothing', sequence()],
  ['a text', octetString(Buffer.from('CN=new'))],
  ['half a name', sequence(sequence(element(0x31, Buffer.of(0x30, 5))))],
])('%s is refused', async (_, value) => {
  const read = readRequest(await request(value));
  expect(() => changedSubjectName(read)).toThrow(expect.objectContaining({ code: 'CERT-06' }));
});

test('whatever stands there is read or refused', () => {
  const { oid } = changeSubjectName(old);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
      const attributes = new Map([[oid, Buffer.from(octets)]]);
      try {
        const name = changedSubjectName({ attributes });
        if (name !== null) expect(octets.length).toBeGreaterThan(name.length);
      } catch (error) {
        expect(error).toMatchObject({ code: 'CERT-06' });
      }
    }),
  );
});
