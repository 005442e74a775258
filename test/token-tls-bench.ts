import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stationPorts } from '../electron/compose.ts';
import { nodeProcessLauncher } from '../electron/keystore/node-process-launcher.ts';
import type { PracticeOptions, PracticeServer } from '../electron/practice/practice.ts';
import { mintTlsClientCredential, startPractice } from '../electron/practice/server.ts';
import type { EnrollmentOrder } from '../electron/station/enrollment-order.ts';
import type { SecretPurpose, StationPorts } from '../electron/station/ports.ts';
import { Station } from '../electron/station/station.ts';
import type { EnrollmentRecord } from '../shared/enrollment.ts';
import { type Profile, type ProfileInput, profileSchema } from '../shared/profile.ts';
import { discardFolder } from './discard-folder.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from './softhsm.ts';
import { putCredential } from './token-credential.ts';

export const officerAlias = 'officer';

/** A station with two tokens, the device's and a registration authority officer's, and practice servers. */
export class TokenTlsBench {
  readonly folder: string;
  readonly softHsm: SoftHsm;
  readonly device: SoftHsmToken;
  readonly officer: SoftHsmToken;
  readonly practice: PracticeServer;
  /** Every secret the station asked for, in order. */
  readonly asked: SecretPurpose[] = [];
  readonly #others: { close(): Promise<void> }[] = [];

  private constructor(
    parts: Pick<TokenTlsBench, 'folder' | 'softHsm' | 'device' | 'officer' | 'practice'>,
  ) {
    this.folder = parts.folder;
    this.softHsm = parts.softHsm;
    this.device = parts.device;
    this.officer = parts.officer;
    this.practice = parts.practice;
  }

  static async make(): Promise<TokenTlsBench> {
    const folder = await mkdtemp(join(tmpdir(), 'est-token-tls-'));
    const softHsm = await makeSoftHsm();
    const device = await softHsm.makeToken({ label: 'device', pin: '271828' });
    const officer = await softHsm.makeToken({ label: 'officer', pin: '314159' });
    const practice = await startPractice({ dir: join(folder, 'ca'), httpAuth: 'both' });
    const minted = mintTlsClientCredential(practice, 'RA officer');
    await putCredential(softHsm, officer, minted, officerAlias);
    return new TokenTlsBench({ folder, softHsm, device, officer, practice });
  }

  /** Another server of the same CA. */
  async serve(change: Partial<PracticeOptions>): Promise<PracticeServer> {
    const server = await startPractice({
      dir: join(this.folder, 'ca'),
      httpAuth: 'both',
      ...change,
    });
    this.#others.push(server);
    return server;
  }

  /** A station with its own data folder and an account at `server`, closed with the bench; `change` replaces ports. */
  async station(
    change: (ports: StationPorts) => Partial<StationPorts> = () => ({}),
    { facts } = this.practice,
  ): Promise<Station> {
    const secrets: Record<SecretPurpose, string> = {
      'token-pin': this.device.pin,
      'tls-token-pin': this.officer.pin,
      'http-password': facts.password,
      'proxy-password': '',
      'tls-key-passphrase': 'passphrase',
      'keystore-passphrase': 'passphrase',
      'decryption-key-passphrase': '',
      'key-encryption-key': '',
    };
    const ports = await stationPorts({
      env: { EST_STATION_HOME: await mkdtemp(join(this.folder, 'home-')) },
      launcher: nodeProcessLauncher({ env: { ...process.env, ...this.softHsm.env } }),
      secretSource: {
        ask: async (purpose) => {
          this.asked.push(purpose);
          return new TextEncoder().encode(secrets[purpose]);
        },
      },
    });
    const station = new Station({ ...ports, ...change(ports) });
    this.#others.push(station);
    return station;
  }

  keystoreOf({ serial }: SoftHsmToken): Extract<Profile['keystore'], { kind: 'pkcs11' }> {
    return { kind: 'pkcs11', module: this.softHsm.module, token: { serial } };
  }

  profile(change: Partial<ProfileInput>, { facts } = this.practice): Profile {
    return profileSchema.parse({
      server: { endpoint: facts.endpoint },
      trust: { caRootFingerprint: facts.caFingerprint },
      keystore: this.keystoreOf(this.device),
      request: { subject: 'CN=GW-1,O=Example' },
      ...change,
    });
  }

  /** Signs in with the officer's card. */
  get byOfficer(): ProfileInput['tlsClientAuthentication'] {
    return { enabled: true, keystore: this.keystoreOf(this.officer), alias: officerAlias };
  }

  async close(): Promise<void> {
    for (const other of this.#others) await other.close();
    await this.practice.close();
    await this.softHsm.cleanup();
    await discardFolder(this.folder);
  }
}

export async function run(station: Station, order: EnrollmentOrder): Promise<EnrollmentRecord> {
  return await station.ended(await station.start(order));
}
