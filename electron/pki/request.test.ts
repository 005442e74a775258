import { execFile } from 'node:child_process';
import { sign } from 'node:crypto';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SignatureAlgorithm } from '../../shared/profile.ts';
import { ecKeys, type Keys, rsaKeys } from '../../test/certificate-draft.ts';
import { giveInput } from '../../test/standard-input.ts';
import { element, objectIdentifier, sequence, setOf } from './der-writer.ts';
import { generalNames, writeGeneralNames } from './general-names.ts';
import { makeKeyPair } from './key-pair.ts';
import { parseDistinguishedName } from './name.ts';
import { createRequest, type RequestInput, readRequest } from './request.ts';
import { signWithKey } from './signature.ts';

const ec = ecKeys();
const rsa = rsaKeys();
const p521 = keysOf(await makeKeyPair('secp521r1'));
const edwards = keysOf(await makeKeyPair('ed25519'));

function keysOf({ publicKey, privateKey }: Awaited<ReturnType<typeof makeKeyPair>>): Keys {
  return { spki: publicKey.export({ type: 'spki', format: 'der' }), privateKey };
}

function input(
  overrides: Partial<RequestInput> = {},
  algorithm: SignatureAlgorithm = 'SHA256WITHECDSA',
  keys: Keys = ec,
): RequestInput {
  return {
    subject: parseDistinguishedName('CN=pump 7,O=Wörks'),
    subjectAltNames: [],
    spki: keys.spki,
    signatureAlgorithm: algorithm,
    challengePassword: null,
    sign: async (data) => signWithKey(keys.privateKey, algorithm, data),
    ...overrides,
  };
}

/** What `openssl req -verify` says: its text and its verdict. */
async function openssl(der: Buffer): Promise<string> {
  const running = promisify(execFile)('openssl', [
    'req',
    '-inform',
    'DER',
    '-verify',
    '-text',
    '-noout',
    '-nameopt',
    'RFC2253',
  ]);
  giveInput(running.child.stdin, der);
  const { stdout, stderr } = await running;
  return stdout + stderr;
}

/** How openssl shows what is special about an algorithm. */
const wordsOf: ReadonlyMap<SignatureAlgorithm, string> = new Map([
  ['SHA384WITHRSAANDMGF1', 'Salt Length: 0x30'],
  ['ED25519', 'Signature Algorithm: ED25519'],
]);

