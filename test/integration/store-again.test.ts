import type { KeyObject } from 'node:crypto';
import { mkdtemp, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stationPorts } from '../../electron/compose.ts';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import { certificatesFromPem } from '../../electron/pki/pem.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import type { StationPorts } from '../../electron/station/ports.ts';
import { Station } from '../../electron/station/station.ts';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { type Profile, profileSchema } from '../../shared/profile.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm, type SoftHsm } from '../softhsm.ts';

const pin = '271828';
const passphrase = 'a passphrase';
const enrolled = 'est-enrolled-key-pair';

describe('a certificate that was issued and not stored', () => {
  let folder: string;
  let practice: PracticeServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'est-again-'));
    practice = await startPractice({ dir: join(folder, 'practice') });
  });

  afterAll(async () => {
    await practice.close();
    await discardFolder(folder);
  });

  test('is stored on another token that holds the same key, and on no other', async () => {
    const softHsm = await makeSoftHsm();
    onTestFinished(() => softHsm.cleanup());
    const home = join(folder, 'home');
    const { key, certificate } = await softwareCredential(home);
    const device = await tokenProfile(softHsm);
    const spare = await tokenProfile(softHsm);
    const strange = await tokenProfile(softHsm);
    await onToken(home, softHsm, device, key, certificate);
    await onToken(home, softHsm, spare, key, null);

    const record = await lostRenewal(home, softHsm, device);
    expect(record).toMatchObject({ state: 'issued-not-stored', error: { code: 'CERT-07' } });
    const { enrollmentId } = record;

    const station = await openStation(home, softHsm);
    const requests = practice.log.length;
    await expect(station.storeAgain(strange, enrollmentId)).rejects.toMatchObject({
      code: 'TOKEN-09',
    });
    expect((await station.show(strange)).entries).toEqual([]);
    expect(await station.ended(enrollmentId)).toMatchObject({ state: 'issued-not-stored' });

    const stored = await station.storeAgain(spare, enrollmentId);
    expect(stored).toMatchObject({
      state: 'done',
      certificate: record.certificate,
      keystore: {
        token: expect.stringContaining(serialOf(spare)),
        alias: enrolled,
        generatedThere: false,
      },
    });
    expect(practice.log).toHaveLength(requests);
    expect((await station.show(spare)).entries).toContainEqual(
      expect.objectContaining({ alias: enrolled, certificate: record.certificate }),
    );
    const audit = await station.ports.store.audit.read({ limit: 100 });
    expect(audit.at(-1)).toMatchObject({
      what: 'certificate.stored',
      token: expect.stringContaining(serialOf(spare)),
    });
  });

  async function openStation(
    home: string,
    softHsm: SoftHsm | null,
    change: (ports: StationPorts) => Partial<StationPorts> = () => ({}),
  ): Promise<Station> {
    const secrets: Record<string, string> = {
      'token-pin': pin,
      'keystore-passphrase': passphrase,
      'http-password': practice.facts.password,
    };
    const ports = await stationPorts({
      env: { EST_STATION_HOME: home },
      launcher: nodeProcessLauncher({ env: { ...process.env, ...softHsm?.env } }),
      secretSource: { ask: async (purpose) => new TextEncoder().encode(secrets[purpose]) },
    });
    const station = new Station({ ...ports, ...change(ports) });
    onTestFinished(() => station.close());
    return station;
  }

  function profileFor(keystore: Profile['keystore']): Profile {
    return profileSchema.parse({
      server: { endpoint: practice.facts.endpoint },
      trust: { caRootFingerprint: practice.facts.caFingerprint },
      httpAuthentication: { scheme: 'basic', username: practice.facts.username },
      request: { subject: 'CN=GW-1,O=Example' },
      keystore,
    });
  }

  async function tokenProfile({ module, makeToken }: SoftHsm): Promise<Profile> {
    const { serial } = await makeToken({ pin });
    return profileFor({ kind: 'pkcs11', module, token: { serial } });
  }

  /** A key pair in software, which can be given to two tokens, and a certificate for it. */
  async function softwareCredential(
    home: string,
  ): Promise<{ key: KeyObject; certificate: Buffer }> {
    const station = await openStation(home, null);
    const path = join(folder, 'keys');
    const profile = profileFor({ kind: 'software', path });
    const record = await station.ended(await station.start({ profile, operation: 'enroll' }));
    const [certificate] = certificatesFromPem(record.certificate?.pem ?? '');
    if (certificate === undefined) throw new Error(`the enrollment is ${record.state}`);
    const opened = await station.ports.openSoftwareKeystore({
      path,
      passphrase: new TextEncoder().encode(passphrase),
      create: false,
    });
    return { key: opened.privateKey(enrolled), certificate };
  }

  async function onToken(
    home: string,
    softHsm: SoftHsm,
    profile: Profile,
    key: KeyObject,
    certificate: Buffer | null,
  ): Promise<void> {
    const { tokens } = (await openStation(home, softHsm)).ports;
    const opened = await tokens.openToken({
      module: softHsm.module,
      selector: { serial: serialOf(profile) },
      pin: new TextEncoder().encode(pin),
    });
    await opened.importKeyPair(enrolled, key);
    if (certificate !== null) await opened.storeCertificate(enrolled, certificate);
    await opened.close();
  }

  /** A renewal whose token is pulled after the answer: its folder is moved away under the module's feet, then back. */
  async function lostRenewal(
    home: string,
    softHsm: SoftHsm,
    profile: Profile,
  ): Promise<EnrollmentRecord> {
    const there = join(softHsm.dir, 'tokens');
    const away = join(softHsm.dir, 'pulled');
    const station = await openStation(home, softHsm, ({ est }) => ({
      est: {
        ...est,
        openExchange: async (options) => {
          const exchange = await est.openExchange(options);
          const enroll = exchange.enroll.bind(exchange);
          return Object.assign(exchange, {
            enroll: async (...request: Parameters<typeof enroll>) => {
              const answer = await enroll(...request);
              await rename(there, away);
              return answer;
            },
          });
        },
      },
    }));
    const record = await station.ended(await station.start({ profile, operation: 'reenroll' }));
    await rename(away, there);
    return record;
  }
});

function serialOf({ keystore }: Profile): string {
  if (keystore.kind !== 'pkcs11' || keystore.token.serial === undefined) {
    throw new Error('the profile names no serial');
  }
  return keystore.token.serial;
}
