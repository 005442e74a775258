import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PracticeFault } from '../../electron/practice/practice.ts';
import { type BadInputBench, badInputBench } from '../bad-input-bench.ts';
import { document, runCommand, startCommand } from '../command-line.ts';
import { observe } from '../conformance/observe.ts';

let bench: BadInputBench;
beforeAll(async () => {
  bench = await badInputBench();
});
afterAll(() => bench.close());

describe('a bad server', () => {
  test('a server that is down', async () => {
    const port = await freePort();
    await bench.expectRefused(
      ['enroll', '--profile', await bench.profile({ server: { endpoint: `127.0.0.1:${port}` } })],
      'NET-01',
      6,
    );
  });

  test('a wrong password', async () => {
    await bench.withPractice({}, async (practice) => {
      await bench.expectRefused(
        ['enroll', '--profile', await bench.practiceProfile(practice)],
        'SERVER-03',
        8,
      );
    });
  });

  test.each<[PracticeFault, string, number, string]>([
    ['plain-http', 'NET-05', 6, 'failed'],
    ['unknown-ca', 'TRUST-06', 7, 'failed'],
    ['wrong-name', 'TRUST-03', 7, 'failed'],
    ['garbage-cacerts', 'SERVER-09', 8, 'refused'],
    ['garbage-enroll', 'SERVER-09', 8, 'refused'],
    ['oversized-body', 'SERVER-10', 8, 'refused'],
    ['html-error', 'SERVER-07', 8, 'refused'],
    ['certificate-for-another-key', 'CERT-01', 8, 'refused'],
    ['close-after-post', 'NET-04', 6, 'outcome-unknown'],
  ])('a server with the fault %s, then without', async (fault, code, exitCode, state) => {
    await bench.withPractice({ faults: [fault] }, async (practice) => {
      const working = await bench.practiceProfile(practice);
      const env = { EST_STATION_PASSWORD: practice.facts.password };
      const record = await bench.expectRefused(
        ['enroll', '--profile', working],
        code,
        exitCode,
        env,
      );
      expect(record).toMatchObject({ state });
      if (fault === 'close-after-post') {
        observe('network', 'an answer lost after the request', `refuse ${code}`);
      }
    });
    await bench.withPractice({}, async (practice) => {
      const env = bench.environment({ EST_STATION_PASSWORD: practice.facts.password });
      const next = await runCommand(
        ['enroll', '--profile', await bench.practiceProfile(practice), '--json'],
        env,
      );
      expect(document(next)).toMatchObject({ state: 'done' });
    });
    await bench.expectAuditIntact();
  });

  test('a server that never answers the request ends at the deadline with an unknown outcome', async () => {
    await bench.withPractice({ faults: ['hang-after-post'] }, async (practice) => {
      const hasty = await bench.practiceProfile(practice, { limits: { exchangeMs: 1500 } });
      const env = { EST_STATION_PASSWORD: practice.facts.password };
      const record = await bench.expectRefused(['enroll', '--profile', hasty], 'NET-06', 6, env);
      expect(record).toMatchObject({ state: 'outcome-unknown' });
    });
  });

  test('Ctrl-C while waiting for the answer', async () => {
    await bench.withPractice({ faults: ['hang-after-post'] }, async (practice) => {
      const env = bench.environment({ EST_STATION_PASSWORD: practice.facts.password });
      const child = startCommand(
        ['enroll', '--profile', await bench.practiceProfile(practice), '--json'],
        env,
      );
      let printed = '';
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
      });
      await expect
        .poll(() => practice.log.some(({ status }) => status === 0), { timeout: 20_000 })
        .toBe(true);
      const exit = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGINT');
      expect(await exit).toBe(130);
      expect(JSON.parse(printed)).toMatchObject({
        state: 'outcome-unknown',
        error: { code: 'CANCEL-01' },
      });
    });
    await bench.expectAuditIntact();
  });

  test('a server that asks to come back, and then issues for the same key', async () => {
    await bench.withPractice({ pendingSeconds: 7 }, async (practice) => {
      const args = ['enroll', '--profile', await bench.practiceProfile(practice)];
      const env = { EST_STATION_PASSWORD: practice.facts.password };
      const waiting = await bench.expectRefused(args, 'SERVER-13', 9, env);
      expect(waiting).toMatchObject({ state: 'pending', retryAfterSeconds: 7 });
      const issued = await runCommand([...args, '--json'], bench.environment(env));
      expect(document(issued)).toMatchObject({ state: 'done' });
    });
  });

  test('a server that demands proof of possession, without and with it', async () => {
    await bench.withPractice({ requirePop: true }, async (practice) => {
      const env = { EST_STATION_PASSWORD: practice.facts.password };
      const without = await bench.practiceProfile(practice);
      await bench.expectRefused(['enroll', '--profile', without], 'POP-05', 3, env);
      const bound = await bench.practiceProfile(practice, { proofOfPossession: { enabled: true } });
      const done = await runCommand(
        ['enroll', '--profile', bound, '--json'],
        bench.environment(env),
      );
      expect(document(done)).toMatchObject({ state: 'done' });
      expect(practice.log.at(-1)).toMatchObject({ pop: 'valid', tls: 'TLSv1.2', status: 200 });
    });
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
