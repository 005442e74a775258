import { z } from 'zod';
import { type EnrollmentRecord, enrollmentSteps, stepTiming } from '../../shared/enrollment.ts';
import { recall, remember } from './remembered.ts';

type Timings = EnrollmentRecord['steps'];

const kept = 15;
const runs = z.array(z.array(stepTiming).max(enrollmentSteps.length)).max(kept);

/** Adds a successful run to what "usual" is computed from. */
export function rememberTimings(steps: Timings): void {
  remember('timings', JSON.stringify([...pastRuns(), steps].slice(-kept)));
}

/** Milliseconds each step usually takes here: the median of the last runs; empty before the first. */
export function usualTimings(): ReadonlyMap<Timings[number]['name'], number> {
  const past = pastRuns();
  const usual = new Map<Timings[number]['name'], number>();
  for (const name of enrollmentSteps) {
    const times = past.flatMap((run) => run.filter((step) => step.name === name));
    const sorted = times.map(({ ms }) => ms).toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)];
    if (median !== undefined) usual.set(name, median);
  }
  return usual;
}

function pastRuns(): readonly Timings[] {
  const parsed = runs.safeParse(readJson(recall('timings')));
  return parsed.success ? parsed.data : [];
}

function readJson(text: string | null): unknown {
  try {
    return text === null ? [] : JSON.parse(text);
  } catch {
    return [];
  }
}
