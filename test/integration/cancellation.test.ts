import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stationPorts } from '../../electron/compose.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { Station } from '../../electron/station/station.ts';
import type { EnrollmentRecord, EnrollmentState, EnrollmentStep } from '../../shared/enrollment.ts';
import { type Profile, profileSchema } from '../../shared/profile.ts';
import { discardFolder } from '../discard-folder.ts';

type EnrollmentOperation = EnrollmentRecord['operation'];

let folder: string;
let practice: PracticeServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-cancel-'));
  practice = await startPractice({ dir: join(folder, 'practice') });
});

afterAll(async () => {
  await practice.close();
  await discardFolder(folder);
});

async function openStation(): Promise<Station> {
  const home = await mkdtemp(join(folder, 'home-'));
  const ports = await stationPorts({
    env: { EST_STATION_HOME: home },
    secretSource: {
      ask: async (purpose) =>
        new TextEncoder().encode(
          purpose === 'http-password' ? practice.facts.password : 'keystore passphrase',
        ),
    },
  });
  const station = new Station(ports);
  onTestFinished(() => station.close());
  return station;
}

/** A profile of the practice server with a keystore of its own. */
async function profileWithKeystore(): Promise<Profile> {
  return profileSchema.parse({
    server: { endpoint: practice.facts.endpoint },
    trust: { caRootFingerprint: practice.facts.caFingerprint },
    keystore: { kind: 'software', path: join(await mkdtemp(join(folder, 'keys-')), 'store') },
    httpAuthentication: { scheme: 'basic', username: practice.facts.username },
    request: { subject: 'CN=cancelled' },
  });
}

describe('an enrollment that is cancelled', () => {
  test.each<[EnrollmentStep, EnrollmentState]>([
    ['token-ready', 'cancelled'],
    ['trusted', 'cancelled'],
    ['key-made', 'cancelled'],
    ['attributes-known', 'cancelled'],
    ['authenticated', 'cancelled'],
    ['signed', 'cancelled'],
    ['submitted', 'cancelled'],
    ['issued', 'outcome-unknown'],
    // What was issued is stored: stopping there would only lose it.
    ['stored', 'done'],
    ['verified', 'done'],
  ])('at the step %s ends %s, and the next one is fine', async (step, expected) => {
    const station = await openStation();
    const profile = await profileWithKeystore();
    const before = practice.log.length;
    const stop = station.subscribe((event) => {
      if (event.name === 'enrollment.progress' && event.payload.working === step) {
        station.cancel(event.payload.enrollmentId);
      }
    });
    const record = await station.ended(await station.start({ profile, operation: 'enroll' }));
    stop();
    expect(record.state).toBe(expected);
    expect(record.error?.code ?? null).toBe(expected === 'done' ? null : 'CANCEL-01');
    const issued = practice.log
      .slice(before)
      .filter(({ method, status }) => method === 'POST' && status === 200);
    if (expected === 'cancelled') expect(issued).toEqual([]);

    const next = await station.ended(await station.start({ profile, operation: 'enroll' }));
    expect(next).toMatchObject({ state: 'done', error: null });
    expect(next.enrollmentId).not.toBe(record.enrollmentId);
    expect(await station.ports.store.running.abandoned()).toEqual([]);
    expect(await station.ports.store.audit.verify()).toMatchObject({ intact: true });
  });

  test.each<[EnrollmentOperation, EnrollmentStep, EnrollmentState]>([
    ['serverkeygen', 'signed', 'cancelled'],
    ['serverkeygen', 'submitted', 'cancelled'],
    ['serverkeygen', 'issued', 'outcome-unknown'],
    ['fullcmc', 'signed', 'cancelled'],
    ['fullcmc', 'submitted', 'cancelled'],
    ['fullcmc', 'issued', 'outcome-unknown'],
  ])('of %s at the step %s ends %s', async (operation, step, expected) => {
    const station = await openStation();
    const profile = await profileWithKeystore();
    if (operation === 'fullcmc') {
      const first = await station.ended(await station.start({ profile, operation: 'enroll' }));
      expect(first.state).toBe('done');
    }
    const before = practice.log.length;
    station.subscribe((event) => {
      if (event.name === 'enrollment.progress' && event.payload.working === step) {
        station.cancel(event.payload.enrollmentId);
      }
    });
    const scheme = operation === 'fullcmc' ? 'none' : 'basic';
    const order = {
      profile: { ...profile, httpAuthentication: { ...profile.httpAuthentication, scheme } },
      operation,
    } as const;
    const record = await station.ended(await station.start(order));
    expect(record).toMatchObject({ state: expected, error: { code: 'CANCEL-01' } });
    const notices = record.warnings.map(({ code }) => code);
    const lost = operation === 'serverkeygen' && expected === 'outcome-unknown';
    expect(notices).toEqual(lost ? ['KEY-PERHAPS-LOST'] : []);
    const answered = practice.log
      .slice(before)
      .filter(({ method, status }) => method === 'POST' && status === 200);
    if (expected === 'cancelled') expect(answered).toEqual([]);
  });
});
