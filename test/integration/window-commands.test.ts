import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { composeStation } from '../../electron/compose.ts';
import type { PracticeOptions, PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { stationCommands } from '../../electron/station/commands.ts';
import type { StationHandlers } from '../../shared/contract/handlers.ts';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { type Profile, type ProfileInput, profileSchema } from '../../shared/profile.ts';
import { discardFolder } from '../discard-folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-window-'));
});
afterAll(() => discardFolder(folder));

async function practiceServer(options: Partial<PracticeOptions> = {}): Promise<PracticeServer> {
  const practice = await startPractice({ dir: await mkdtemp(join(folder, 'ca-')), ...options });
  onTestFinished(() => practice.close());
  return practice;
}

interface Bench {
  readonly handlers: StationHandlers;
  /** The next end of an enrollment that is told to the window. */
  ended(): Promise<EnrollmentRecord>;
  /** Closes the station; the same data folder opens again. */
  restart(): Promise<Bench>;
}

/** A station as its window has it: no prompt, secrets only as the window gave them. */
async function bench(home?: string): Promise<Bench> {
  const place = home ?? (await mkdtemp(join(folder, 'home-')));
  const station = await composeStation({ env: { EST_STATION_HOME: place }, secretSource: null });
  onTestFinished(() => station.close());
  const handlers = stationCommands(station, {
    version: '0',
    host: 'chromium',
    dataFolder: place,
    practice: null,
  });
  return {
    handlers,
    ended: () =>
      new Promise((resolve) => {
        const stop = station.subscribe((event) => {
          if (event.name !== 'enrollment.ended') return;
          stop();
          resolve(event.payload);
        });
      }),
    async restart() {
      await station.close();
      return await bench(place);
    },
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);

async function profileFor(
  { facts }: PracticeServer,
  change: Partial<ProfileInput> = {},
): Promise<Profile> {
  return profileSchema.parse({
    server: { endpoint: facts.endpoint },
    keystore: { kind: 'software', path: join(await mkdtemp(join(folder, 'keys-')), 'keys') },
    httpAuthentication: { scheme: 'basic', username: facts.username },
    request: { subject: 'CN=GW-20417' },
    ...change,
  });
}

async function trustByFingerprint(
  { handlers }: Bench,
  profile: Profile,
  { facts }: PracticeServer,
): Promise<void> {
  const { offerId } = await handlers['trust.fetch']({ profile });
  await handlers['trust.confirm']({ offerId, fingerprint: facts.caFingerprint });
}

async function giveSecrets({ handlers }: Bench, { facts }: PracticeServer): Promise<void> {
  const hold = handlers['credentials.hold'];
  await hold({ purpose: 'keystore-passphrase', secret: bytes('keystore passphrase') });
  await hold({ purpose: 'http-password', secret: bytes(facts.password) });
}

/** What the window gives with an order when nothing special was chosen. */
const plain = {
  operation: 'enroll',
  unverifiedNameConfirmed: false,
  followServer: false,
  fill: {},
} as const;

describe('the trust commands of the window', () => {
  test('list every anchor with its story, take one from a file, and remove one', async () => {
    const practice = await practiceServer();
    const window = await bench();
    const { handlers } = window;
    const profile = await profileFor(practice, {
      trust: { caRootFingerprint: practice.facts.caFingerprint },
    });
    await handlers['profiles.save']({ profile });
    const server = practice.facts.endpoint;
    const saved = { name: profile.name, root: null, fingerprint: practice.facts.caFingerprint };
    expect(await handlers['trust.list']({})).toEqual([{ server, anchors: [], profiles: [saved] }]);

    await trustByFingerprint(window, profile, practice);
    const [listed] = await handlers['trust.list']({});
    expect(listed).toMatchObject({
      server,
      anchors: [
        {
          certificate: { fingerprint: practice.facts.caFingerprint },
          kind: 'explicit',
          source: 'operator',
          successorOf: null,
        },
      ],
    });

    const fingerprint = practice.facts.caFingerprint;
    await handlers['trust.remove']({ server, fingerprint });
    await expect(handlers['trust.remove']({ server, fingerprint })).rejects.toMatchObject({
      code: 'TRUST-12',
    });
    expect(await handlers['trust.list']({})).toMatchObject([{ server, anchors: [] }]);

    const content = await readFile(practice.facts.caCertificate);
    const [root] = await handlers['trust.readFile']({ content });
    expect(root?.fingerprint).toBe(fingerprint);
    await expect(
      handlers['trust.import']({ server: profile.server, content, fingerprint: 'AB'.repeat(32) }),
    ).rejects.toMatchObject({ code: 'TRUST-11' });
    expect(
      await handlers['trust.import']({ server: profile.server, content, fingerprint }),
    ).toMatchObject({ server, anchors: [{ source: 'file', kind: 'explicit' }] });
    expect(await handlers['trust.refresh']({ profile })).toMatchObject({
      state: { server },
      offered: expect.arrayContaining([expect.objectContaining({ standing: 'trusted' })]),
    });
  });

  test.each<[string, Uint8Array<ArrayBuffer>, string]>([
    ['words', bytes('no certificate at all'), 'CERT-06'],
    ['a damaged DER', Uint8Array.of(0x30, 0x82, 0xff, 0xff), 'CERT-06'],
    ['nothing', new Uint8Array(), 'CERT-06'],
  ])('refuse a file that holds %s', async (_name, content, code) => {
    const { handlers } = await bench();
    await expect(handlers['trust.readFile']({ content })).rejects.toMatchObject({ code });
  });

  test('refuse to trust a certificate that is no CA', async () => {
    const practice = await practiceServer();
    const window = await bench();
    const profile = await profileFor(practice);
    await trustByFingerprint(window, profile, practice);
    await giveSecrets(window, practice);
    const ended = window.ended();
    await window.handlers['enrollment.start']({ profile, ...plain });
    const { certificate } = await ended;
    const content = bytes(certificate?.pem ?? '');
    const fingerprint = certificate?.fingerprint ?? '';
    await expect(
      window.handlers['trust.import']({ server: profile.server, content, fingerprint }),
    ).rejects.toMatchObject({ code: 'TRUST-11' });
  });
});

describe('an enrollment the server put off', () => {
  test('is listed after a restart with its settings, and finished by asking again', async () => {
    const practice = await practiceServer({ approval: true });
    const first = await bench();
    const profile = await profileFor(practice);
    await trustByFingerprint(first, profile, practice);
    await giveSecrets(first, practice);
    const put = first.ended();
    const { enrollmentId } = await first.handlers['enrollment.start']({ profile, ...plain });
    expect(await put).toMatchObject({ state: 'pending', retryAfterSeconds: 10 });
    const before = await first.handlers['enrollment.list']({ limit: 50 });
    expect(before).toMatchObject([
      { record: { enrollmentId }, dueAt: expect.any(String), automatic: true },
    ]);

    const second = await first.restart();
    expect(await second.handlers['enrollment.list']({ limit: 50 })).toMatchObject([
      { record: { enrollmentId, state: 'pending' }, profile, automatic: false },
    ]);
    const order = { enrollmentId, unverifiedNameConfirmed: false };
    const without = second.ended();
    await second.handlers['enrollment.resume'](order);
    expect(await without).toMatchObject({ state: 'pending', error: { code: 'SECRET-01' } });
    expect(await second.handlers['enrollment.list']({ limit: 50 })).toMatchObject([
      { automatic: false },
    ]);

    await writeFile(join(practice.facts.caCertificate, '..', 'approve'), '');
    await giveSecrets(second, practice);
    const finished = second.ended();
    await second.handlers['enrollment.resume'](order);
    expect(await finished).toMatchObject({ state: 'done', enrollmentId });
    expect(await second.handlers['enrollment.list']({ limit: 50 })).toMatchObject([
      { record: { state: 'done' }, dueAt: null, automatic: false },
    ]);
  });

  test('is asked for again by itself while the station holds what it needs', async () => {
    const practice = await practiceServer({ pendingSeconds: 1 });
    const window = await bench();
    const profile = await profileFor(practice);
    await trustByFingerprint(window, profile, practice);
    await giveSecrets(window, practice);
    const put = window.ended();
    await window.handlers['enrollment.start']({ profile, ...plain });
    expect(await put).toMatchObject({ state: 'pending' });
    expect(await window.ended()).toMatchObject({ state: 'done' });
  });
});

describe('an enrollment whose answer was lost', () => {
  async function lost() {
    const practice = await practiceServer({ faults: ['close-after-post'] });
    const window = await bench();
    const profile = await profileFor(practice);
    await trustByFingerprint(window, profile, practice);
    await giveSecrets(window, practice);
    const ended = window.ended();
    const { enrollmentId } = await window.handlers['enrollment.start']({ profile, ...plain });
    expect(await ended).toMatchObject({ state: 'outcome-unknown' });
    return { practice, window, enrollmentId, handlers: window.handlers };
  }

  test('shows its key and request, and is given up', async () => {
    const { handlers, enrollmentId } = await lost();
    expect(await handlers['enrollment.unknown']({ enrollmentId })).toEqual({
      publicKey: expect.any(String),
      subject: expect.stringContaining('CN='),
      submittedAt: expect.any(String),
      request: expect.any(String),
    });
    expect(await handlers['enrollment.abandon']({ enrollmentId })).toMatchObject({
      state: 'cancelled',
    });
  });

  test('takes the certificate found at the CA, and no other', async () => {
    const { practice, window, handlers, enrollmentId } = await lost();
    const ca = practice.facts.caCertificate;
    const wrong = window.ended();
    await handlers['enrollment.adopt']({ enrollmentId, content: await readFile(ca) });
    expect(await wrong).toMatchObject({ state: 'outcome-unknown', error: { code: 'CERT-01' } });
    const right = window.ended();
    const content = await readFile(join(ca, '..', 'issued.pem'));
    await handlers['enrollment.adopt']({ enrollmentId, content });
    expect(await right).toMatchObject({ state: 'done', enrollmentId });
  });
});
