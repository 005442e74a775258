import { expect, onTestFinished, test } from 'vitest';
import { cleanRun, killAt } from './cell.ts';
import { Lane } from './lane.ts';

const full = process.env.EST_STATION_FULL === '1';

test('a key process that is killed between two calls costs no certificate and no second PIN', async () => {
  const lane = await Lane.make();
  onTestFinished(() => lane.close());
  const clean = await cleanRun(lane);
  const settled = new Set<string>();
  const seen = { failed: 0, stored: 0 };
  for (const [moment, { call, kind }] of clean.moments.entries()) {
    if (!full && moment % 7 !== 3) continue;
    const { run, wrong } = await killAt(lane, clean, moment, settled);
    const where = `killed when ${call} was ${kind} (moment ${moment})`;
    expect(wrong, where).toEqual([]);
    const { state, error } = run.record;
    // It had done what it was there for.
    const over = kind === 'answered' && clean.moments[moment + 1]?.call === 'close';
    if (call === 'close' || over || (call === 'list-tokens' && kind === 'answered')) {
      expect(state, where).toBe('done');
      continue;
    }
    expect(run.calls.length, where).toBeLessThan(clean.calls.length);
    if (run.issued === 0) {
      expect([state, error?.code], where).toEqual(['failed', expect.toBeOneOf(killed)]);
      seen.failed += 1;
    } else {
      expect([state, error?.code], where).toEqual(['issued-not-stored', 'CERT-07']);
      seen.stored += 1;
    }
  }
  expect(seen.failed).toBeGreaterThan(0);
  expect(seen.stored).toBeGreaterThan(0);
}, 600_000);

/** The end of the process is noticed with the next call, or before it. */
const killed = ['MODULE-04', 'PIN-08'];
