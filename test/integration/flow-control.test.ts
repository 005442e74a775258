import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PracticeOptions, PracticeServer } from '../../electron/practice/practice.ts';
import { commandStation, practiceServer, signedRequests } from '../command-bench.ts';
import { document, runCommand, startCommand } from '../command-line.ts';
import { observe } from '../conformance/observe.ts';
import { closedPort, serveTcp } from '../loopback.ts';

const posts = ({ log }: PracticeServer) =>
  log.filter(({ method, status }) => method === 'POST' && status !== 401);

describe('a request the server puts off', () => {
  test('is not asked for again before its time, and then with the same key, request and name', async () => {
    const practice = await practiceServer({ pendingSeconds: 600 });
    const { run, file } = await commandStation(practice);
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
    const [before, after] = await signedRequests(run, enrollmentId);
    expect(after).toBe(before);
    observe('pending', 'the same key and request afterwards, across a restart', 'accept');
    expect((await run('resume')).json).toMatchObject({ enrollments: [] });
  });

  test('with proof of possession is signed anew, once, for its new connection', async () => {
    const practice = await practiceServer({ pendingSeconds: 600, requirePop: true });
    const { run, file } = await commandStation(practice, { proofOfPossession: { enabled: true } });
    const { json } = await run('enroll', '--profile', file);
    expect(json).toMatchObject({ state: 'pending' });
    expect((await run('resume', '--profile', file, '--now')).json).toMatchObject({
      enrollments: [{ enrollmentId: json.enrollmentId, state: 'done' }],
    });
    const signed = await signedRequests(run, json.enrollmentId);
    expect(signed).toHaveLength(2);
    expect(signed[1]).not.toBe(signed[0]);
    expect(posts(practice).map(({ pop }) => pop)).toEqual(['valid', 'valid']);
    observe('pending', 'with proof of possession, signed anew once', 'accept');
  });

  test('is waited for and asked again by itself', async () => {
    const practice = await practiceServer({ pendingSeconds: 1 });
    const { run, file } = await commandStation(practice);
    const finished = await run('enroll', '--profile', file, '--wait', '60');
    expect(finished).toMatchObject({ code: 0, json: { state: 'done' } });
    expect(finished.stderr).toContain('again in 1 s');
  });

  test('is found again after another device was enrolled', async () => {
    const practice = await practiceServer({ approval: true });
    const { run, file } = await commandStation(practice);
    const { json } = await run('enroll', '--profile', file);
    expect(json).toMatchObject({ state: 'pending' });
    const other = await run('enroll', '--profile', file, '--subject', 'CN=GW-2');
    expect(other.json).toMatchObject({ state: 'pending' });
    expect(other.json.enrollmentId).not.toBe(json.enrollmentId);
    const again = await run('enroll', '--profile', file);
    expect(again.json.enrollmentId).toBe(json.enrollmentId);
  });

  test('still waits when the server cannot be reached meanwhile', async () => {
    const practice = await practiceServer({ pendingSeconds: 600 });
    const { run, file } = await commandStation(practice);
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
    const { run, file } = await commandStation(practice, {
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
    const { run, file, env } = await commandStation(practice, {
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
    const { run, file } = await commandStation(practice, { trust: { caRootCertificate: root } });
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
    const { file, env, run } = await commandStation(practice, {
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
