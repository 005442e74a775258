import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import { discardFolder } from '../../test/discard-folder.ts';
import { makeOpensslAuthority, type OpensslAuthority } from '../../test/openssl-certificates.ts';
import { aliases, type Keystore } from '../keystore/keystore.ts';
import { createSoftwareKeystore } from '../keystore/software/software-keystore.ts';
import { type Issued, verifyWritten, writeIssued } from './token-writing.ts';

const passphrase = new TextEncoder().encode('a passphrase of the test');

let folder: string;
let authority: OpensslAuthority;
let keystore: Keystore;
let issued: Issued;
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-writing-'));
  authority = await makeOpensslAuthority();
});
beforeEach(async () => {
  keystore = await createSoftwareKeystore({ path: join(folder, `${made++}`), passphrase });
  const { spki } = await keystore.generateKeyPair(aliases.requestKey, 'prime256v1');
  issued = {
    certificate: await authority.issue(spki, '/CN=written'),
    spki,
    caCertificates: [authority.certificate],
    bootstrapCa: authority.certificate,
    signatureAlgorithm: 'SHA256WITHECDSA',
    keyAlias: aliases.requestKey,
  };
});
afterAll(async () => {
  await authority.cleanup();
  await discardFolder(folder);
});

/** The keystore with some of its calls replaced by such as a faulty one makes. */
function faulty(change: (real: Keystore) => Partial<Keystore>): Keystore {
  const changed = change(keystore);
  return new Proxy(keystore, {
    get: (target, name) => {
      const value = Reflect.get(Object.hasOwn(changed, name) ? changed : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The entries, the certificate under `alias` replaced. */
const misread = (alias: string, certificate: (der: Buffer) => Buffer | null) =>
  faulty((real) => ({
    entries: async () =>
      (await real.entries()).map((entry) =>
        entry.alias === alias && entry.certificate !== null
          ? { ...entry, certificate: certificate(entry.certificate) }
          : entry,
      ),
  }));

const flipped = (der: Buffer) => {
  const copy = Buffer.from(der);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
};

async function verdict(used: Keystore): Promise<string> {
  return await verifyWritten(used, issued)
    .then((notices) => notices.map(({ code }) => code).join() || 'verified')
    .catch((error) => StationError.from(error).code);
}

describe('what was written', () => {
  test('is verified by its bytes and a test signature, and the generation before goes', async () => {
    await keystore.generateKeyPair(aliases.enrolledKey, 'prime256v1');
    expect(await writeIssued(keystore, issued)).toEqual([]);
    const before = (await keystore.entries()).map(({ alias }) => alias);
    expect(before).toContain(aliases.previousKey);
    expect(await verdict(keystore)).toBe('verified');
    expect((await keystore.entries()).map(({ alias }) => alias)).toEqual([
      aliases.bootstrapCa,
      `${aliases.caCertificatePrefix}0`,
      aliases.enrolledKey,
    ]);
  });

  const ca = `${aliases.caCertificatePrefix}0`;
  test.each<[string, () => Keystore, string]>([
    ['the certificate altered', () => misread(aliases.enrolledKey, flipped), 'CERT-04'],
    ['no certificate', () => misread(aliases.enrolledKey, () => null), 'CERT-04'],
    [
      'the certificate with something after it',
      () => misread(aliases.enrolledKey, (der) => Buffer.concat([der, Buffer.of(0)])),
      'CERT-04',
    ],
    ['a CA certificate altered', () => misread(ca, flipped), 'CERT-04'],
    ['no CA certificate', () => misread(ca, () => null), 'CA-NO-ROOM'],
    [
      'a signature of another key',
      () =>
        faulty(() => ({
          sign: async () => Buffer.from('3006020101020101', 'hex'),
        })),
      'CERT-05',
    ],
  ])('is told with %s', async (_, broken, told) => {
    await writeIssued(keystore, issued);
    await keystore.generateKeyPair(aliases.previousKey, 'prime256v1');
    expect(await verdict(broken())).toBe(told);
    const kept = (await keystore.entries()).some(({ alias }) => alias === aliases.previousKey);
    expect(kept).toBe(told.startsWith('CERT'));
  });

  test('is told when the key under the certificate is another', async () => {
    await writeIssued(keystore, issued);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await keystore.importKeyPair(aliases.enrolledKey, other);
    expect(await verdict(keystore)).toBe('CERT-05');
  });

  test('stands in the record when the token has no room for CA certificates', async () => {
    const full = faulty((real) => ({
      storeCertificate: async (alias, der) => {
        if (alias.startsWith(aliases.caCertificatePrefix)) {
          throw new StationError('TOKEN-06', { object: 'certificate' });
        }
        await real.storeCertificate(alias, der);
      },
    }));
    expect((await writeIssued(full, issued)).map(({ code }) => code)).toEqual(['CA-NO-ROOM']);
    expect(await verdict(full)).toBe('CA-NO-ROOM');
  });
});
