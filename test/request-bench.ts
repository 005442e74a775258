import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stationPorts } from '../electron/compose.ts';
import { nodeProcessLauncher } from '../electron/keystore/node-process-launcher.ts';
import { openSoftwareKeystoreForWork } from '../electron/keystore/software/first-use.ts';
import { readCertificate } from '../electron/pki/certificate.ts';
import { certificatesFromPem } from '../electron/pki/pem.ts';
import type { PracticeOptions, PracticeServer } from '../electron/practice/practice.ts';
import { startPractice } from '../electron/practice/server.ts';
import type { EnrollmentOrder } from '../electron/station/enrollment-order.ts';
import { Station } from '../electron/station/station.ts';
import type { EnrollmentRecord } from '../shared/enrollment.ts';
import { type ProfileInput, profileSchema } from '../shared/profile.ts';
import { alternativeNames, certify, purposesExtension } from './certificate-draft.ts';
import { taken } from './conformance/observe.ts';
import { discardFolder } from './discard-folder.ts';

const passphrase = 'software passphrase';
/** Alias of what was enrolled. */
export const enrolled = 'est-enrolled-key-pair';

/** A practice server, a station and a software keystore, gone with the test. */
export class RequestBench {
  readonly practice: PracticeServer;
  readonly station: Station;
  readonly keys: string;

  private constructor(practice: PracticeServer, station: Station, keys: string) {
    this.practice = practice;
    this.station = station;
    this.keys = keys;
  }

  static async open(options: Partial<PracticeOptions> = {}): Promise<RequestBench> {
    const place = await mkdtemp(join(tmpdir(), 'est-request-'));
    onTestFinished(() => discardFolder(place));
    const practice = await startPractice({ dir: join(place, 'practice'), ...options });
    onTestFinished(() => practice.close());
    const ports = await stationPorts({
      env: { EST_STATION_HOME: join(place, 'home') },
      launcher: nodeProcessLauncher(),
      secretSource: {
        ask: async (purpose) =>
          new TextEncoder().encode(
            purpose === 'http-password' ? practice.facts.password : passphrase,
          ),
      },
    });
    const station = new Station(ports);
    onTestFinished(() => station.close());
    return new RequestBench(practice, station, join(place, 'keys'));
  }

  profile(change: Partial<ProfileInput> = {}, request: Partial<ProfileInput['request']> = {}) {
    const { facts } = this.practice;
    return profileSchema.parse({
      server: { endpoint: facts.endpoint },
      trust: { caRootFingerprint: facts.caFingerprint },
      keystore: { kind: 'software', path: this.keys },
      httpAuthentication: { scheme: 'basic', username: facts.username },
      request: { subject: 'CN=GW-1,O=EST Practice', ...request },
      ...change,
    });
  }

  /** Signs in with the enrolled certificate instead of a password. */
  byCertificate(change: Partial<ProfileInput> = {}) {
    return this.profile({
      httpAuthentication: { scheme: 'none' },
      tlsClientAuthentication: {
        enabled: true,
        keystore: { kind: 'software', path: this.keys },
        alias: enrolled,
      },
      ...change,
    });
  }

  async run(order: EnrollmentOrder): Promise<EnrollmentRecord> {
    return await this.station.ended(await this.station.start(order));
  }

  /** The PKCS#10 as it was sent, DER. */
  async sent({ enrollmentId }: EnrollmentRecord): Promise<Buffer> {
    const journal = await this.station.ports.store.journal.read({ enrollmentId, limit: 100 });
    const signed = journal.findLast(({ state, phase }) => state === 'signed' && phase === 'after');
    return Buffer.from(String(signed?.evidence.request), 'base64');
  }

  /** The software keystore itself, made when absent. */
  async openKeys() {
    return await openSoftwareKeystoreForWork({
      path: this.keys,
      passphrase: new TextEncoder().encode(passphrase),
    });
  }

  /** Puts a key and a certificate of the practice CA on the keystore. @returns the certificate, DER. */
  async enrolledWith(subject: string, names: readonly string[], notAfter?: string) {
    const { issuing } = this.practice.authority;
    const keystore = await this.openKeys();
    const { spki } = await keystore.generateKeyPair(enrolled, 'prime256v1');
    const der = certify({
      subject,
      keys: { privateKey: issuing.key, spki },
      issuer: {
        subject: readCertificate(issuing.certificate.raw).subject,
        keys: { privateKey: issuing.key, spki: issuing.spki },
      },
      extensions: [
        purposesExtension('1.3.6.1.5.5.7.3.2'),
        ...(names.length === 0 ? [] : [alternativeNames(...names)]),
      ],
      ...(notAfter === undefined ? {} : { notAfter }),
    });
    await keystore.storeCertificate(enrolled, der);
    await keystore.close();
    return readCertificate(der);
  }
}

export const codes = ({ warnings }: EnrollmentRecord) => warnings.map(({ code }) => code);
export const verdictOf = ({ error, warnings }: EnrollmentRecord) =>
  error === null ? taken(warnings) : `refuse ${error.code}`;

export function issuedOf({ certificate }: EnrollmentRecord) {
  const [der] = certificatesFromPem(certificate?.pem ?? '');
  if (!der) throw new Error('the record holds no certificate');
  return readCertificate(der);
}
