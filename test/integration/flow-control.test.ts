import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { PracticeOptions, PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import type { ProfileInput } from '../../shared/profile.ts';
import { document, runCommand, startCommand } from '../command-line.ts';
import { observe } from '../conformance/observe.ts';
import { discardFolder } from '../discard-folder.ts';
import { closedPort, serveTcp } from '../loopback.ts';

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-flow-'));
});

afterAll(async () => {
  await discardFolder(folder);
});

/** A station of its own with a software keystore, and what a person types at it. */
async function station(practice: PracticeServer, change: Partial<ProfileInput> = {}) {
  count += 1;
  const home = join(folder, `home-${count}`);
  const profile: ProfileInput = {
    server: { endpoint: practice.facts.endpoint },
    trust: { caRootFingerprint: practice.facts.caFingerprint },
    keystore: { kind: 'software', path: join(folder, `keys-${count}`) },
    httpAuthentication: { scheme: 'basic', username: practice.facts.username },
    request: { subject: `CN=flow-${count}` },
    ...change,
  };
  const file = join(folder, `profile-${count}.json`);
  await writeFile(file, JSON.stringify(profile));
  const env = {
    EST_STATION_HOME: home,
    EST_STATION_PIN: 'keystore passphrase',
    EST_STATION_PASSWORD: practice.facts.password,
  };
  const run = async (...args: string[]) => {
    const finished = await runCommand([...args, '--json'], env);
    return { ...finished, json: document(finished) };
  };
  return { run, env, file, profile };
}

async function practiceServer(options: Partial<PracticeOptions> = {}): Promise<PracticeServer> {
  const practice = await startPractice({ dir: await mkdtemp(join(folder, 'ca-')), ...options });
  onTestFinished(() => practice.close());
  return practice;
}

const posts = ({ log }: PracticeServer) =>
  log.filter(({ method, status }) => method === 'POST' && status !== 401);

/** The requests the journal says were signed, oldest first. */
async function requests(run: Awaited<ReturnType<typeof station>>['run'], enrollmentId: unknown) {
  const { json } = await run('journal', '--enrollment', String(enrollmentId));
  const entries = json.entries as { phase: string; state: string; evidence: { request: string } }[];
  return entries
    .filter(({ phase, state }) => phase === 'after' && state === 'signed')
    .map(({ evidence }) => evidence.request);
}

describe('a request the server puts off', () => {
  test('is not asked for again before its time, and then with the same key, request and name', async () => {
    const practice = await practiceServer({ pendingSeconds: 600 });
    const { run, file } = await station(practice);
    const first = await run('enroll', '--profile', file);
    expect(first).toMatchObject({ code: 9, json: { state: 'pending', retryAfterSeconds: 600 } });
    const { enrollmentId } = first.json;

    expect((await run('resume')).json).toMatchObject({ enrollments: [{ enrollmentId }] });
    const early = await run('resume', '--profile', file);
    expect(early).toMatchObject({ code: 9, json: { enrollments: [{ state: 'pending' }] } });
    const [told = ''] = /OUTCOME-\d+/.exec(early.stderr) ?? [];
    observe('pending', 'asked again before its time', `refuse ${told}`);
    expect(posts(practice)).toHaveLength(1);

    const issued = await run('resume', '--profile', file, '--now');
    expect(issued).toMatchObject({
      code: 0,
      json: { enrollments: [{ enrollmentId, state: 'done' }] },
    });
    const [before, after] = await requests(run, enrollmentId);
    expect(after).toBe(before);
    observe('pending', 'the same key and request afterwards, across a restart', 'accept');
    expect((await run('resume')).json).toMatchObject({ enrollments: [] });
  });

  test('with proof of possession is signed anew, once, for its new connection', async () => {
    const practice = await practiceServer({ pendingSeconds: 600, requirePop: true });
    const { run, file } = await station(practice, { proofOfPossession: { enabled: true } });
    const { json } = await run('enroll', '--profile', file);
    expect(json).toMatchObject({ state: 'pending' });
    expect((await run('resume', '--profile', file, '--now')).json).toMatchObject({
      enrollments: [{ enrollmentId: json.enrollmentId, state: 'done' }],
    });
    const signed = await requests(run, json.enrollmentId);
    expect(signed).toHaveLength(2);
    expect(signed[1]).not.toBe(signed[0]);
    expect(posts(practice).map(({ pop }) => pop)).toEqual(['valid', 'valid']);
    observe('pending', 'with proof of possession, signed anew once', 'accept');
  });

  test('is waited for and asked again by itself', async () => {
    const practice = await practiceServer({ pendingSeconds: 1 });
    const { run, file } = await station(practice);
    const finished = await run('enroll', '--profile', file, '--wait', '60');
    expect(finished).toMatchObject({ code: 0, json: { state: 'done' } });
    expect(finished.stderr).toContain('again in 1 s');
  });

  test('still waits when the server cannot be reached meanwhile', async () => {
    const practice = await practiceServer({ pendingSeconds: 600 });
    const { run, file } = await station(practice);
    const { json } = await run('enroll', '--profile', file);
    await practice.close();
    const resumed = await run('resume', '--profile', file, '--now');
    expect(resumed).toMatchObject({
      code: 6,
      json: {
        enrollments: [
          { enrollmentId: json.enrollmentId, state: 'pending', error: { code: 'NET-01' } },
        ],
      },
    });
  });
});