describe('createRequest', () => {
  test.each<[SignatureAlgorithm, Keys]>([
    ['SHA256WITHECDSA', ec],
    ['SHA384WITHECDSA', ec],
    ['SHA512WITHECDSA', ec],
    ['SHA256WITHRSA', rsa],
    ['SHA384WITHRSA', rsa],
    ['SHA512WITHRSA', rsa],
    ['SHA512WITHECDSA', p521],
    ['SHA256WITHRSAANDMGF1', rsa],
    ['SHA384WITHRSAANDMGF1', rsa],
    ['SHA512WITHRSAANDMGF1', rsa],
    ['ED25519', edwards],
  ])('%s: openssl verifies the request and reads what was asked', async (algorithm, keys) => {
    const names = ['DNS:a.example', 'IP:192.0.2.1', 'email:a@b.example', 'URI:urn:pump:7'];
    const fields = { subjectAltNames: names, challengePassword: 'aGVsbG8+/w==' };
    const text = await openssl(await createRequest(input(fields, algorithm, keys)));
    expect(text).toContain('verify OK');
    expect(text).toContain(wordsOf.get(algorithm) ?? 'Signature Algorithm');
    expect(text).toContain('Subject: CN=pump 7,O=W\\C3\\B6rks');
    expect(text).toMatch(/challengePassword\s*:aGVsbG8\+\/w==/);
    expect(text).toContain(
      'DNS:a.example, IP Address:192.0.2.1, email:a@b.example, URI:urn:pump:7',
    );
  });

  test('without names and password has no attributes', async () => {
    const der = await createRequest(input());
    expect(await openssl(der)).toMatch(/\(none\)|Attributes:\s+(?:Signature|\(none\))/);
    expect(readRequest(der)).toMatchObject({ subjectAltNameDer: null, challengePassword: null });
  });

  test('copies subject and alternative names byte for byte', async () => {
    const name = sequence(
      setOf(sequence(objectIdentifier('2.5.4.3'), element(0x14, Buffer.from('pümp', 'latin1')))),
    );
    const alternatives = writeGeneralNames(['DNS:b.example', 'DNS:a.example']);
    const fields = {
      subject: name,
      subjectAltNameDer: alternatives,
      subjectAltNames: ['DNS:other.example'],
    };
    const read = readRequest(await createRequest(input(fields)));
    expect(read.subject).toEqual(name);
    expect(read.subjectAltNameDer).toEqual(alternatives);
    expect(read.signatureValid).toBe(true);
  });

  test('is not returned when the signature belongs to another key', async () => {
    const other = ecKeys();
    const sign256 = async (data: Uint8Array): Promise<Buffer> =>
      sign('sha256', data, other.privateKey);
    await expect(createRequest(input({ sign: sign256 }))).rejects.toMatchObject({
      code: 'TOKEN-12',
    });
  });

  test.each([
    'DNS:',
    'DNS:a b',
    'DNS:-a.example',
    'DNS:192.0.2.1',
    'IP:192.0.2.256',
    'IP:fe80::1%eth0',
    'email:a',
    'email:ä@b.example',
    'URI:no colon',
    'RID:1.2.3',
    'pump.example',
  ])('refuses the alternative name %s', async (name) => {
    await expect(createRequest(input({ subjectAltNames: [name] }))).rejects.toMatchObject({
      code: 'PROFILE-02',
      params: { problems: expect.stringContaining(name) },
    });
  });

  test('writes international domain names as A-labels', () => {
    const [name] = generalNames(writeGeneralNames(['DNS:bücher.example']));
    expect(name).toEqual({ kind: 'DNS', text: 'xn--bcher-kva.example' });
  });

  test('writes any IPv6 notation as the same octets', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const [name] = generalNames(writeGeneralNames([`IP:${text}`]));
        const host = new URL(`http://[${text}]/`).hostname;
        const [again] = generalNames(writeGeneralNames([`IP:${host.slice(1, -1)}`]));
        expect(name).toEqual(again);
      }),
    );
  });

  test('carries a password of any text up to 255 characters', async () => {
    const password = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .filter((text) => [...text].length <= 255);
    await fc.assert(
      fc.asyncProperty(password, async (challengePassword) => {
        const read = readRequest(await createRequest(input({ challengePassword })));
        expect(read.challengePassword).toBe(challengePassword);
      }),
      { numRuns: 50 },
    );
    await expect(
      createRequest(input({ challengePassword: 'a'.repeat(256) })),
    ).rejects.toMatchObject({ code: 'INTERNAL-01' });
  });
});

describe('readRequest', () => {
  test('says so when the signature does not verify', async () => {
    const der = await createRequest(input());
    const at = der.indexOf(Buffer.from('pump'));
    der.writeUInt8(der.readUInt8(at) + 1, at);
    expect(readRequest(der).signatureValid).toBe(false);
  });

  test('reads what openssl wrote', async () => {
    const { stdout } = await promisify(execFile)(
      'openssl',
      [
        'req',
        '-new',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-keyout',
        '/dev/null',
        '-subj',
        '/O=Works/CN=pump',
        '-addext',
        'subjectAltName=DNS:a.example',
        '-outform',
        'DER',
      ],
      { encoding: 'buffer' },
    );
    const read = readRequest(stdout);
    expect(read.signatureValid).toBe(true);
    expect(read.subject).toEqual(parseDistinguishedName('CN=pump,O=Works'));
    expect(read.subjectAltNameDer).toEqual(writeGeneralNames(['DNS:a.example']));
  });

  test.each<[string, (der: Buffer) => Uint8Array]>([
    ['nothing', () => Buffer.alloc(0)],
    ['a cut request', (der) => der.subarray(0, -1)],
    ['something after it', (der) => Buffer.concat([der, Buffer.of(0)])],
    ['a giant', () => Buffer.alloc(70_000)],
  ])('refuses %s', async (_, change) => {
    const der = await createRequest(input());
    expect(() => readRequest(change(der))).toThrow(expect.objectContaining({ code: 'CERT-06' }));
  });
});
