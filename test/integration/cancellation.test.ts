import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stationPorts } from '../../electron/compose.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { Station } from '../../electron/station/station.ts';
import type { EnrollmentState, EnrollmentStep } from '../../shared/enrollment.ts';
import { profileSchema } from '../../shared/profile.ts';

let folder: string;
let practice: PracticeServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-cancel-'));
  practice = await startPractice({ dir: join(folder, 'practice') });
});

afterAll(async () => {
  await practice.close();
  await rm(folder, { recursive: true });
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
    const profile = profileSchema.parse({
      server: { endpoint: practice.facts.endpoint },
      trust: { caRootFingerprint: practice.facts.caFingerprint },
      keystore: { kind: 'software', path: join(await mkdtemp(join(folder, 'keys-')), 'store') },
      httpAuthentication: { scheme: 'basic', username: practice.facts.username },
      request: { subject: 'CN=cancelled' },
    });
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
});
