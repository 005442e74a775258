import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import type { Outcome } from './cell.ts';
import { faults } from './faults.ts';
import { type Shown, sampleOf, showFaults } from './matrix.ts';
import { neverInjected, type Row, rowsOfPage, shownFile, untried, words } from './page.ts';

const full = process.env.EST_STATION_FULL === '1';
const seed = 20_261;
const pageFile = new URL('../../docs/faults.md', import.meta.url);

test.runIf(full)(
  'every fault at every call of an enrollment leaves the station alive and truthful',
  async () => {
    const shown = await showFaults(6, (cells) => cells);
    mkdirSync(dirname(shownFile), { recursive: true });
    writeFileSync(shownFile, JSON.stringify(shown));
    expect(shown.wrong).toEqual([]);
    expect(neverInjected(shown)).toEqual([]);
    expect(shown.slow).toBe('done');
  },
  3_600_000,
);

test.runIf(!full)(
  'a sample of faults leaves the station alive and truthful, as docs/faults.md tells',
  async () => {
    const shown = await showFaults(3, (cells) => sampleOf(cells, seed, 3));
    const tried = shown.outcomes.length;
    process.stderr.write(`faults: ${tried} tried (seed ${seed}), all in npm run test:full\n`);
    expect(shown.wrong).toEqual([]);
    expect(shown.slow).toBe('done');
    const page = rowsOfPage(readFileSync(pageFile, 'utf8'));
    // A page of a partial run knows one end of a line only.
    if (page.some(({ cells }) => cells.includes(untried))) return;
    expect(shown.outcomes.filter((outcome) => !isTold(page, outcome))).toEqual([]);
  },
  300_000,
);

/** Whether the page tells of this outcome among those of its line. */
function isTold(page: readonly Row[], outcome: Outcome): boolean {
  const row = page.find(
    ({ step, functionName }) => step === outcome.step && functionName === outcome.functionName,
  );
  const cell = row?.cells[faults.findIndex(({ name }) => name === outcome.fault)] ?? '';
  return cell.split('; ').includes(words(outcome));
}

test('a fault that was never injected is missed', () => {
  const outcome = { call: 0, functionName: 'C_Initialize', step: 'token-ready' } as const;
  const outcomes = faults
    .filter(({ name, happensTo }) => happensTo('C_Initialize') && name !== 'crash')
    .map(({ name: fault }) => {
      return { ...outcome, fault, code: 'MODULE-06', state: 'failed', next: 'enroll' } as const;
    });
  const shown: Shown = { calls: [outcome], outcomes, wrong: [], situations: 1, slow: 'done' };
  expect(neverInjected(shown)).toEqual(['crash was never injected at call 0, C_Initialize']);
});
