import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { stationPorts } from '../../electron/compose.ts';
import { createGate, type Gate } from '../../electron/ipc/gate.ts';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { stationCommands } from '../../electron/station/commands.ts';
import { Station } from '../../electron/station/station.ts';
import type { CommandInput, CommandName, CommandOutput } from '../../shared/contract/commands.ts';
import { eventSchemas } from '../../shared/contract/schemas.ts';
import { type Profile, profileSchema } from '../../shared/profile.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../softhsm.ts';

const secret = (text: string) => new TextEncoder().encode(text);
const origin = 'https://est-station.invalid';
const sender = { url: `${origin}/`, isMainFrame: true, windowId: 1 };

let softhsm: SoftHsm;
let token: SoftHsmToken;
let practice: PracticeServer;
let folder: string;
let station: Station;
let gate: Gate;
let profile: Profile;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-use-'));
  softhsm = await makeSoftHsm();
  token = await softhsm.makeToken({ label: 'always' });
  practice = await startPractice({ dir: join(folder, 'practice') });
  const ports = await stationPorts({
    env: { EST_STATION_HOME: join(folder, 'home') },
    secretSource: null,
    launcher: nodeProcessLauncher({ env: softhsm.env }),
  });
  station = new Station(ports);
  const description = {
    version: '0',
    host: 'chromium',
    dataFolder: folder,
    practice: null,
  } as const;
  gate = createGate({
    handlers: stationCommands(station, description),
    allowed: { origin, windowId: sender.windowId },
    log: () => undefined,
  });
  profile = profileSchema.parse({
    server: { endpoint: practice.facts.endpoint },
    trust: { caRootFingerprint: practice.facts.caFingerprint },
    keystore: { kind: 'pkcs11', module: softhsm.module, token: { serial: token.serial } },
    httpAuthentication: { scheme: 'basic', username: practice.facts.username },
    request: { subject: 'CN=always' },
  });
});

afterAll(async () => {
  await station.close();
  await practice.close();
  await softhsm.cleanup();
  await discardFolder(folder);
});

const alias = 'est-enrolled-key-pair';

/** The enrolled key is one that wants the PIN at each use: made by a tool, for the station makes none. */
beforeEach(async () => {
  await enroll('enroll', null);
  const tool = (...args: string[]) =>
    promisify(execFile)(
      'pkcs11-tool',
      ['--module', softhsm.module, '--login', '--pin', token.pin, '--label', alias, ...args],
      { env: { ...process.env, ...softhsm.env } },
    );
  await tool('--delete-object', '--type', 'privkey');
  await tool('--delete-object', '--type', 'pubkey');
  await tool('--keypairgen', '--key-type', 'EC:prime256v1', '--id', '01', '--always-auth');
});

async function give<Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
): Promise<CommandOutput<Name>> {
  const reply = await gate.answer(sender, name, input);
  if (reply.ok) return reply.value as CommandOutput<Name>;
  throw new Error(`${name}: ${reply.error.code}`);
}

/**
 * One enrollment as the window conducts it.
 * @param answer to each question for the PIN: a PIN, null to decline, or that the enrollment is cancelled instead.
 */
async function enroll(
  operation: 'enroll' | 'reenroll',
  answer: string | null | 'cancel',
  onQuestion: () => void = () => undefined,
) {
  const { module } = softhsm;
  const { label, serial, pin } = token;
  const unlock = { module, label, serial, pin: secret(pin), finalTryConfirmed: false };
  await give('tokens.unlock', unlock);
  const password = secret(practice.facts.password);
  await give('credentials.hold', { purpose: 'http-password', secret: password });
  const asked: unknown[] = [];
  const settled: unknown[] = [];
  let running = '';
  const stop = station.subscribe(({ name, payload }) => {
    if (name === 'enrollment.progress') running = payload.enrollmentId;
    if (name === 'secret.settled') settled.push(payload.id);
    if (name !== 'secret.wanted') return;
    const { id, ...question } = eventSchemas[name].parse(payload);
    asked.push(question);
    onQuestion();
    if (answer === 'cancel') station.cancel(running);
    else void give('secret.give', { id, secret: answer === null ? null : secret(answer) });
  });
  const { enrollmentId } = await give('enrollment.start', { profile, operation });
  const record = await station.ended(enrollmentId);
  stop();
  expect(settled).toHaveLength(asked.length);
  return { record, asked };
}

describe('a key that wants the PIN at each use, in the window', { timeout: 60_000 }, () => {
  test('has the person asked for each signature, and is renewed', async () => {
    const { record, asked } = await enroll('reenroll', token.pin);
    expect(record).toMatchObject({ state: 'done', error: null });
    const question = { purpose: 'key-use', label: 'always', serial: token.serial, pinState: 'ok' };
    expect(asked).toEqual([question, question]);
    const journal = await station.ports.store.journal.read({ limit: 1000 });
    expect(JSON.stringify([record, journal])).not.toContain(token.pin);
  });

  test('signs in to a server by TLS, for which the person is asked before it connects', async () => {
    await enroll('reenroll', token.pin);
    let connections = 0;
    const relay = createServer((incoming) => {
      connections++;
      const outgoing = connect(Number(practice.facts.endpoint.split(':')[1]), '127.0.0.1');
      incoming.on('error', () => outgoing.destroy());
      outgoing.on('error', () => incoming.destroy());
      incoming.pipe(outgoing).pipe(incoming);
    });
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const saved = profile;
    profile = profileSchema.parse({
      ...saved,
      server: { endpoint: `127.0.0.1:${(relay.address() as AddressInfo).port}` },
      httpAuthentication: {},
      tlsClientAuthentication: { enabled: true, keystore: saved.keystore, alias },
    });
    onTestFinished(() => {
      profile = saved;
      relay.close();
    });
    const before: number[] = [];
    const { record } = await enroll('reenroll', token.pin, () => before.push(connections));
    expect(record).toMatchObject({ state: 'done', error: null });
    expect(practice.log.at(-1)).toMatchObject({ authenticatedBy: 'tls', path: /simplereenroll$/ });
    // For the handshake, for the request, and for the trial of what was stored.
    expect(before).toHaveLength(3);
    const [handshake = 0, request] = before;
    expect(request).toBe(handshake + 1);
  });

  test('is not used when the person declines', async () => {
    const { record, asked } = await enroll('reenroll', null);
    expect(asked).toHaveLength(1);
    expect(record).toMatchObject({ state: 'failed', error: { code: 'PIN-11' } });
  });

  test('is asked about no more once the enrollment is cancelled', async () => {
    const { record, asked } = await enroll('reenroll', 'cancel');
    expect(asked).toHaveLength(1);
    expect(record).toMatchObject({ state: 'cancelled', error: { code: 'CANCEL-01' } });
  });

  test('takes a wrong PIN once and says so', async () => {
    const { record, asked } = await enroll('reenroll', '654321');
    expect(asked).toHaveLength(1);
    expect(record).toMatchObject({ state: 'failed', error: { code: 'PIN-01' } });
  });
});
