import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { commandStation, practiceServer } from '../command-bench.ts';

const soon = { clientCertificateRenew: true, certificateExpirationCheckTimeHours: 720 };
/** More than the year a practice certificate is good for. */
const always = { ...soon, certificateExpirationCheckTimeHours: 87_600 };

/** An enrolled device, whose profile says from now on when to renew. */
async function enrolled() {
  const practice = await practiceServer();
  const { run, file, profile } = await commandStation(practice);
  await run('enroll', '--profile', file);
  const says = async (lifecycle: typeof soon) =>
    await writeFile(file, JSON.stringify({ ...profile, lifecycle }));
  return {
    run,
    says,
    timer: () => run('reenroll', '--when-due', '--profile', file),
    file,
    practice,
  };
}

test('a timer renews nothing before its time, and the same key from then on', async () => {
  const { run, says, timer, file, practice } = await enrolled();
  expect(await timer()).toMatchObject({ code: 2, json: { error: { code: 'USAGE-01' } } });

  await says(soon);
  const asked = practice.log.length;
  const early = await timer();
  expect(early).toMatchObject({ code: 0, json: { renewal: { wanted: true, due: false } } });
  expect(practice.log).toHaveLength(asked);

  await says(always);
  const before = await run('show', '--profile', file);
  expect(before.json).toMatchObject({ renewal: { wanted: true, due: true } });
  const renewed = await timer();
  expect(renewed).toMatchObject({ code: 0, json: { state: 'done', operation: 'reenroll' } });
  const after = await run('show', '--profile', file);
  const key = ({ json }: typeof after) =>
    (json.entries as { alias: string; key: unknown }[]).find(
      ({ alias }) => alias === 'est-enrolled-key-pair',
    )?.key;
  expect(key(after)).toEqual(key(before));
});

test('a timer does not renew again what may have been issued', async () => {
  const practice = await practiceServer({ faults: ['close-after-post'] });
  const { run, file } = await commandStation(practice, { lifecycle: always });
  const { json } = await run('enroll', '--profile', file);
  const nothing = await run('reenroll', '--when-due', '--profile', file);
  expect(nothing).toMatchObject({ code: 4, json: { error: { code: 'TOKEN-09' } } });
  const issued = practice.facts.caCertificate.replace('root.pem', 'issued.pem');
  const found = ['--enrollment', String(json.enrollmentId), '--certificate', issued];
  expect(await run('reconcile', '--profile', file, ...found)).toMatchObject({ code: 0 });

  const lost = await run('reenroll', '--when-due', '--profile', file);
  expect(lost).toMatchObject({ code: 6, json: { state: 'outcome-unknown' } });
  const posts = () => practice.log.filter(({ method }) => method === 'POST').length;
  const asked = posts();
  const again = await run('reenroll', '--when-due', '--profile', file);
  expect(again).toMatchObject({ code: 6, json: { enrollmentId: lost.json.enrollmentId } });
  expect(posts()).toBe(asked);
});
