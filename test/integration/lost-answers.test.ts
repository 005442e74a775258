import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandStation, practiceServer, signedRequests } from '../command-bench.ts';
import { startCommand } from '../command-line.ts';

describe('a station killed after it had submitted', () => {
  /** Enrolls at a server that never answers, and is killed without a chance to say goodbye. */
  async function killed() {
    const practice = await practiceServer({ faults: ['hang-after-post'] });
    const here = await commandStation(practice);
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
    expect(await run('reconcile')).toMatchObject({
      code: 0,
      json: { enrollments: [{ enrollmentId, state: 'outcome-unknown' }] },
    });
    expect(await run('reconcile', '--abandon')).toMatchObject({
      code: 2,
      json: { error: { code: 'USAGE-01' } },
    });
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
    expect((await run('reconcile')).json).toMatchObject({ enrollments: [] });
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
    const { run, enrollmentId, folder, profile, practice } = await killed();
    const hasty = join(folder, 'hasty.json');
    await writeFile(hasty, JSON.stringify({ ...profile, limits: { exchangeMs: 1000 } }));
    const reconcile = ['reconcile', '--enrollment', enrollmentId, '--profile', hasty];
    const again = await run(...reconcile, '--resubmit');
    // The server is as silent as before.
    expect(again).toMatchObject({ code: 6, json: { state: 'outcome-unknown', enrollmentId } });
    expect(practice.log.filter(({ status }) => status === 0)).toHaveLength(2);
    const [before, after] = await signedRequests(run, enrollmentId);
    expect(after).toBe(before);
  });
});

test('a lost enrollment keeps its key when the device is enrolled again', async () => {
  const practice = await practiceServer({ faults: ['close-after-post'] });
  const { run, file } = await commandStation(practice);
  const first = await run('enroll', '--profile', file);
  expect(first.json).toMatchObject({ state: 'outcome-unknown', warnings: [] });
  const again = await run('enroll', '--profile', file);
  expect(again.json).toMatchObject({
    state: 'outcome-unknown',
    warnings: [{ code: 'KEY-KEPT', params: { enrollment: first.json.enrollmentId } }],
  });
  const issued = join(practice.facts.caCertificate, '..', 'issued.pem');
  for (const { json } of [again, first]) {
    const choice = ['--enrollment', String(json.enrollmentId), '--profile', file];
    const settled = await run('reconcile', ...choice, '--certificate', issued);
    expect(settled).toMatchObject({ code: 0, json: { state: 'done' } });
  }
});
