import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import type { Outcome } from './cell.ts';
import { faults } from './faults.ts';
import { oneOfEachLine, type Shown, sampleOf, showFaults } from './matrix.ts';
import { neverInjected, type Row, rowsOfPage, shownFile, untried } from './page.ts';

const full = process.env.EST_STATION_FULL === '1';
/** While something is being changed: of the calls of one line of the table, one. */
const few = process.env.EST_STATION_FAULTS === 'few';
const seed = 20_261;
/** Enrollments at the same time: a hanging one leaves the machine to the others. */
const lanes = 8;
const pageFile = new URL('../../docs/faults.md', import.meta.url);

test.runIf(full)(
  'every fault at every call of an enrollment leaves the station alive and truthful',
  async () => {
    const shown = await showFaults(lanes, (cells) => (few ? oneOfEachLine(cells) : cells));
    process.stderr.write(`faults: ${shown.outcomes.length} tried\n`);
    mkdirSync(dirname(shownFile), { recursive: true });
    writeFileSync(shownFile, JSON.stringify(shown));
    expect(shown.wrong).toEqual([]);
    expect(few ? [] : neverInjected(shown)).toEqual([]);
    expect(shown.slow).toBe('done');
  },
  3_600_000,
);

test.runIf(!full)(
  'a sample of faults leaves the station alive and truthful',
  async () => {
    const shown = await showFaults(3, (cells) => sampleOf(cells, seed, 3));
    const tried = shown.outcomes.length;
    process.stderr.write(`faults: ${tried} tried (seed ${seed}), more in npm run test:full\n`);
    expect(shown.wrong).toEqual([]);
    expect(shown.slow).toBe('done');
    const page = rowsOfPage(readFileSync(pageFile, 'utf8'));
    expect(shown.outcomes.filter((outcome) => !isOnPage(page, outcome))).toEqual([]);
  },
  300_000,
);

/** Whether the page has the line of this outcome, and tells something of its fault. */
function isOnPage(page: readonly Row[], { step, functionName, fault }: Outcome): boolean {
  const row = page.find((one) => one.step === step && one.functionName === functionName);
  const cell = row?.cells[faults.findIndex(({ name }) => name === fault)] ?? '';
  return cell !== '' && cell !== untried;
}

test('a fault that was never injected is missed', () => {
  const outcome = { call: 0, functionName: 'C_Initialize', step: 'token-ready' } as const;
  const outcomes = faults
    .filter(({ name, happensTo }) => happensTo('C_Initialize') && name !== 'crash')
    .map(({ name: fault }) => {
      return { ...outcome, fault, code: 'MODULE-06', state: 'failed', next: 'enroll' } as const;
    });
  const shown: Shown = { calls: [outcome], outcomes, wrong: [], situations: 1, slow: 'done' };
  expect(neverInjected(shown)).toEqual([
    'crash was never injected at call 0, C_Initialize (token-ready)',
  ]);
});