describe('a server that cannot be reached', () => {
  test('fails at once without --wait, and is tried again with it, never sooner than the interval', async () => {
    const practice = await practiceServer();
    const endpoint = `127.0.0.1:${await closedPort()}`;
    const { run, file } = await station(practice, {
      server: { endpoint },
      lifecycle: { connectRetryIntervalSeconds: 1 },
    });
    expect(await run('enroll', '--profile', file)).toMatchObject({
      code: 6,
      json: { state: 'failed', error: { code: 'NET-01' } },
    });
    const began = performance.now();
    const waited = await run('enroll', '--profile', file, '--wait', '3');
    expect(waited).toMatchObject({ code: 6, json: { error: { code: 'NET-01' } } });
    const again = waited.stderr.match(/again in 1 s/g)?.length ?? 0;
    expect(again).toBeGreaterThanOrEqual(1);
    expect(again).toBeLessThanOrEqual(3);
    expect(performance.now() - began).toBeGreaterThan(again * 1000);
    observe('network', 'tried again after the interval, visibly', 'refuse NET-01');
  });

  test('stops waiting when a person presses Ctrl-C', async () => {
    const practice = await practiceServer();
    const { run, file, env } = await station(practice, {
      server: { endpoint: `127.0.0.1:${await closedPort()}` },
    });
    const child = startCommand(['enroll', '--profile', file, '--wait', '--json'], env);
    const exit = new Promise((resolve) => child.once('close', resolve));
    let told = '';
    let printed = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const before = told;
      told += text;
      const waits = 'again in 60 s';
      if (told.includes(waits) && !before.includes(waits)) child.kill('SIGINT');
    });
    expect(await exit).toBe(130);
    observe('network', 'cancelled while it waits', `refuse ${JSON.parse(printed).error.code}`);
    expect((await run('audit-verify')).json).toMatchObject({ intact: true });
  });
});

describe('a server that redirects or is busy', () => {
  test.each<[PracticeOptions['faults'][number], readonly string[], number, string | null]>([
    ['redirect', [], 0, null],
    ['redirect-loop', [], 8, 'SERVER-14'],
    ['redirect-http', [], 8, 'SERVER-14'],
    ['redirect-other-origin', [], 8, 'SERVER-14'],
    // Credentials stay behind, and the other origin asks for some.
    ['redirect-other-origin', ['--follow-redirect'], 8, 'SERVER-16'],
    ['busy', [], 8, 'SERVER-08'],
    ['too-many-requests', ['--wait', '5'], 8, 'SERVER-08'],
  ])('by the fault %s %j ends with exit code %i', async (fault, options, code, error) => {
    const practice = await practiceServer({ faults: [fault] });
    const root = await readFile(practice.facts.caCertificate, 'utf8');
    const { run, file } = await station(practice, { trust: { caRootCertificate: root } });
    const { json, code: exit } = await run('enroll', '--profile', file, ...options);
    expect(json.error === null ? null : json.error).toEqual(
      error === null ? null : expect.objectContaining({ code: error }),
    );
    expect(exit).toBe(code);
    expect(json.retryAfterSeconds).toBe(error === 'SERVER-08' ? 120 : null);
    const authorised = practice.log.filter(({ authenticatedBy }) => authenticatedBy === 'basic');
    if (code !== 0) expect(authorised).toEqual([]);
  });
});

