import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import { trustBench } from '../../test/trust-bench.ts';
import { digestAlgorithms } from './digest-challenge.ts';
import type { PracticeOptions } from './practice.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-digest-'));
});
afterAll(() => discardFolder(folder));

/** Enrolls twice with Digest: statuses of the POSTs, and what the server says of the credentials. */
async function enrolledWith(change: Partial<PracticeOptions>) {
  const bench = await trustBench(folder);
  const server = await bench.serve({ httpAuth: 'digest', ...change });
  const { httpAuthentication, ...others } = bench.profile();
  const profile = {
    ...others,
    httpAuthentication: { ...httpAuthentication, scheme: 'digest' },
  } as const;
  const order = { profile, operation: 'enroll' } as const;
  const record = await bench.station.ended(await bench.station.start(order));
  expect(record).toMatchObject({ state: 'done', error: null });
  const posts = server.log.filter(({ method }) => method === 'POST');
  expect(posts.at(-1)).toMatchObject({ status: 200, authenticatedBy: 'digest' });
  return posts.map(({ status }) => status);
}

describe('HTTP Digest of the practice server', () => {
  test.each(
    digestAlgorithms.flatMap((algorithm) =>
      (['auth', 'auth-int'] as const).map((digestQop) => [algorithm, digestQop] as const),
    ),
  )('takes %s with qop %s', async (algorithm, digestQop) => {
    expect(await enrolledWith({ digest: [algorithm], digestQop })).toEqual([401, 200]);
  });

  test.each<[string, Partial<PracticeOptions>]>([
    ['the strongest last', { digest: ['MD5', 'SHA-256', 'SHA-512-256'] }],
    ['Basic beside it', { httpAuth: 'both' }],
    ['every challenge in a header of its own', { httpAuth: 'both', faults: ['challenges-apart'] }],
    ['odd quoting', { faults: ['digest-quoting'] }],
  ])('is answered with %s', async (_how, change) => {
    expect(await enrolledWith(change)).toEqual([401, 200]);
  });
});
