import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { composeStation } from '../../electron/compose.ts';
import { fakeDescription } from '../../electron/ipc/fake-station.ts';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { stationCommands } from '../../electron/station/commands.ts';
import type { Station } from '../../electron/station/station.ts';
import type { StationHandlers } from '../../shared/contract/handlers.ts';
import { profileSchema } from '../../shared/profile.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../softhsm.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const secret = (text: string) => new TextEncoder().encode(text);
const run = promisify(execFile);

let folder: string;
let softhsm: SoftHsm;
let practice: PracticeServer;
let station: Station;
let window: StationHandlers;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-questions-'));
  softhsm = await makeSoftHsm();
  practice = await startPractice({ dir: join(folder, 'practice') });
  station = await composeStation({
    env: { EST_STATION_HOME: join(folder, 'home') },
    secretSource: null,
    launcher: nodeProcessLauncher({ env: softhsm.env }),
  });
  window = stationCommands(station, fakeDescription);
});

afterAll(async () => {
  await station.close();
  await practice.close();
  await softhsm.cleanup();
  await discardFolder(folder);
});

async function begin({ serial, label, pin }: SoftHsmToken, operation: 'enroll' | 'reenroll') {
  const { module } = softhsm;
  const unlocking = { module, serial, label, pin: secret(pin), finalTryConfirmed: false };
  await window['tokens.unlock'](unlocking);
  const password = secret(practice.facts.password);
  await window['credentials.hold']({ purpose: 'http-password', secret: password });
  const profile = profileSchema.parse({
    name: label,
    server: { endpoint: practice.facts.endpoint },
    trust: { caRootFingerprint: practice.facts.caFingerprint },
    keystore: { kind: 'pkcs11', module, token: { serial } },
    httpAuthentication: { scheme: 'basic', username: practice.facts.username },
    request: { subject: `CN=${label}` },
  });
  return await station.start({ profile, operation });
}

/** A token whose enrolled key wants the PIN at each use. */
async function tokenThatAsks(label: string): Promise<SoftHsmToken> {
  const token = await softhsm.makeToken({ label });
  expect(await station.ended(await begin(token, 'enroll'))).toMatchObject({ state: 'done' });
  const target = ['--module', softhsm.module, '--token-label', label, '--login', '--pin'];
  const object = ['--label', 'est-enrolled-key-pair'];
  for (const act of [
    ['--delete-object', '--type', 'privkey'],
    ['--delete-object', '--type', 'pubkey'],
    ['--keypairgen', '--key-type', 'EC:prime256v1', '--id', '01', '--always-auth'],
  ]) {
    const env = { ...process.env, ...softhsm.env };
    await run('pkcs11-tool', [...target, token.pin, ...object, ...act], { env });
  }
  return token;
}

test('cancelling one enrollment withdraws its question for the PIN, and no other', async () => {
  const [one, other] = [await tokenThatAsks('one'), await tokenThatAsks('other')];
  const open = new Map<string, string>();
  const stop = station.subscribe(({ name, payload }) => {
    if (name === 'secret.wanted') open.set(payload.label, payload.id);
    if (name !== 'secret.settled') return;
    for (const [label, id] of open) if (id === payload.id) open.delete(label);
  });
  const asked = (label: string) =>
    vi.waitFor(() => expect([...open.keys()]).toContain(label), { timeout: 60_000, interval: 20 });
  const cancelled = await begin(one, 'reenroll');
  await asked('one');
  const continued = await begin(other, 'reenroll');
  await asked('other');

  station.cancel(cancelled);
  expect(await station.ended(cancelled)).toMatchObject({
    state: 'cancelled',
    error: { code: 'CANCEL-01' },
  });
  expect([...open.keys()]).toEqual(['other']);

  const answering = setInterval(() => {
    const id = open.get('other');
    if (id !== undefined) void window['secret.give']({ id, secret: secret(other.pin) });
  }, 20);
  expect(await station.ended(continued)).toMatchObject({ state: 'done', error: null });
  clearInterval(answering);
  stop();
});