describe('a proxy of the profile', () => {
  test('carries bootstrap and enrollment, and gets its own password', async () => {
    const heads: string[] = [];
    const proxy = await serveTcp((client) => {
      client.once('data', (chunk) => {
        const head = chunk.toString('latin1');
        heads.push(head);
        const [, port = ''] = /^CONNECT 127\.0\.0\.1:(\d+) /.exec(head) ?? [];
        const known = head.includes(
          `Basic ${Buffer.from('line3:proxy secret').toString('base64')}\r\n`,
        );
        if (!known) {
          client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
          return;
        }
        const server = connect(Number(port), '127.0.0.1', () => {
          client.write('HTTP/1.1 200 OK\r\n\r\n');
          client.pipe(server).pipe(client);
        });
        server.on('error', () => client.destroy());
        client.on('close', () => server.destroy());
      });
    });
    onTestFinished(() => proxy[Symbol.asyncDispose]());
    const practice = await practiceServer();
    const { file, env, run } = await station(practice, {
      server: {
        endpoint: practice.facts.endpoint,
        proxy: { endpoint: `127.0.0.1:${proxy.port}`, username: 'line3' },
      },
    });
    const missing = await run('enroll', '--profile', file);
    expect(missing).toMatchObject({ code: 2, json: { error: { code: 'SECRET-01' } } });
    const args = ['enroll', '--profile', file, '--json'];
    const wrong = await runCommand(args, { ...env, EST_STATION_PROXY_PASSWORD: 'no' });
    expect(document(wrong)).toMatchObject({ error: { code: 'NET-09' } });
    const right = await runCommand(args, { ...env, EST_STATION_PROXY_PASSWORD: 'proxy secret' });
    expect(document(right)).toMatchObject({ state: 'done' });
    expect(heads.join('')).not.toContain(practice.facts.password);
    expect(JSON.stringify([wrong, right])).not.toContain('proxy secret');
  });
});

describe('a station killed after it had submitted', () => {
  /** Enrolls at a server that never answers, and is killed without a chance to say goodbye. */
  async function killed() {
    const practice = await practiceServer({ faults: ['hang-after-post'] });
    const here = await station(practice);
    const child = startCommand(['enroll', '--profile', here.file, '--json'], here.env);
    const exit = new Promise((resolve) => child.once('close', resolve));
    await expect
      .poll(() => practice.log.some(({ status }) => status === 0), { timeout: 30_000 })
      .toBe(true);
    // While it lives, nobody else takes its enrollment for lost.
    const alive = await here.run('journal');
    const entries = alive.json.entries as { enrollmentId: string; state: string }[];
    expect(entries.at(-1)).toMatchObject({ phase: 'before', state: 'issued' });
    child.kill('SIGKILL');
    await exit;
    return { ...here, practice, enrollmentId: String(entries[0]?.enrollmentId) };
  }

  test('knows the outcome is unknown, and a person gives it up', async () => {
    const { run, enrollmentId } = await killed();
    const shown = await run('reconcile', '--enrollment', enrollmentId);
    expect(shown).toMatchObject({
      code: 0,
      json: { state: 'outcome-unknown', error: { code: 'OUTCOME-01' }, enrollmentId },
    });
    expect(shown.json.publicKey).toEqual(expect.any(String));
    expect((await run('resume')).json).toMatchObject({ enrollments: [] });
    expect((await run('reconcile', '--enrollment', enrollmentId, '--abandon')).json).toMatchObject({
      state: 'cancelled',
    });
    expect(await run('reconcile', '--enrollment', enrollmentId)).toMatchObject({
      code: 2,
      json: { error: { code: 'USAGE-01' } },
    });
    expect((await run('audit-verify')).json).toMatchObject({ intact: true });
  });

  test('stores the certificate a person found at the CA, and no other', async () => {
    const { run, enrollmentId, file, practice } = await killed();
    const issued = join(practice.facts.caCertificate, '..', 'issued.pem');
    const reconcile = ['reconcile', '--enrollment', enrollmentId, '--profile', file];
    const other = await run(...reconcile, '--certificate', practice.facts.caCertificate);
    expect(other).toMatchObject({
      code: 8,
      json: { state: 'outcome-unknown', error: { code: 'CERT-01' } },
    });
    const stored = await run(...reconcile, '--certificate', issued);
    expect(stored).toMatchObject({ code: 0, json: { state: 'done', enrollmentId } });
    const shown = await run('show', '--profile', file);
    expect(shown.json.entries).toContainEqual(
      expect.objectContaining({
        alias: 'est-enrolled-key-pair',
        certificate: stored.json.certificate,
      }),
    );
  });

  test('submits the same request again by a person’s word, and records the possible orphan', async () => {
    const { run, enrollmentId, profile, practice } = await killed();
    const hasty = join(folder, 'hasty.json');
    await writeFile(hasty, JSON.stringify({ ...profile, limits: { exchangeMs: 1000 } }));
    const reconcile = ['reconcile', '--enrollment', enrollmentId, '--profile', hasty];
    const again = await run(...reconcile, '--resubmit');
    // The server is as silent as before.
    expect(again).toMatchObject({ code: 6, json: { state: 'outcome-unknown', enrollmentId } });
    expect(practice.log.filter(({ status }) => status === 0)).toHaveLength(2);
    const [before, after] = await requests(run, enrollmentId);
    expect(after).toBe(before);
  });
});
