import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Station } from '../../electron/station/station.ts';
import type { TokenInfo } from '../../shared/token.ts';
import type { SoftHsmToken } from '../softhsm.ts';
import { officerAlias, run, TokenTlsBench } from '../token-tls-bench.ts';

// Each look at a token is a process of its own, also on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const secret = (text: string) => new TextEncoder().encode(text);
const enrolled = 'est-enrolled-key-pair';

let bench: TokenTlsBench;
let station: Station;
beforeAll(async () => {
  bench = await TokenTlsBench.make();
  station = await bench.station();
  const profile = bench.profile({ tlsClientAuthentication: bench.byOfficer });
  expect(await run(station, { profile, operation: 'enroll' })).toMatchObject({ state: 'done' });
}, 180_000);
afterAll(() => bench.close());

const found = async ({ serial }: SoftHsmToken): Promise<TokenInfo> => {
  const tokens = await station.ports.tokens.listTokens(bench.softHsm.module);
  const token = tokens.find((one) => one.serial === serial);
  if (token === undefined) throw new Error(`no token ${serial}`);
  return token;
};

const module = () => bench.softHsm.module;
const keystore = (token: SoftHsmToken) => bench.keystoreOf(token);
const neverAsked = async (): Promise<never> => {
  throw new Error('a PIN was asked for');
};
const initialisation = ({ serial, label }: SoftHsmToken) => ({
  module: module(),
  serial,
  label,
  destroyExisting: serial,
});

type Work = (station: Station, token: SoftHsmToken) => Promise<unknown>;

const work: Record<string, Work> = {
  initialising: ({ tokenCare }, token) => tokenCare.initialise(initialisation(token), neverAsked),
  'changing its PIN': ({ tokenCare }, { serial }) =>
    tokenCare.changePin({ module: module(), selector: { serial }, who: 'user' }, neverAsked),
  'changing its SO PIN': ({ tokenCare }, { serial }) =>
    tokenCare.changePin({ module: module(), selector: { serial }, who: 'so' }, neverAsked),
  'unblocking its PIN': ({ tokenCare }, { serial }) =>
    tokenCare.resetPin({ module: module(), selector: { serial } }, neverAsked),
  renaming: ({ objects }, token) => objects.rename(keystore(token), enrolled, 'kept'),
  deleting: ({ objects }, token) => objects.delete(keystore(token), enrolled, enrolled),
};

test.each(Object.entries(work))(
  '%s is refused while another station works on the token, and no PIN is asked for',
  async (_, attempt) => {
    const lease = await station.ports.leases.take(await found(bench.device));
    const asked = bench.asked.length;
    try {
      await expect(attempt(station, bench.device)).rejects.toMatchObject({ code: 'TOKEN-16' });
    } finally {
      lease.release();
    }
    expect(bench.asked).toHaveLength(asked);
    const { objects } = await station.objects.list(keystore(bench.device));
    expect(objects.map(({ alias }) => alias)).toContain(enrolled);
  },
);

test('a token is let go when the work on it is done, or has failed', async () => {
  const { serial, pin } = bench.device;
  const change = { module: module(), selector: { serial }, who: 'user' } as const;
  const pins = async (oldPin: string, newPin: string) => ({
    oldPin: secret(oldPin),
    newPin: secret(newPin),
  });
  const wrong = station.tokenCare.changePin(change, () => pins('999999', '123456'));
  await expect(wrong).rejects.toMatchObject({ code: 'PIN-01' });
  await station.tokenCare.changePin(change, () => pins(pin, '161803'));
  await station.tokenCare.changePin(change, () => pins('161803', pin));
  (await station.ports.leases.take(await found(bench.device))).release();
});

test('the card the station signs in with is not initialised', async () => {
  const refused = work.initialising?.(station, bench.officer);
  await expect(refused).rejects.toMatchObject({
    code: 'TOKEN-17',
    params: { token: expect.stringContaining(bench.officer.serial) },
  });
  expect((await found(bench.officer)).label).toBe(bench.officer.label);
});

test.each(['renaming', 'deleting'])(
  '%s the credential the station signs in with is refused',
  async (what) => {
    const { objects } = station;
    const [card, alias] = [keystore(bench.officer), officerAlias];
    const asked = bench.asked.length;
    const refused =
      what === 'renaming' ? objects.rename(card, alias, 'x') : objects.delete(card, alias, alias);
    await expect(refused).rejects.toMatchObject({ code: 'OBJECT-05', params: { alias } });
    expect(bench.asked).toHaveLength(asked);
    expect((await objects.list(card)).objects.map((one) => one.alias)).toContain(alias);
  },
);

test('a profile that was saved is enough to know the card by', async () => {
  const fresh = await bench.station();
  const profile = bench.profile({
    name: 'by the officer',
    tlsClientAuthentication: bench.byOfficer,
  });
  await fresh.ports.store.profiles.save(profile);
  const { serial } = bench.officer;
  const target = () => fresh.tokenCare.target({ module: module(), serial });
  await expect(target()).rejects.toMatchObject({
    code: 'TOKEN-17',
    params: { profile: 'by the officer' },
  });
  const { name } = profile;
  await fresh.ports.store.profiles.save(bench.profile({ name }));
  expect(await target()).toMatchObject({ serial });
});

test('no key is imported onto the station’s own card by a name that merely fits it', async () => {
  const { label } = bench.officer;
  const passphrase = 'key file 4711';
  const content = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc' },
    passphrase,
  });
  const attempt = (name: string) =>
    station.keyTransfer.import(
      { kind: 'pkcs11', module: module(), token: { label: name } },
      'guest',
      Buffer.from(content),
      secret(passphrase),
    );
  const asked = bench.asked.length;
  await expect(attempt(label)).rejects.toMatchObject({ code: 'TOKEN-15' });
  expect(bench.asked).toHaveLength(asked);
  expect(await attempt(bench.device.label)).toMatchObject({ alias: 'guest' });
});
