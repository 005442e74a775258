import { execFile } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { discardFolder } from '../../../test/discard-folder.ts';
import { makeOpensslAuthority, type OpensslAuthority } from '../../../test/openssl-certificates.ts';
import { certificateToPem } from '../../pki/pem.ts';
import { verifySignature } from '../../pki/signature.ts';
import { decodeAlias, encodeAlias } from './keystore-folder.ts';
import {
  createSoftwareKeystore,
  openSoftwareKeystore,
  type SoftwareKeystore,
} from './software-keystore.ts';

const run = promisify(execFile);
const secret = (text: string) => new TextEncoder().encode(text);
const passphrase = secret('correct horse');

let dir: string;
let authority: OpensslAuthority;
let folders = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'est-keystore-'));
  authority = await makeOpensslAuthority();
});

afterAll(async () => {
  await discardFolder(dir);
  await authority.cleanup();
});

const newPath = () => join(dir, `keystore-${++folders}`);
const create = (path = newPath()) => createSoftwareKeystore({ path, passphrase });
const open = (path: string) => openSoftwareKeystore({ path, passphrase });

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Adds a key with a certificate of the test authority. */
async function certified(keystore: SoftwareKeystore, alias: string) {
  const key = await keystore.generateKeyPair(alias, 'prime256v1');
  const certificate = await authority.issue(key.spki, `/CN=${alias}`);
  await keystore.storeCertificate(alias, certificate);
  return { key, certificate };
}

