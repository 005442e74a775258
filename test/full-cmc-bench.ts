import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stationPorts } from '../electron/compose.ts';
import { nodeProcessLauncher } from '../electron/keystore/node-process-launcher.ts';
import type { PracticeOptions, PracticeServer } from '../electron/practice/practice.ts';
import { startPractice } from '../electron/practice/server.ts';
import type { EnrollmentOrder } from '../electron/station/enrollment-order.ts';
import type { StationPorts } from '../electron/station/ports.ts';
import { Station } from '../electron/station/station.ts';
import type { EnrollmentRecord } from '../shared/enrollment.ts';
import { type Profile, type ProfileInput, profileSchema } from '../shared/profile.ts';
import { discardFolder } from './discard-folder.ts';
import type { SoftHsm } from './softhsm.ts';

/** User PIN of the tokens of these tests. */
export const pin = '271828';

export const profileOf = (practice: PracticeServer, change: Partial<ProfileInput>) =>
  profileSchema.parse({
    server: { endpoint: practice.facts.endpoint },
    trust: { caRootFingerprint: practice.facts.caFingerprint },
    httpAuthentication: { scheme: 'basic', username: practice.facts.username },
    request: { subject: 'CN=GW-7,O=Example' },
    ...change,
  });

/** The same profile for a Full PKI Request, which brings its own authentication. */
export const signed = (profile: Profile, practice: PracticeServer): Profile => ({
  ...profile,
  server: { ...profile.server, endpoint: practice.facts.endpoint },
  httpAuthentication: { ...profile.httpAuthentication, scheme: 'none' },
});

export async function carryOut(
  station: Station,
  order: EnrollmentOrder,
): Promise<EnrollmentRecord> {
  return await station.ended(await station.start(order));
}

/** Stations that enroll by Full CMC, and one CA for every server: certificates of one are good at the others. */
export class FullCmcBench {
  readonly folder: string;
  /** The CA's. */
  readonly dir: string;
  /** Without faults. */
  readonly first: PracticeServer;

  private constructor(folder: string, dir: string, first: PracticeServer) {
    this.folder = folder;
    this.dir = dir;
    this.first = first;
  }

  static async open(): Promise<FullCmcBench> {
    const folder = await mkdtemp(join(tmpdir(), 'est-cmc-'));
    const dir = join(folder, 'practice');
    return new FullCmcBench(folder, dir, await startPractice({ dir }));
  }

  async close(): Promise<void> {
    await this.first.close();
    await discardFolder(this.folder);
  }

  /** Closed with the test. */
  async practiceWith(options: Partial<PracticeOptions>): Promise<PracticeServer> {
    const practice = await startPractice({ ...options, dir: this.dir });
    onTestFinished(() => practice.close());
    return practice;
  }

  /** Closed with the test. */
  async openStation(
    softHsm: SoftHsm | null = null,
    change: (ports: StationPorts) => Partial<StationPorts> = () => ({}),
  ): Promise<Station> {
    const home = await mkdtemp(join(this.folder, 'home-'));
    const { password } = this.first.facts;
    const ports = await stationPorts({
      env: { EST_STATION_HOME: home },
      launcher: nodeProcessLauncher({ env: { ...process.env, ...softHsm?.env } }),
      secretSource: {
        ask: async (purpose) =>
          new TextEncoder().encode(
            purpose === 'http-password'
              ? password
              : purpose === 'token-pin'
                ? pin
                : 'keystore passphrase',
          ),
      },
    });
    const station = new Station({ ...ports, ...change(ports) });
    onTestFinished(() => station.close());
    return station;
  }

  /** A station whose software keystore holds an enrolled certificate, and its profile. */
  async enrolledStation(): Promise<{ station: Station; profile: Profile }> {
    const station = await this.openStation();
    const path = await mkdtemp(join(this.folder, 'keys-'));
    const profile = profileOf(this.first, { keystore: { kind: 'software', path } });
    const { state } = await carryOut(station, { profile, operation: 'enroll' });
    if (state !== 'done') throw new Error(`the enrollment ended ${state}`);
    return { station, profile };
  }
}
