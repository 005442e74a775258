import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import { SealedFiles } from '../store/sealed-files.ts';
import { desktopSecretStore, type Sealing } from './secret-store.ts';

type Backend = ReturnType<Sealing['getSelectedStorageBackend']>;

/** Stands for Electron's safeStorage: encrypts with a key of its own, under Chromium's mark. */
function sealingOf(mark: 'v10' | 'v11', backend: Backend = 'gnome_libsecret'): Sealing {
  const key = randomBytes(1024);
  const masked = (bytes: Buffer) =>
    Buffer.from(bytes.map((byte, index) => byte ^ (key[index % key.length] ?? 0)));
  return {
    getSelectedStorageBackend: () => backend,
    isAsyncEncryptionAvailable: async () => true,
    encryptStringAsync: async (text) =>
      Buffer.concat([Buffer.from(mark), masked(Buffer.from(text))]),
    decryptStringAsync: async (sealed) => ({
      shouldReEncrypt: false,
      result: masked(sealed.subarray(3)).toString(),
    }),
  };
}

async function bench(sealing: Sealing, platform: NodeJS.Platform = 'linux') {
  const folder = await mkdtemp(join(tmpdir(), 'secret-store-'));
  onTestFinished(() => discardFolder(folder));
  const store = desktopSecretStore(sealing, new SealedFiles(folder), platform);
  if (store === null) throw new Error('there is no store');
  const secrets = join(folder, 'secrets');
  const files = async () => (await readdir(secrets)).map((name) => join(secrets, name));
  return { store, folder, files };
}

const secret = new TextEncoder().encode('Passphrase für drei');
const purpose = 'keystore-passphrase';

describe('the secret store of the operating system', () => {
  it('gives back what it was given, for this purpose and this keystore alone', async () => {
    const { store } = await bench(sealingOf('v11'));
    await store.write(purpose, '/keys/one', secret);
    expect(await store.read(purpose, '/keys/one')).toEqual(secret);
    expect(await store.read(purpose, '/keys/two')).toBeNull();
    expect(await store.read('tls-key-passphrase', '/keys/one')).toBeNull();
    await store.forget(purpose, '/keys/one');
    await store.forget(purpose, '/keys/one');
    expect(await store.read(purpose, '/keys/one')).toBeNull();
  });

  it.skipIf(process.platform === 'win32')(
    'keeps it encrypted in files that only this account can read',
    async () => {
      const { store, folder, files } = await bench(sealingOf('v11'));
      await store.write(purpose, '/keys/one', secret);
      await store.write(purpose, '/keys/one', secret);
      const [file = '', ...others] = await files();
      expect(others).toEqual([]);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect((await stat(join(folder, 'secrets'))).mode & 0o777).toBe(0o700);
      const content = await readFile(file, 'latin1');
      for (const form of ['utf8', 'base64', 'hex'] as const) {
        expect(content).not.toContain(Buffer.from(secret).toString(form));
      }
    },
  );

  it('does not take one file for another', async () => {
    const { store, files } = await bench(sealingOf('v11'));
    await store.write(purpose, '/keys/one', secret);
    const [first = ''] = await files();
    await store.write(purpose, '/keys/two', secret);
    const second = (await files()).find((file) => file !== first) ?? '';
    await rename(second, first);
    expect(await store.read(purpose, '/keys/one')).toBeNull();
  });

  it.each<[string, Partial<Sealing>]>([
    ['opens no more', { decryptStringAsync: () => Promise.reject(new Error('another key')) }],
    [
      'opens to something else',
      { decryptStringAsync: async () => ({ result: 'x', shouldReEncrypt: false }) },
    ],
    [
      'opens to a secret of no form',
      {
        decryptStringAsync: async () => ({
          result: JSON.stringify([purpose, '/keys/one', 7]),
          shouldReEncrypt: false,
        }),
      },
    ],
  ])('has nothing where the file %s', async (_name, broken) => {
    const { store } = await bench({ ...sealingOf('v11'), ...broken });
    await store.write(purpose, '/keys/one', secret);
    expect(await store.read(purpose, '/keys/one')).toBeNull();
  });

  it('has nothing where the file is too large', async () => {
    const { store, files } = await bench(sealingOf('v11'));
    await store.write(purpose, '/keys/one', secret);
    const [file = ''] = await files();
    await writeFile(file, Buffer.alloc(65_537));
    expect(await store.read(purpose, '/keys/one')).toBeNull();
  });
});

describe('where the operating system protects nothing', () => {
  it.each<Backend>(['basic_text', 'unknown'])('there is no store: %s', (backend) => {
    expect(
      desktopSecretStore(sealingOf('v11', backend), new SealedFiles('/x'), 'linux'),
    ).toBeNull();
  });

  it.each<[string, Sealing['isAsyncEncryptionAvailable']]>([
    ['it has no key', async () => false],
    ['it cannot be asked', () => Promise.reject(new Error('no answer'))],
  ])('the store says so where %s', async (_name, isAsyncEncryptionAvailable) => {
    const { store } = await bench({ ...sealingOf('v11'), isAsyncEncryptionAvailable });
    expect(await store.protects()).toBe(false);
  });

  it('a key that is the same everywhere is refused on Linux, and nothing is written', async () => {
    const { store, files } = await bench(sealingOf('v10'));
    await expect(store.write(purpose, '/keys/one', secret)).rejects.toMatchObject({
      code: 'SECRET-03',
    });
    await expect(files()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('the same mark means the account’s own key on macOS, which has no such backend', async () => {
    const { store } = await bench(
      {
        ...sealingOf('v10'),
        getSelectedStorageBackend: () => {
          throw new Error('Linux only');
        },
      },
      'darwin',
    );
    await store.write(purpose, '/keys/one', secret);
    expect(await store.read(purpose, '/keys/one')).toEqual(secret);
  });
});
