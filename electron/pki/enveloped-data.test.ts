import { execFile } from 'node:child_process';
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import { discardFolder } from '../../test/discard-folder.ts';
import { type DecryptionKey, openEnvelopedData } from './enveloped-data.ts';

const run = promisify(execFile);
const words = 'what only the recipient may read';
const kek = Buffer.alloc(32, 7);
const kekId = Buffer.from('0a0b', 'hex');

interface Person {
  readonly certificate: string;
  readonly decryption: Extract<DecryptionKey, { kind: 'private' }>;
}

let dir: string;
let people: Record<'rsa' | 'p256' | 'p384', Person>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'est-cms-'));
  await writeFile(join(dir, 'words'), words);
  people = {
    rsa: await person('rsa', ['rsa:2048']),
    p256: await person('p256', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']),
    p384: await person('p384', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384']),
  };
});
afterAll(() => discardFolder(dir));

async function person(name: string, kind: string[]): Promise<Person> {
  const [key, certificate] = [join(dir, `${name}.key`), join(dir, `${name}.pem`)];
  const files = ['-nodes', '-keyout', key, '-out', certificate, '-subj', `/CN=${name}`];
  await run('openssl', ['req', '-x509', '-newkey', ...kind, ...files]);
  const privateKey: KeyObject = createPrivateKey(await readFile(key));
  const { raw } = new X509Certificate(await readFile(certificate));
  return { certificate, decryption: { kind: 'private', key: privateKey, certificate: raw } };
}

async function cms(...options: string[]): Promise<Buffer> {
  const out = join(dir, crypto.randomUUID());
  const files = ['-binary', '-in', join(dir, 'words'), '-outform', 'DER', '-out', out];
  await run('openssl', ['cms', ...files, ...options]);
  return await readFile(out);
}

const secretOptions = ['-secretkey', kek.toString('hex'), '-secretkeyid', kekId.toString('hex')];
const secret = { kind: 'secret', key: kek, identifier: kekId } as const;
const text = ({ content }: { content: Buffer }) => content.toString();

describe('EnvelopedData of OpenSSL', () => {
  test.each([
    ['RSA', 'rsa', ['-aes256']],
    ['RSA by key identifier', 'rsa', ['-aes128', '-keyid']],
    ['RSA in pieces (BER)', 'rsa', ['-aes256', '-stream']],
    ['P-256', 'p256', ['-aes256']],
    ['P-256 by key identifier', 'p256', ['-aes192', '-keyid']],
    ['P-384', 'p384', ['-aes256']],
  ] as const)('opens with %s', async (_name, who, options) => {
    const { certificate, decryption } = people[who];
    const der = await cms('-encrypt', ...options, certificate);
    const opened = openEnvelopedData(der, decryption);
    expect(text(opened)).toBe(words);
    expect(opened.contentType).toBe('1.2.840.113549.1.7.1');
  });

  test.each(['sha1', 'sha256', 'sha512'])('opens with RSA-OAEP and %s', async (hash) => {
    const { certificate, decryption } = people.rsa;
    const oaep = ['rsa_padding_mode:oaep', `rsa_oaep_md:${hash}`];
    const keyOptions = oaep.flatMap((option) => ['-keyopt', option]);
    const der = await cms('-encrypt', '-aes256', '-recip', certificate, ...keyOptions);
    expect(text(openEnvelopedData(der, decryption))).toBe(words);
  });

  test.each(['sha256', 'sha384'])('opens with P-256 and the key derivation of %s', async (hash) => {
    const { certificate, decryption } = people.p256;
    const options = ['-recip', certificate, '-keyopt', `ecdh_kdf_md:${hash}`];
    const der = await cms('-encrypt', '-aes256', ...options);
    expect(text(openEnvelopedData(der, decryption))).toBe(words);
  });

  test('opens with a key encryption key', async () => {
    const der = await cms('-encrypt', '-aes256', ...secretOptions);
    expect(text(openEnvelopedData(der, secret))).toBe(words);
  });

  test('opens for each of several recipients', async () => {
    const { rsa, p256, p384 } = people;
    const der = await cms(
      '-encrypt',
      '-aes256',
      ...secretOptions,
      rsa.certificate,
      p256.certificate,
    );
    for (const key of [rsa.decryption, p256.decryption, secret]) {
      expect(text(openEnvelopedData(der, key))).toBe(words);
    }
    expect(() => openEnvelopedData(der, p384.decryption)).toThrow(
      expect.objectContaining({ code: 'KEY-05' }),
    );
  });

  test.each([
    [
      'a key encryption key of another name',
      () => ({ ...secret, identifier: Buffer.of(1) }),
      'KEY-05',
    ],
    ['another key of the same name', () => ({ ...secret, key: Buffer.alloc(32, 8) }), 'KEY-01'],
    ['a key of another length', () => ({ ...secret, key: Buffer.alloc(16, 7) }), 'KEY-01'],
    ['a private key', () => people.rsa.decryption, 'KEY-05'],
  ])('stays shut for %s', async (_what, key, code) => {
    const der = await cms('-encrypt', '-aes256', ...secretOptions);
    expect(() => openEnvelopedData(der, key())).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    [
      'EncryptedData',
      () => ['-EncryptedData_encrypt', '-aes256', '-secretkey', kek.toString('hex')],
    ],
    ['data', () => ['-data_create']],
    ['AuthEnvelopedData', () => ['-encrypt', '-aes-256-gcm', people.rsa.certificate]],
    ['three DES', () => ['-encrypt', '-des3', people.rsa.certificate]],
    ['a passphrase', () => ['-encrypt', '-aes256', '-pwri_password', 'words']],
  ])('is refused as %s', async (what, options) => {
    const der = await cms(...options());
    const code = what === 'a passphrase' ? 'KEY-05' : 'KEY-06';
    expect(() => openEnvelopedData(der, people.rsa.decryption)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  test('opens or is refused, whatever is damaged', async () => {
    const der = await cms('-encrypt', '-aes256', people.p256.certificate);
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const damaged = Buffer.from(der);
        damaged.writeUInt8(damaged.readUInt8(at) ^ bits, at);
        try {
          openEnvelopedData(damaged, people.p256.decryption);
        } catch (error) {
          expect(error).toBeInstanceOf(StationError);
        }
      }),
      { numRuns: 300 },
    );
    for (const bytes of [Buffer.alloc(0), Buffer.from('no'), der.subarray(0, 99)]) {
      expect(() => openEnvelopedData(bytes, secret)).toThrow(
        expect.objectContaining({ code: 'KEY-01' }),
      );
    }
  });
});
