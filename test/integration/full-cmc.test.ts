import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stationPorts } from '../../electron/compose.ts';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import type {
  PracticeFault,
  PracticeOptions,
  PracticeServer,
} from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import type { EnrollmentOrder } from '../../electron/station/enrollment-order.ts';
import type { StationPorts } from '../../electron/station/ports.ts';
import { Station } from '../../electron/station/station.ts';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { type Profile, type ProfileInput, profileSchema } from '../../shared/profile.ts';
import { document, runCommand } from '../command-line.ts';
import { makeSoftHsm, type SoftHsm } from '../softhsm.ts';

const run = promisify(execFile);
const pin = '271828';

let folder: string;
/** One CA for every server of these tests: certificates of one are good at the others. */
let dir: string;
let first: PracticeServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-cmc-'));
  dir = join(folder, 'practice');
  first = await startPractice({ dir });
});

afterAll(async () => {
  await first.close();
  await rm(folder, { recursive: true });
});

async function practiceWith(options: Partial<PracticeOptions>): Promise<PracticeServer> {
  const practice = await startPractice({ ...options, dir });
  onTestFinished(() => practice.close());
  return practice;
}

async function openStation(
  softHsm: SoftHsm | null = null,
  change: (ports: StationPorts) => Partial<StationPorts> = () => ({}),
): Promise<Station> {
  const home = await mkdtemp(join(folder, 'home-'));
  const ports = await stationPorts({
    env: { EST_STATION_HOME: home },
    launcher: nodeProcessLauncher({ env: { ...process.env, ...softHsm?.env } }),
    secretSource: {
      ask: async (purpose) =>
        new TextEncoder().encode(
          purpose === 'http-password'
            ? first.facts.password
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

const profileOf = (practice: PracticeServer, change: Partial<ProfileInput>) =>
  profileSchema.parse({
    server: { endpoint: practice.facts.endpoint },
    trust: { caRootFingerprint: practice.facts.caFingerprint },
    httpAuthentication: { scheme: 'basic', username: practice.facts.username },
    request: { subject: 'CN=GW-7,O=Example' },
    ...change,
  });

/** The same profile for a Full PKI Request, which brings its own authentication. */
const signed = (profile: Profile, practice: PracticeServer): Profile => ({
  ...profile,
  server: { ...profile.server, endpoint: practice.facts.endpoint },
  httpAuthentication: { ...profile.httpAuthentication, scheme: 'none' },
});

async function carryOut(station: Station, order: EnrollmentOrder): Promise<EnrollmentRecord> {
  return await station.ended(await station.start(order));
}

/** A station whose software keystore holds an enrolled certificate, and its profile. */
async function enrolledStation(): Promise<{ station: Station; profile: Profile }> {
  const station = await openStation();
  const path = await mkdtemp(join(folder, 'keys-'));
  const profile = profileOf(first, { keystore: { kind: 'software', path } });
  const record = await carryOut(station, { profile, operation: 'enroll' });
  expect(record).toMatchObject({ state: 'done' });
  return { station, profile };
}

describe('a Full PKI Request', () => {
  test('signed by the enrolled key of a token gets a certificate for a new key on it, as openssl sees too', async () => {
    const softHsm = await makeSoftHsm();
    onTestFinished(() => softHsm.cleanup());
    const { serial } = await softHsm.makeToken({ pin });
    const messages: Buffer[] = [];
    const station = await openStation(softHsm, ({ est }) => ({
      est: {
        ...est,
        openExchange: async (options) => {
          const exchange = await est.openExchange(options);
          const { fullcmc } = exchange;
          return Object.assign(Object.create(exchange), {
            fullcmc: (...[binding, make]: Parameters<typeof fullcmc>) =>
              fullcmc(binding, async (bound) => {
                const message = Buffer.from(await make(bound));
                messages.push(message);
                return message;
              }),
          });
        },
      },
    }));
    const profile = profileOf(first, {
      keystore: { kind: 'pkcs11', module: softHsm.module, token: { serial } },
    });
    const before = await carryOut(station, { profile, operation: 'enroll' });
    const record = await carryOut(station, {
      profile: signed(profile, first),
      operation: 'fullcmc',
    });
    expect(record).toMatchObject({
      state: 'done',
      operation: 'fullcmc',
      error: null,
      warnings: [],
      certificate: { subject: 'CN=GW-7,O=Example' },
      keystore: { alias: 'est-enrolled-key-pair', generatedThere: true },
    });
    expect(record.certificate?.fingerprint).not.toBe(before.certificate?.fingerprint);
    expect(first.log.at(-1)).toMatchObject({ path: '/.well-known/est/fullcmc', status: 200 });

    const [message = Buffer.alloc(0)] = messages;
    const file = join(folder, 'request.der');
    await writeFile(file, message);
    const read = ['cms', '-inform', 'DER', '-in', file];
    const printed = (await run('openssl', [...read, '-cmsout', '-print'])).stdout;
    expect(printed).toContain('eContentType: id-cct-PKIData (1.3.6.1.5.5.7.12.2)');
    expect(printed.match(/signatureAlgorithm:\s+algorithm: ecdsa-with-SHA256/)).not.toBeNull();
    const anchors = join(folder, 'anchors.pem');
    const pems = [first.facts.caCertificate, join(dir, 'issuing.pem')].map((path) =>
      readFile(path),
    );
    await writeFile(anchors, Buffer.concat(await Promise.all(pems)));
    const content = join(folder, 'content.der');
    const verify = ['-verify', '-CAfile', anchors, '-purpose', 'any', '-binary', '-out', content];
    expect((await run('openssl', [...read, ...verify])).stderr).toMatch(/success/i);
    const parsed = await run('openssl', ['asn1parse', '-inform', 'DER', '-in', content]);
    for (const control of ['id-cmc-transactionId', 'id-cmc-senderNonce']) {
      expect(parsed.stdout).toContain(control);
    }
  });

  test('may be signed by the registration authority whose certificate opens the connection', async () => {
    const { station, profile } = await enrolledStation();
    const path = await mkdtemp(join(folder, 'other-keys-'));
    const other = signed(profile, first);
    const tls = { ...profile.tlsClientAuthentication, enabled: true, keystore: profile.keystore };
    const order: EnrollmentOrder = {
      profile: {
        ...other,
        keystore: { kind: 'software', path },
        tlsClientAuthentication: { ...tls, alias: 'est-enrolled-key-pair' },
      },
      operation: 'fullcmc',
      signWith: 'tls',
    };
    expect(await carryOut(station, order)).toMatchObject({ state: 'done' });
    expect(await carryOut(station, { ...order, profile: other })).toMatchObject({
      state: 'failed',
      error: { code: 'PROFILE-02' },
    });
  });

  test.each([
    ['tls-unique', 'TLSv1.2'],
    ['tls-exporter', 'TLSv1.3'],
  ] as const)('carries proof of possession: %s over %s', async (channelBinding, tls) => {
    const { station, profile } = await enrolledStation();
    const practice = await practiceWith({ requirePop: true });
    const bare = signed(profile, practice);
    const bound = {
      ...bare,
      proofOfPossession: { ...bare.proofOfPossession, enabled: true, channelBinding },
    };
    const record = await carryOut(station, { profile: bound, operation: 'fullcmc' });
    expect(record).toMatchObject({ state: 'done', error: null });
    const shown = { path: '/.well-known/est/fullcmc', status: 200, pop: 'valid', tls };
    expect(practice.log.at(-1)).toMatchObject(shown);
    expect(await carryOut(station, { profile: bare, operation: 'fullcmc' })).toMatchObject({
      state: 'failed',
      error: { code: 'POP-05' },
    });
  });

  test('keeps the profile’s names unless a person agrees to the server’s', async () => {
    const { station, profile } = await enrolledStation();
    const practice = await practiceWith({ csrattrs: 'template' });
    const order = { profile: signed(profile, practice), operation: 'fullcmc' } as const;
    const names = { fill: { DNS: 'gw-7.example' } };
    const kept = await carryOut(station, { ...order, answers: names });
    expect(kept).toMatchObject({ state: 'done', certificate: { subject: 'CN=GW-7,O=Example' } });
    expect(kept.warnings.map(({ code }) => code)).toContain('WISH-SUBJECT');
    const followed = await carryOut(station, {
      ...order,
      answers: { ...names, followServer: true },
    });
    expect(followed).toMatchObject({
      state: 'done',
      certificate: { publicKey: 'EC P-384', subjectAltNames: ['DNS:gw-7.example'] },
    });
    expect(followed.certificate?.subject).not.toBe('CN=GW-7,O=Example');
  });

  test('goes to another origin only by a person’s word', async () => {
    const { station, profile } = await enrolledStation();
    const known = await startPractice({ dir });
    const order = { profile: signed(profile, known), operation: 'fullcmc' } as const;
    await station.trust.bootstrap(order.profile, null);
    await known.close();
    const port = Number(new URL(known.facts.url).port);
    await practiceWith({ port, faults: ['redirect-other-origin'] });
    expect(await carryOut(station, order)).toMatchObject({
      state: 'refused',
      error: { code: 'SERVER-14' },
    });
    expect(await carryOut(station, { ...order, followRedirect: true })).toMatchObject({
      state: 'done',
      error: null,
    });
  });

  test('needs a certificate to sign with', async () => {
    const station = await openStation();
    const path = await mkdtemp(join(folder, 'keys-'));
    const profile = signed(profileOf(first, { keystore: { kind: 'software', path } }), first);
    expect(await carryOut(station, { profile, operation: 'fullcmc' })).toMatchObject({
      state: 'failed',
      error: { code: 'TOKEN-09' },
    });
  });

  test('that waits is asked after with its token, for the same key', async () => {
    const { station, profile } = await enrolledStation();
    const practice = await practiceWith({ pendingSeconds: 40 });
    const order = { profile: signed(profile, practice), operation: 'fullcmc' } as const;
    const waiting = await carryOut(station, order);
    expect(waiting).toMatchObject({ state: 'pending', error: { code: 'SERVER-13' } });
    expect(waiting.retryAfterSeconds).toBeGreaterThan(20);
    expect(waiting.retryAfterSeconds).toBeLessThanOrEqual(40);

    const record = await carryOut(station, order);
    const { enrollmentId } = waiting;
    expect(record).toMatchObject({ state: 'done', enrollmentId });
    const journal = await station.ports.store.journal.read({ enrollmentId, limit: 100 });
    const asked = journal
      .filter(({ phase, state }) => phase === 'after' && state === 'signed')
      .map(({ evidence }) => evidence);
    expect(asked.map(({ asks }) => asks)).toEqual(['certificate', 'pending']);
    expect(asked[0]?.transaction).toBe(asked[1]?.transaction);
  });

  test('may be answered by certificates alone, or with the older form of the status', async () => {
    const { station, profile } = await enrolledStation();
    for (const fault of ['cmc-certs-only', 'cmc-older-status'] as const) {
      const practice = await practiceWith({ faults: [fault] });
      const order = { profile: signed(profile, practice), operation: 'fullcmc' } as const;
      expect(await carryOut(station, order)).toMatchObject({ state: 'done' });
    }
  });

  const refusals: readonly (readonly [PracticeFault, string, string])[] = [
    ['cmc-badAlg', 'refused', 'CMC-02'],
    ['cmc-badMessageCheck', 'refused', 'CMC-01'],
    ['cmc-badRequest', 'refused', 'CMC-01'],
    ['cmc-badTime', 'refused', 'CMC-03'],
    ['cmc-badCertId', 'refused', 'CMC-01'],
    ['cmc-unsupportedExt', 'refused', 'CMC-04'],
    ['cmc-mustArchiveKeys', 'refused', 'CMC-05'],
    ['cmc-badIdentity', 'refused', 'CMC-06'],
    ['cmc-popRequired', 'refused', 'CMC-07'],
    ['cmc-popFailed', 'refused', 'CMC-07'],
    ['cmc-noKeyReuse', 'refused', 'CMC-08'],
    ['cmc-internalCAError', 'refused', 'CMC-09'],
    ['cmc-tryLater', 'refused', 'CMC-09'],
    ['cmc-authDataFail', 'refused', 'CMC-06'],
    ['cmc-unsigned', 'outcome-unknown', 'CMC-10'],
    ['cmc-forged', 'outcome-unknown', 'CMC-10'],
    ['cmc-unmarked-signer', 'outcome-unknown', 'CMC-10'],
    ['cmc-wrong-nonce', 'outcome-unknown', 'CMC-10'],
    ['cmc-wrong-transaction', 'outcome-unknown', 'CMC-10'],
    ['garbage-enroll', 'refused', 'SERVER-09'],
    ['certificate-for-another-key', 'refused', 'CERT-01'],
    ['close-after-post', 'outcome-unknown', 'NET-04'],
  ];

  test('that is refused, or answered by nobody to be believed, ends with its own code', async () => {
    const { station, profile } = await enrolledStation();
    const ends: (readonly [PracticeFault, string, string | undefined])[] = [];
    for (const [fault] of refusals) {
      const practice = await startPractice({ dir, faults: [fault] });
      const order = { profile: signed(profile, practice), operation: 'fullcmc' } as const;
      const { state, error } = await carryOut(station, order);
      ends.push([fault, state, error?.code]);
      await practice.close();
    }
    expect(ends).toEqual(refusals);
  }, 90_000);

  test('signed by a stranger is refused by the server', async () => {
    const stranger = await startPractice({ dir: join(folder, 'stranger') });
    onTestFinished(() => stranger.close());
    const { station, profile } = await enrolledStation();
    const elsewhere = profileSchema.parse({
      ...signed(profile, stranger),
      trust: { caRootFingerprint: stranger.facts.caFingerprint },
    });
    expect(await carryOut(station, { profile: elsewhere, operation: 'fullcmc' })).toMatchObject({
      state: 'refused',
      error: { code: 'CMC-06' },
    });
  });

  test('of the command line waits in one process and is fetched by the next', async () => {
    const practice = await practiceWith({ pendingSeconds: 1 });
    const home = await mkdtemp(join(folder, 'home-'));
    const keystore = { kind: 'software' as const, path: join(home, 'keys') };
    const file = join(home, 'profile.json');
    await writeFile(file, JSON.stringify(profileOf(first, { keystore })));
    const env = {
      EST_STATION_HOME: home,
      EST_STATION_PIN: 'keystore passphrase',
      EST_STATION_PASSWORD: first.facts.password,
    };
    expect(await runCommand(['enroll', '--profile', file], env)).toMatchObject({ code: 0 });

    await writeFile(file, JSON.stringify(signed(profileOf(first, { keystore }), practice)));
    const command = ['fullcmc', '--profile', file, '--sign-with', 'enrolled', '--json'];
    const waiting = await runCommand(command, env);
    expect(waiting.code).toBe(9);
    const { enrollmentId } = document(waiting);
    const done = await runCommand(command, env);
    expect({ code: done.code, ...document(done) }).toMatchObject({
      code: 0,
      enrollmentId,
      operation: 'fullcmc',
      state: 'done',
    });
    const wrong = [...command.slice(0, 3), '--sign-with', 'nobody'];
    expect(await runCommand(wrong, env)).toMatchObject({ code: 2 });
  });
});
