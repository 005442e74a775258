import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stationPorts } from '../electron/compose.ts';
import { nodeProcessLauncher } from '../electron/keystore/node-process-launcher.ts';
import type { PracticeOptions, PracticeServer } from '../electron/practice/practice.ts';
import { startPractice } from '../electron/practice/server.ts';
import type { SecretPurpose } from '../electron/station/ports.ts';
import { Station } from '../electron/station/station.ts';
import { type ProfileInput, profileSchema } from '../shared/profile.ts';

/** A station of its own whose clock can be wrong; closed with the test. */
export async function trustStation(
  folder: string,
  atServer: (purpose: SecretPurpose) => string = () => '',
) {
  const home = await mkdtemp(join(folder, 'home-'));
  const ports = await stationPorts({
    env: { EST_STATION_HOME: home },
    launcher: nodeProcessLauncher(),
    secretSource: {
      ask: async (purpose) =>
        new TextEncoder().encode(
          purpose === 'http-password' || purpose === 'key-encryption-key'
            ? atServer(purpose)
            : 'keystore passphrase',
        ),
    },
  });
  const clock = {
    /** Milliseconds this station is ahead of the time. */
    ahead: 0,
    now: () => new Date(Date.now() + clock.ahead),
    elapsed: () => ports.clock.elapsed(),
  };
  const station = new Station({ ...ports, clock });
  onTestFinished(() => station.close());
  const profile = (
    endpoint: string,
    trust: ProfileInput['trust'],
    username: string | null = null,
  ) =>
    profileSchema.parse({
      server: { endpoint },
      trust,
      keystore: { kind: 'software', path: join(home, 'keys') },
      ...(username === null ? {} : { httpAuthentication: { scheme: 'basic', username } }),
      request: { subject: 'CN=GW-1,O=Example' },
    });
  return { station, clock, profile };
}

/** One CA folder, one port and one station; the practice server is stopped and started as the test goes. */
export async function trustBench(folder: string, bootstrapped = true) {
  const dir = await mkdtemp(join(folder, 'ca-'));
  let server: PracticeServer | null = null;
  let port = 0;
  const serve = async (change: Partial<PracticeOptions> = {}) => {
    await server?.close();
    server = await startPractice({ dir, port, ...change });
    port = Number(new URL(server.facts.url).port);
    return server;
  };
  const bench = await trustStation(folder, (purpose) => {
    const { password = '', keyEncryptionKey = '' } = server?.facts ?? {};
    return purpose === 'http-password' ? password : keyEncryptionKey;
  });
  onTestFinished(() => server?.close());
  const { facts } = await serve();
  const profile = (trust: ProfileInput['trust'] = {}) =>
    bench.profile(
      facts.endpoint,
      { caRootFingerprint: facts.caFingerprint, ...trust },
      facts.username,
    );
  const enroll = async (trust: ProfileInput['trust'] = {}) => {
    const order = { profile: profile(trust), operation: 'enroll' } as const;
    return await bench.station.ended(await bench.station.start(order));
  };
  if (bootstrapped) await bench.station.trust.bootstrap(profile(), null);
  const { station, clock } = bench;
  return { serve, station, clock, profile, enroll, facts, oldRoot: facts.caFingerprint };
}
