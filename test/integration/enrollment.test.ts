import { mkdtemp, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stationPorts } from '../../electron/compose.ts';
import type { EstExchange } from '../../electron/est/exchange.ts';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import type { EnrollmentOrder } from '../../electron/station/enrollment-order.ts';
import type { SecretPurpose, StationPorts } from '../../electron/station/ports.ts';
import { Station } from '../../electron/station/station.ts';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { type ProfileInput, profileSchema } from '../../shared/profile.ts';
import { observe, taken } from '../conformance/observe.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm, type SoftHsm } from '../softhsm.ts';

describe('an enrollment', () => {
  let folder: string;
  let practice: PracticeServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'est-enroll-'));
    practice = await startPractice({ dir: join(folder, 'practice') });
  });

  afterAll(async () => {
    await practice.close();
    await discardFolder(folder);
  });

  const secrets: Record<SecretPurpose, string> = {
    'token-pin': '271828',
    'tls-token-pin': '271828',
    'http-password': '',
    'proxy-password': '',
    'tls-key-passphrase': 'tls passphrase',
    'keystore-passphrase': 'tls passphrase',
    'decryption-key-passphrase': 'decryption passphrase',
    'key-encryption-key': '',
  };

  /** A station of its own, in its own data folder; `change` replaces ports. */
  async function openStation(
    softHsm: SoftHsm | null,
    change: (ports: StationPorts) => Partial<StationPorts> = () => ({}),
  ): Promise<Station> {
    const home = await mkdtemp(join(folder, 'home-'));
    const ports = await stationPorts({
      env: { EST_STATION_HOME: home },
      launcher: nodeProcessLauncher({ env: { ...process.env, ...softHsm?.env } }),
      secretSource: {
        ask: async (purpose) =>
          new TextEncoder().encode(
            { ...secrets, 'http-password': practice.facts.password }[purpose],
          ),
      },
    });
    const station = new Station({ ...ports, ...change(ports) });
    onTestFinished(() => station.close());
    return station;
  }

  const profile = (change: Partial<ProfileInput>) =>
    profileSchema.parse({
      server: { endpoint: practice.facts.endpoint },
      trust: { caRootFingerprint: practice.facts.caFingerprint },
      httpAuthentication: { scheme: 'basic', username: practice.facts.username },
      request: { subject: 'CN=GW-1,O=Example' },
      ...change,
    });

  async function run(station: Station, order: EnrollmentOrder): Promise<EnrollmentRecord> {
    return await station.ended(await station.start(order));
  }

  async function tokenProfile(softHsm: SoftHsm, change: Partial<ProfileInput> = {}) {
    const { serial } = await softHsm.makeToken({ pin: secrets['token-pin'] });
    return profile({
      keystore: { kind: 'pkcs11', module: softHsm.module, token: { serial } },
      ...change,
    });
  }

  async function softHsmOfTheTest(): Promise<SoftHsm> {
    const softHsm = await makeSoftHsm();
    onTestFinished(() => softHsm.cleanup());
    return softHsm;
  }

  test.each<ProfileInput['request']>([
    { subject: 'CN=ec-384', keyParameterSet: 'secp384r1', signatureAlgorithm: 'SHA384WITHECDSA' },
    {
      subject: 'CN=rsa-2048',
      keyAlgorithm: 'RSA',
      keyParameterSet: '2048',
      signatureAlgorithm: 'SHA256WITHRSA',
    },
    { subject: 'CN=ec-521', keyParameterSet: 'secp521r1', signatureAlgorithm: 'SHA512WITHECDSA' },
    {
      subject: 'CN=rsa-pss',
      keyAlgorithm: 'RSA',
      keyParameterSet: '2048',
      signatureAlgorithm: 'SHA384WITHRSAANDMGF1',
    },
    {
      subject: 'CN=edwards',
      keyAlgorithm: 'EdDSA',
      keyParameterSet: 'ed25519',
      signatureAlgorithm: 'ED25519',
    },
    {
      subject: 'CN=names',
      subjectAltNames: [
        'DNS:gw.example',
        'IP:192.0.2.7',
        'IP:2001:db8::7',
        'email:gw@example.org',
        'URI:urn:gw:7',
      ],
    },
  ])('with the request $subject ends done and verified', async (request) => {
    const softHsm = await softHsmOfTheTest();
    const station = await openStation(softHsm);
    const record = await run(station, {
      profile: await tokenProfile(softHsm, { request }),
      operation: 'enroll',
    });
    expect(record).toMatchObject({
      state: 'done',
      error: null,
      warnings: [],
      certificate: { subject: request.subject },
    });
    expect(record.certificate?.subjectAltNames).toHaveLength(request.subjectAltNames?.length ?? 0);
    expect(record.steps.map(({ name }) => name)).toEqual([
      'token-ready',
      'trusted',
      'attributes-known',
      'key-made',
      'authenticated',
      'signed',
      'submitted',
      'issued',
      'stored',
      'verified',
    ]);
  });

  test('works without a token, and its key then renews by TLS client authentication with proof of possession', async () => {
    const station = await openStation(null);
    const keystore = { kind: 'software' as const, path: join(folder, 'software-keys') };
    const first = await run(station, { profile: profile({ keystore }), operation: 'enroll' });
    expect(first).toMatchObject({
      state: 'done',
      keystore: { kind: 'software', generatedThere: false },
    });
    const byTls = profile({
      keystore,
      httpAuthentication: { scheme: 'none' },
      tlsClientAuthentication: { enabled: true, keystore, alias: 'est-enrolled-key-pair' },
      proofOfPossession: { enabled: true },
    });
    const renewed = await run(station, { profile: byTls, operation: 'reenroll', rekey: true });
    expect(renewed).toMatchObject({ state: 'done' });
    expect(practice.log.at(-1)).toMatchObject({
      authenticatedBy: 'tls',
      pop: 'valid',
      tls: 'TLSv1.2',
    });
    observe('possession', 'with a TLS key in software, TLS 1.3 off', taken(renewed.warnings));
  });

  test('cancelled before anything was sent leaves nothing half done', async () => {
    const softHsm = await softHsmOfTheTest();
    const station = await openStation(softHsm);
    const ready = await tokenProfile(softHsm);
    const requests = practice.log.length;
    const id = await station.start({ profile: ready, operation: 'enroll' });
    station.cancel(id);
    expect(await station.ended(id)).toMatchObject({
      state: 'cancelled',
      error: { code: 'CANCEL-01' },
    });
    expect(practice.log.slice(requests).filter(({ method }) => method === 'POST')).toEqual([]);
    expect(await run(station, { profile: ready, operation: 'enroll' })).toMatchObject({
      state: 'done',
    });
  });

  test('whose token is pulled after the answer keeps the certificate, and stores it when the token is back', async () => {
    const softHsm = await softHsmOfTheTest();
    const ready = await tokenProfile(softHsm);
    const station = await openStation(softHsm, ({ est }) => ({
      est: {
        ...est,
        openExchange: async (options) => pullingToken(await est.openExchange(options), softHsm),
      },
    }));
    const record = await run(station, { profile: ready, operation: 'enroll' });
    expect(record).toMatchObject({
      state: 'issued-not-stored',
      error: { code: 'CERT-07' },
      certificate: {
        subject: 'CN=GW-1,O=Example',
        pem: expect.stringContaining('BEGIN CERTIFICATE'),
      },
    });
    const { store } = station.ports;
    const { enrollmentId } = record;
    expect(await store.enrollments.get(enrollmentId)).toEqual(record);

    await rename(join(softHsm.dir, 'pulled'), join(softHsm.dir, 'tokens'));
    const requests = practice.log.length;
    const stored = await station.storeAgain(ready, enrollmentId);
    expect(stored).toMatchObject({ state: 'done', error: null, enrollmentId });
    expect(stored.certificate).toEqual(record.certificate);
    expect(practice.log).toHaveLength(requests);
    const shown = await station.show(ready);
    expect(shown.entries).toContainEqual(
      expect.objectContaining({ alias: 'est-enrolled-key-pair', certificate: record.certificate }),
    );
    await expect(station.storeAgain(ready, enrollmentId)).rejects.toMatchObject({
      code: 'USAGE-01',
    });
    expect(await store.audit.verify()).toMatchObject({ intact: true });
  });

  /** After the server's answer the token is gone: its folder is moved away under the module's feet. */
  function pullingToken(exchange: EstExchange, softHsm: SoftHsm): EstExchange {
    return {
      get facts() {
        return exchange.facts;
      },
      get serverDate() {
        return exchange.serverDate;
      },
      cacerts: () => exchange.cacerts(),
      csrattrs: () => exchange.csrattrs(),
      serverkeygen: (...args) => exchange.serverkeygen(...args),
      fullcmc: (...args) => exchange.fullcmc(...args),
      crls: () => exchange.crls(),
      settleAuthentication: (operation) => exchange.settleAuthentication(operation),
      close: () => exchange.close(),
      enroll: async (...args) => {
        const answer = await exchange.enroll(...args);
        await rename(join(softHsm.dir, 'tokens'), join(softHsm.dir, 'pulled'));
        return answer;
      },
    };
  }

  test('two stations on one token do not replace each other’s keys', async () => {
    const softHsm = await softHsmOfTheTest();
    const wanted = await tokenProfile(softHsm);
    const stations = [await openStation(softHsm), await openStation(softHsm)];
    const records = await Promise.all(
      stations.map((station) => run(station, { profile: wanted, operation: 'enroll' })),
    );
    const [refused] = records.filter(({ state }) => state !== 'done');
    expect(records.filter(({ state }) => state === 'done')).toHaveLength(1);
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'TOKEN-16' } });
    for (const station of stations) {
      expect(await run(station, { profile: wanted, operation: 'enroll' })).toMatchObject({
        state: 'done',
      });
    }
  });

  test('journals every state before and after, and holds no secret anywhere', async () => {
    const softHsm = await softHsmOfTheTest();
    const station = await openStation(softHsm);
    const record = await run(station, {
      profile: await tokenProfile(softHsm),
      operation: 'enroll',
    });
    const { enrollmentId } = record;
    const journal = await station.ports.store.journal.read({ enrollmentId, limit: 100 });
    // Calls of the token stand between the steps, each told before it is made.
    const isCall = ({ evidence }: (typeof journal)[number]) => 'call' in evidence;
    expect(journal.filter(isCall).length).toBeGreaterThan(0);
    const steps = journal.filter((entry) => !isCall(entry));
    expect(steps.map(({ phase, state }) => `${phase} ${state}`)).toEqual([
      'after planned',
      ...record.steps.flatMap(({ name }) => [`before ${name}`, `after ${name}`]),
      'after done',
    ]);
    const audit = await station.ports.store.audit.read({ limit: 100 });
    expect(audit.map(({ what }) => what)).toEqual([
      'trust.confirmed',
      'certificate.issued',
      'certificate.stored',
    ]);
    const everything = JSON.stringify([record, journal, audit]);
    expect(everything).not.toContain(secrets['token-pin']);
    expect(everything).not.toContain(practice.facts.password);
  });
});
