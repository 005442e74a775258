import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stationPorts } from '../../electron/compose.ts';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import type { PracticeFault, PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import type { SecretPurpose } from '../../electron/station/ports.ts';
import { Station } from '../../electron/station/station.ts';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { type ProfileInput, profileSchema } from '../../shared/profile.ts';
import { observe, taken } from '../conformance/observe.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm, type SoftHsm } from '../softhsm.ts';

const run = promisify(execFile);

describe('a key pair the server generates', () => {
  let folder: string;
  let softHsm: SoftHsm;
  let practice: PracticeServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'est-serverkeygen-'));
    softHsm = await makeSoftHsm();
    practice = await startPractice({ dir: join(folder, 'practice') });
  });

  afterAll(async () => {
    await practice.close();
    await softHsm.cleanup();
    await discardFolder(folder);
  });

  const secrets: Record<SecretPurpose, string> = {
    'token-pin': '271828',
    'tls-token-pin': '271828',
    'http-password': '',
    'proxy-password': '',
    'tls-key-passphrase': 'tls passphrase',
    'keystore-passphrase': 'keystore passphrase',
    'decryption-key-passphrase': 'keystore passphrase',
    'key-encryption-key': '',
  };

  async function openStation(server: PracticeServer = practice): Promise<Station> {
    const home = await mkdtemp(join(folder, 'home-'));
    const ports = await stationPorts({
      env: { EST_STATION_HOME: home },
      launcher: nodeProcessLauncher({ env: { ...process.env, ...softHsm.env } }),
      secretSource: {
        ask: async (purpose) =>
          new TextEncoder().encode(
            {
              ...secrets,
              'http-password': server.facts.password,
              'key-encryption-key': server.facts.keyEncryptionKey,
            }[purpose],
          ),
      },
    });
    const station = new Station(ports);
    onTestFinished(() => station.close());
    return station;
  }

  async function faulty(...faults: PracticeFault[]): Promise<PracticeServer> {
    const server = await startPractice({ dir: join(folder, 'practice'), faults });
    onTestFinished(() => server.close());
    return server;
  }

  const profile = (change: Partial<ProfileInput> = {}, server: PracticeServer = practice) =>
    profileSchema.parse({
      server: { endpoint: server.facts.endpoint },
      trust: { caRootFingerprint: server.facts.caFingerprint },
      httpAuthentication: { scheme: 'basic', username: server.facts.username },
      request: { subject: 'CN=GW-1,O=Example' },
      keystore: { kind: 'software', path: join(folder, `keys-${crypto.randomUUID()}`) },
      ...change,
    });

  async function generate(
    station: Station,
    wanted: ReturnType<typeof profile>,
  ): Promise<EnrollmentRecord> {
    return await station.ended(await station.start({ profile: wanted, operation: 'serverkeygen' }));
  }

  const verdictOf = ({ error, warnings }: EnrollmentRecord) =>
    error === null ? taken(warnings) : `refuse ${error.code}`;

  const rsa = {
    subject: 'CN=GW-1,O=Example',
    keyAlgorithm: 'RSA',
    keyParameterSet: '2048',
    signatureAlgorithm: 'SHA256WITHRSA',
  } as const;

  test.each([
    ['EC', { subject: 'CN=GW-1,O=Example' }],
    ['RSA', rsa],
  ] as const)('is imported into a token: %s', async (kind, request) => {
    const { serial, pin } = await softHsm.makeToken({ label: kind, pin: secrets['token-pin'] });
    const station = await openStation();
    const record = await generate(
      station,
      profile({ request, keystore: { kind: 'pkcs11', module: softHsm.module, token: { serial } } }),
    );
    expect(record.error).toBeNull();
    expect(record).toMatchObject({
      operation: 'serverkeygen',
      state: 'done',
      keystore: { kind: 'pkcs11', alias: 'est-enrolled-key-pair', generatedThere: false },
    });
    expect(record.warnings.map(({ code }) => code)).toContain('KEY-IMPORTED');
    observe('serverkeygen', `${kind}, into a token`, verdictOf(record));
    const { stdout } = await run(
      'pkcs11-tool',
      [
        '--module',
        softHsm.module,
        '--token-label',
        kind,
        '--login',
        '--pin',
        pin,
        '--list-objects',
      ].concat(['--type', 'privkey']),
      { env: { ...process.env, ...softHsm.env } },
    );
    expect(stdout).toContain('est-enrolled-key-pair');
    expect(stdout).not.toMatch(/Access:.*(?:extractable|local)/);
    const audited = await station.ports.store.audit.read({ limit: 10 });
    expect(audited.map(({ what, details }) => [what, details])).toEqual(
      expect.arrayContaining([
        ['certificate.issued', expect.objectContaining({ keyGeneratedBy: 'server' })],
        ['certificate.stored', expect.objectContaining({ key: 'imported, not made there' })],
      ]),
    );
  });

  test('is imported into a software keystore', async () => {
    const station = await openStation();
    const wanted = profile();
    const record = await generate(station, wanted);
    expect(record).toMatchObject({ error: null, state: 'done' });
    const shown = await station.show(wanted);
    const enrolled = shown.entries.find(({ alias }) => alias === 'est-enrolled-key-pair');
    expect(enrolled?.certificate).toEqual(record.certificate);
    expect(record.steps.map(({ name }) => name)).toEqual([
      'token-ready',
      'trusted',
      'attributes-known',
      'authenticated',
      'signed',
      'submitted',
      'issued',
      'stored',
      'verified',
    ]);
  });

  test.each<[PracticeFault, typeof rsa | { subject: string }, string[]]>([
    ['key-after-certificate', { subject: 'CN=a' }, ['KEY-IMPORTED']],
    ['odd-multipart', { subject: 'CN=a' }, ['KEY-IMPORTED']],
    ['traditional-key', { subject: 'CN=a' }, ['KEY-FORM', 'KEY-IMPORTED']],
    ['traditional-key', rsa, ['KEY-FORM', 'KEY-IMPORTED']],
  ])('is accepted with %s', async (fault, request, notices) => {
    const server = await faulty(fault);
    const record = await generate(await openStation(server), profile({ request }, server));
    expect(record).toMatchObject({ error: null, state: 'done' });
    expect(record.warnings.map(({ code }) => code)).toEqual(notices);
    observe('serverkeygen', `${fault}, ${request === rsa ? 'RSA' : 'EC'}`, verdictOf(record));
  });

  test.each<[PracticeFault, string]>([['key-of-another-pair', 'KEY-02']])(
    'is refused with %s',
    async (fault, code) => {
      const server = await faulty(fault);
      const station = await openStation(server);
      const wanted = profile({}, server);
      const record = await generate(station, wanted);
      expect(record.error?.code).toBe(code);
      expect(record.state).toBe('refused');
      observe('serverkeygen', fault, verdictOf(record));
      expect(record.certificate?.subject).toContain('GW-1');
      expect((await station.show(wanted)).entries).toEqual([]);
    },
  );

  /** A software keystore with an enrolled key, which the server knows by its certificate. */
  async function decryptionKeystore(request: ProfileInput['request']): Promise<string> {
    const path = join(folder, `decrypt-${crypto.randomUUID()}`);
    const station = await openStation();
    const wanted = profile({ request, keystore: { kind: 'software', path } });
    const { state } = await station.ended(
      await station.start({ profile: wanted, operation: 'enroll' }),
    );
    expect(state).toBe('done');
    return path;
  }

  type Section = ProfileInput['serverKeyGeneration'];
  const asymmetric = async (request: ProfileInput['request']): Promise<Section> => ({
    encryption: 'asymmetric',
    keystore: { kind: 'software', path: await decryptionKeystore(request) },
    alias: 'est-enrolled-key-pair',
  });
  const symmetric = (server: PracticeServer): Section => ({
    encryption: 'symmetric',
    keyEncryptionKeyId: server.facts.keyEncryptionKeyId,
  });

  test.each<[string, () => Promise<Section>]>([
    ['RSA', () => asymmetric(rsa)],
    ['ECDH', () => asymmetric({ subject: 'CN=decrypts' })],
    ['a key encryption key', async () => symmetric(practice)],
  ])('comes encrypted with %s', async (how, section) => {
    const station = await openStation();
    const record = await generate(station, profile({ serverKeyGeneration: await section() }));
    expect(record).toMatchObject({ error: null, state: 'done' });
    expect(record.warnings.map(({ code }) => code)).toEqual(['KEY-IMPORTED']);
    observe('serverkeygen', `encrypted with ${how}`, verdictOf(record));
  });

  test.each<[PracticeFault, string]>([
    ['key-in-clear', 'KEY-03'],
    ['key-for-another-recipient', 'KEY-05'],
    ['key-in-encrypted-data', 'KEY-06'],
    ['key-unsigned', 'KEY-07'],
    ['key-signed-by-stranger', 'KEY-07'],
    ['key-of-another-pair', 'KEY-02'],
  ])('asked for encrypted is refused with %s', async (fault, code) => {
    const server = await faulty(fault);
    const station = await openStation(server);
    const wanted = profile({ serverKeyGeneration: symmetric(server) }, server);
    const record = await generate(station, wanted);
    expect(record.error?.code).toBe(code);
    observe('serverkeygen', `encrypted, ${fault}`, verdictOf(record));
    expect(record.certificate?.subject).toContain('GW-1');
    expect((await station.show(wanted)).entries).toEqual([]);
  });

  test('asked for with a decryption key the server does not know is refused by it', async () => {
    const station = await openStation();
    const serverKeyGeneration = { encryption: 'symmetric', keyEncryptionKeyId: '00ff' } as const;
    const record = await generate(station, profile({ serverKeyGeneration }));
    expect(record.error?.code).toBe('SERVER-06');
    observe('serverkeygen', 'encrypted, an unknown decrypt identifier', verdictOf(record));
    expect(record.error?.message).toContain('00ff');
    expect(record.state).toBe('refused');
  });

  test('that waits is asked for again with the very same request', async () => {
    const server = await startPractice({ dir: join(folder, 'practice'), pendingSeconds: 0 });
    onTestFinished(() => server.close());
    const station = await openStation(server);
    const wanted = profile({}, server);
    const first = await generate(station, wanted);
    expect(first.state).toBe('pending');
    const second = await generate(station, wanted);
    expect(second).toMatchObject({ error: null, state: 'done' });
    observe('serverkeygen', 'that waits first', verdictOf(second));
    const { enrollmentId } = second;
    const journal = await station.ports.store.journal.read({ enrollmentId, limit: 100 });
    const requests = journal
      .filter(({ state, phase }) => state === 'signed' && phase === 'after')
      .map(({ evidence }) => evidence.request);
    expect(requests).toHaveLength(2);
    expect(new Set(requests).size).toBe(1);
  });
});