describe('a software keystore', () => {
  test.each([
    ['prime256v1', 'SHA256WITHECDSA'],
    ['secp384r1', 'SHA384WITHECDSA'],
    ['secp521r1', 'SHA512WITHECDSA'],
    ['2048', 'SHA512WITHRSA'],
    ['2048', 'SHA384WITHRSAANDMGF1'],
    ['ed25519', 'ED25519'],
  ] as const)(
    'makes a %s key that signs %s, also after it was opened again',
    async (set, algorithm) => {
      const keystore = await create();
      const key = await keystore.generateKeyPair('k', set);
      expect(key).toMatchObject({
        alias: 'k',
        generatedThere: false,
        id: expect.stringMatching(/^[0-9a-f]{40}$/),
      });
      await keystore.close();
      const again = await open(keystore.name);
      expect((await again.entries()).map((entry) => entry.key)).toEqual([key]);
      const signature = await again.sign('k', algorithm, secret('data'));
      expect(verifySignature(key.spki, algorithm, secret('data'), signature)).toBe(true);
      expect(await again.signatureAlgorithms('k')).toContain(algorithm);
      await again.close();
    },
  );

  test('leaves files that its owner alone can read, and openssl with the passphrase', async () => {
    const keystore = await create();
    const { key, certificate } = await certified(keystore, 'client-auth-certs');
    expect((await stat(keystore.name)).mode & 0o777).toBe(0o700);
    const names = await readdir(keystore.name);
    expect(names.some((name) => name.endsWith('.tmp'))).toBe(false);
    for (const name of names) {
      expect((await stat(join(keystore.name, name))).mode & 0o777).toBe(0o600);
    }
    const file = join(keystore.name, 'client-auth-certs.key.pem');
    expect(await readFile(file, 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    const { stdout } = await run('openssl', [
      'pkey',
      '-in',
      file,
      '-passin',
      'pass:correct horse',
      '-pubout',
    ]);
    expect(createPublicKey(stdout).export({ type: 'spki', format: 'der' })).toEqual(key.spki);
    expect(await readFile(join(keystore.name, 'client-auth-certs.crt.pem'), 'utf8')).toBe(
      certificateToPem(certificate),
    );
  });

  test('opens with its own passphrase only, even while it is empty', async () => {
    const keystore = await create();
    const wrong = { path: keystore.name, passphrase: secret('wrong') };
    await expect(openSoftwareKeystore(wrong)).rejects.toMatchObject({ code: 'PIN-07' });
    await expect(open(keystore.name)).resolves.toBeDefined();
    expect(passphrase.some((byte) => byte !== 0)).toBe(true);
  });

  test('is not made over another one', async () => {
    const keystore = await create();
    await expect(create(keystore.name)).rejects.toMatchObject({ code: 'KEYSTORE-01' });
  });

  test('is refused where there is none', async () => {
    const file = join(dir, 'file');
    await writeFile(file, '');
    for (const path of [join(dir, 'absent'), dir, file]) {
      await expect(open(path)).rejects.toMatchObject({ code: 'KEYSTORE-01' });
    }
    await expect(create(join(file, 'below'))).rejects.toMatchObject({ code: 'KEYSTORE-01' });
  });

  test.each(['', 'garbage', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'])(
    'refuses a key file that holds %j',
    async (text) => {
      const keystore = await create();
      await keystore.generateKeyPair('k', 'prime256v1');
      await writeFile(join(keystore.name, 'k.key.pem'), text);
      expect(() => keystore.privateKey('k')).toThrow(
        expect.objectContaining({ code: 'KEYSTORE-01' }),
      );
    },
  );

  test('refuses a damaged certificate and one that is too large', async () => {
    const keystore = await create();
    for (const text of ['garbage', 'x'.repeat(2_000_000)]) {
      await writeFile(join(keystore.name, 'k.crt.pem'), text);
      expect(() => keystore.certificateChain('k')).toThrow(
        expect.objectContaining({ code: 'KEYSTORE-01' }),
      );
    }
  });

  test('knows no absent key, and nothing at all after closing', async () => {
    const keystore = await create();
    expect(() => keystore.privateKey('k')).toThrow(expect.objectContaining({ code: 'TOKEN-09' }));
    expect(keystore.certificateChain('k')).toEqual([]);
    await keystore.close();
    await keystore.close();
    expect(() => keystore.privateKey('k')).toThrow(expect.objectContaining({ code: 'PIN-08' }));
    await expect(keystore.entries()).rejects.toMatchObject({ code: 'PIN-08' });
  });

  test('renames over what stood there, and completes a rename that was cut short', async () => {
    const keystore = await create();
    await certified(keystore, 'to');
    const { key, certificate } = await certified(keystore, 'from');
    await keystore.rename('from', 'to');
    const moved = [{ alias: 'to', key: { ...key, alias: 'to' }, certificate }];
    expect(await keystore.entries()).toEqual(moved);
    await expect(keystore.rename('from', 'to')).rejects.toMatchObject({ code: 'TOKEN-09' });

    await writeFile(
      join(keystore.name, 'half.key.pem'),
      await readFile(join(keystore.name, 'to.key.pem')),
    );
    await rm(join(keystore.name, 'to.key.pem'));
    await keystore.rename('half', 'to');
    expect(await keystore.entries()).toEqual(moved);
    await keystore.remove('to');
    await keystore.remove('to');
    expect(await keystore.entries()).toEqual([]);
  });

  test('takes a credential made elsewhere, with its chain', async () => {
    const keystore = await create();
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const leaf = await authority.issue(spki, '/CN=imported');
    const certificatesPem = [leaf, authority.certificate].map(certificateToPem).join('');
    const imported = await keystore.importCredential('client', {
      keyPem: pemOf(privateKey),
      certificatesPem,
    });
    expect(imported.spki).toEqual(spki);
    expect(keystore.certificateChain('client')).toEqual([leaf, authority.certificate]);
    expect(keystore.privateKey('client').equals(privateKey)).toBe(true);

    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    for (const keyPem of [pemOf(other), 'garbage']) {
      const attempt = keystore.importCredential('client', { keyPem, certificatesPem });
      await expect(attempt).rejects.toMatchObject({ code: 'KEYSTORE-01' });
    }
    expect(keystore.privateKey('client').equals(privateKey)).toBe(true);
  });

  test('says so when its folder has gone', async () => {
    const keystore = await create();
    await discardFolder(keystore.name);
    const attempt = keystore.generateKeyPair('k', 'prime256v1');
    await expect(attempt).rejects.toMatchObject({ code: 'KEYSTORE-01' });
    await expect(keystore.entries()).rejects.toMatchObject({ code: 'KEYSTORE-01' });
  });
});

describe('an alias as a file name', () => {
  test('is one path segment that leads back to the alias', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (alias) => {
        const name = encodeAlias(alias);
        expect(name).toMatch(/^(?!\.)[A-Za-z0-9_.%-]+$/);
        expect(decodeAlias(name)).toBe(alias);
      }),
    );
  });

  test.each(['../../etc/passwd', '..', '/etc/passwd', 'a\0b', 'C:\\x'])(
    '%j stays in the folder',
    async (alias) => {
      const keystore = await create();
      await keystore.generateKeyPair(alias, 'prime256v1');
      expect(await readdir(keystore.name)).toHaveLength(2);
      expect((await keystore.entries()).map((entry) => entry.alias)).toEqual([alias]);
    },
  );

  test('is refused when it is empty or too long', async () => {
    const keystore = await create();
    for (const alias of ['', 'ä'.repeat(100)]) {
      const attempt = keystore.generateKeyPair(alias, 'prime256v1');
      await expect(attempt).rejects.toMatchObject({ code: 'KEYSTORE-01' });
    }
  });
});
