import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { composeStation } from '../../electron/compose.ts';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import type { Station } from '../../electron/station/station.ts';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { type Profile, type ProfileInput, profileSchema } from '../../shared/profile.ts';
import { startCommand } from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';
import { type FaultyModule, makeFaultyModule } from '../faulty-module.ts';
import { makeSoftHsm, type SoftHsm } from '../softhsm.ts';

const full = process.env.EST_STATION_FULL === '1';

let folder: string;
let softHsm: SoftHsm;
let faulty: FaultyModule;
let practice: PracticeServer;
/** The address of a server that issues and then never answers. */
let silent: PracticeServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-killed-'));
  softHsm = await makeSoftHsm();
  faulty = await makeFaultyModule(softHsm.dir, softHsm.module);
  const dir = join(folder, 'ca');
  practice = await startPractice({ dir, port: 0 });
  silent = await startPractice({ dir, port: 0, faults: ['hang-after-post'] });
});
afterAll(async () => {
  await practice.close();
  await silent.close();
  await softHsm.cleanup();
  await discardFolder(folder);
});

/** Running, and no zombie: in a container nobody may collect it. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
}

/** A data folder, a token and a profile for both. */
async function workplace(server: PracticeServer) {
  const home = await mkdtemp(join(folder, 'home-'));
  const { serial, pin } = await softHsm.makeToken({ label: 'killed' });
  const { endpoint, caFingerprint, username, password } = server.facts;
  const input: ProfileInput = {
    name: 'killed',
    server: { endpoint },
    trust: { caRootFingerprint: caFingerprint },
    keystore: { kind: 'pkcs11', module: faulty.module, token: { serial } },
    httpAuthentication: { scheme: 'basic', username },
    request: { subject: 'CN=GW-1,O=Example' },
  };
  const file = join(home, 'profile.json');
  await writeFile(file, JSON.stringify(input));
  const env = {
    ...softHsm.env,
    ...faulty.env,
    EST_STATION_HOME: join(home, 'data'),
    EST_STATION_PIN: pin,
    EST_STATION_PASSWORD: password,
  };
  return { env, file, pin, profile: profileSchema.parse(input) };
}

/** The station as it is started after the crash. */
async function nextStart({ env, pin }: Awaited<ReturnType<typeof workplace>>) {
  const station = await composeStation({
    env,
    launcher: nodeProcessLauncher({ env: { ...softHsm.env, ...faulty.env } }),
    secretSource: {
      ask: async (purpose) => Buffer.from(purpose === 'token-pin' ? pin : practice.facts.password),
    },
  });
  onTestFinished(() => station.close());
  return station;
}

type Next = (station: Station, profile: Profile, record: EnrollmentRecord) => Promise<unknown>;

const enroll: Next = async (station, profile) =>
  await station.ended(await station.start({ profile, operation: 'enroll' }));
const storeAgain: Next = async (station, profile, { enrollmentId }) =>
  await station.storeAgain(profile, enrollmentId);
/** The certificate is not issued again: a person gives the request up, and asks for another. */
const abandonAndEnroll: Next = async (station, profile, record) => {
  expect(await station.unknownOutcome(record.enrollmentId)).toMatchObject({
    publicKey: expect.stringMatching(/^[0-9a-f]{40}$/),
  });
  expect(await station.abandon(record.enrollmentId)).toMatchObject({ state: 'cancelled' });
  return await enroll(
    station,
    { ...profile, server: { ...profile.server, endpoint: practice.facts.endpoint } },
    record,
  );
};

describe('a station that is killed', () => {
  type Stage = readonly [string, string, string, boolean, Next];
  const stages: readonly Stage[] = [
    ['C_GetTokenInfo', 'cancelled', 'CANCEL-01', false, enroll],
    ['C_Login', 'cancelled', 'CANCEL-01', false, enroll],
    ['C_GenerateKeyPair', 'cancelled', 'CANCEL-01', false, enroll],
    ['C_SignInit', 'cancelled', 'CANCEL-01', false, enroll],
    ['the answer', 'outcome-unknown', 'OUTCOME-01', false, abandonAndEnroll],
    ['C_CreateObject', 'issued-not-stored', 'CERT-07', true, storeAgain],
    ['C_SetAttributeValue', 'issued-not-stored', 'CERT-07', true, storeAgain],
  ];
  // The others are tried in the full gate.
  const few = ['C_GenerateKeyPair', 'the answer', 'C_SetAttributeValue'];

  test.each(stages.filter(([stage]) => full || few.includes(stage)))(
    'while %s is waited for: the next start says %s, and how to go on completes it',
    { timeout: 120_000 },
    async (stage, state, code, issued, next) => {
      const waits = stage === 'the answer';
      const place = await workplace(waits ? silent : practice);
      await faulty.forget();
      // Of the writes the two that identify the new key come first.
      await faulty.script(
        ...(waits ? [] : [`${stage} hang 0 ${stage === 'C_SetAttributeValue' ? 2 : 0}`]),
      );
      const posts = silent.log.length;
      const command = startCommand(['enroll', '--profile', place.file, '--json'], place.env);
      const { pid = 0 } = command;
      onTestFinished(() => void command.kill('SIGKILL'));
      const reached = async () =>
        waits
          ? silent.log
              .slice(posts)
              .some(({ path, status }) => path.endsWith('/simpleenroll') && status === 0)
          : (await faulty.calls()).filter((name) => name === stage).length >
            (stage === 'C_SetAttributeValue' ? 2 : 0);
      await expect.poll(reached, { timeout: 60_000 }).toBe(true);
      const children = childrenOf(pid);
      expect(children).not.toEqual([]);
      command.kill('SIGKILL');
      await expect.poll(() => children.some(isRunning), { timeout: 20_000 }).toBe(false);
      await faulty.script();

      const before = (await faulty.record()).length;
      const station = await nextStart(place);
      await station.settleInterrupted();
      const [record] = await station.ports.store.enrollments.list({ limit: 1 });
      if (record === undefined) throw new Error('nothing was recorded');
      expect(record).toMatchObject({ state, error: { code } });
      expect(record.certificate !== null).toBe(issued);
      // The next start alone sends no PIN.
      expect((await faulty.record()).length).toBe(before);
      expect(await next(station, place.profile, record)).toMatchObject({ state: 'done' });
      const audit = await station.ports.store.audit.verify();
      expect(audit).toMatchObject({ intact: true });
    },
  );
});
