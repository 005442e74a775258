import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { composeStation } from '../../electron/compose.ts';
import { createSoftwareKeystore } from '../../electron/keystore/software/software-keystore.ts';
import { stationCommands } from '../../electron/station/commands.ts';
import type { SecretStore } from '../../electron/station/ports.ts';
import { type Profile, profileSchema } from '../../shared/profile.ts';
import { discardFolder } from '../discard-folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-kept-'));
});
afterAll(() => discardFolder(folder));

const bytes = (text: string) => new TextEncoder().encode(text);
const purpose = 'keystore-passphrase';

/** A store that remembers how often it was asked, and hands out the arrays it can look at afterwards. */
class RecordingStore implements SecretStore {
  readonly kept = new Map<string, string>();
  readonly given: Uint8Array[] = [];

  protects = async () => true;

  async read(which: string, name: string): Promise<Uint8Array | null> {
    const secret = this.kept.get(`${which} ${name}`);
    if (secret === undefined) return null;
    const given = bytes(secret);
    this.given.push(given);
    return given;
  }

  async write(which: string, name: string, secret: Uint8Array): Promise<void> {
    this.kept.set(`${which} ${name}`, new TextDecoder().decode(secret));
  }

  async forget(which: string, name: string): Promise<void> {
    this.kept.delete(`${which} ${name}`);
  }
}

/** A station as its window has it: nobody is asked. */
async function bench(secretStore: SecretStore | null) {
  const home = await mkdtemp(join(folder, 'home-'));
  const station = await composeStation({
    env: { EST_STATION_HOME: home },
    secretSource: null,
    secretStore,
  });
  onTestFinished(() => station.close());
  const handlers = stationCommands(station, {
    version: '0',
    host: 'electron',
    dataFolder: home,
    practice: null,
  });
  const audit = async () =>
    (await station.ports.store.audit.read({ limit: 10 })).map(({ what }) => what);
  return { station, handlers, audit };
}

async function keystoreWith(passphrase: string): Promise<{ path: string; profile: Profile }> {
  const path = join(await mkdtemp(join(folder, 'keys-')), 'keys');
  await (await createSoftwareKeystore({ path, passphrase: bytes(passphrase) })).close();
  const profile = profileSchema.parse({
    server: { endpoint: 'est.example:443' },
    keystore: { kind: 'software', path },
    request: { subject: 'CN=a' },
  });
  return { path, profile };
}

describe('a passphrase kept on this computer', () => {
  test('opens the keystore without a question, and is zeroed after each use', async () => {
    const store = new RecordingStore();
    const { station, handlers, audit } = await bench(store);
    const { path, profile } = await keystoreWith('right');
    await expect(station.show(profile)).rejects.toMatchObject({ code: 'SECRET-01' });
    await handlers['secrets.remember']({ purpose, path, secret: bytes('right') });
    expect(await handlers['secrets.kept']({ purpose, path })).toEqual({
      available: true,
      kept: true,
    });
    expect(await station.show(profile)).toMatchObject({ keystore: path });
    expect(await station.show(profile)).toMatchObject({ keystore: path });
    expect(store.given).toHaveLength(3);
    expect(store.given.every((given) => given.every((byte) => byte === 0))).toBe(true);

    await handlers['secrets.forget']({ purpose, path });
    await expect(station.show(profile)).rejects.toMatchObject({ code: 'SECRET-01' });
    expect(await audit()).toEqual(['secret.kept', 'secret.forgotten']);
  });

  test('that is refused is told, forgotten, and never tried again', async () => {
    const store = new RecordingStore();
    const { station } = await bench(store);
    const { path, profile } = await keystoreWith('right');
    await store.write(purpose, resolve(path), bytes('of another time'));
    await expect(station.show(profile)).rejects.toMatchObject({
      code: 'SECRET-02',
      params: { path },
    });
    expect(store.kept.size).toBe(0);
    await expect(station.show(profile)).rejects.toMatchObject({ code: 'SECRET-01' });
    expect(store.given).toHaveLength(1);
  });

  test('gives way to one that was typed for this task', async () => {
    const store = new RecordingStore();
    const { station, handlers } = await bench(store);
    const { path, profile } = await keystoreWith('right');
    await store.write(purpose, resolve(path), bytes('of another time'));
    await handlers['credentials.hold']({ purpose, secret: bytes('right') });
    expect(await station.show(profile)).toMatchObject({ keystore: path });
    expect(store.given).toEqual([]);
  });

  test('is not kept when it does not open the keystore', async () => {
    const store = new RecordingStore();
    const { handlers } = await bench(store);
    const { path } = await keystoreWith('right');
    await expect(
      handlers['secrets.remember']({ purpose, path, secret: bytes('wrong') }),
    ).rejects.toMatchObject({ code: 'PIN-07' });
    expect(store.kept.size).toBe(0);
  });

  test('may be kept before the keystore is made', async () => {
    const store = new RecordingStore();
    const { handlers } = await bench(store);
    const path = join(folder, 'not there yet');
    await handlers['secrets.remember']({ purpose, path, secret: bytes('first') });
    expect([...store.kept.values()]).toEqual(['first']);
  });

  test.each<[string, SecretStore | null]>([
    ['there is no store', null],
    [
      'the store protects nothing',
      Object.assign(new RecordingStore(), { protects: async () => false }),
    ],
  ])('is refused where %s', async (_name, store) => {
    const { handlers, audit } = await bench(store);
    const { path } = await keystoreWith('right');
    expect(await handlers['secrets.kept']({ purpose, path })).toEqual({
      available: false,
      kept: false,
    });
    await expect(
      handlers['secrets.remember']({ purpose, path, secret: bytes('right') }),
    ).rejects.toMatchObject({ code: 'SECRET-03' });
    await handlers['secrets.forget']({ purpose, path });
    expect(await audit()).toEqual([]);
  });
});
