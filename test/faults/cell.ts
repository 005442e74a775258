import { StationError } from '../../shared/errors/station-error.ts';
import type { Fault } from './faults.ts';
import type { Lane, Run } from './lane.ts';
import { certificateKept, generationKept, shapeOf, truthOf } from './truth.ts';

/** What became of one fault at one call. */
export interface Outcome {
  /** Line of the clean run's record. */
  readonly call: number;
  readonly functionName: string;
  /** The step that was being worked on; `afterwards` when the enrollment had ended. */
  readonly step: string;
  readonly fault: string;
  /** Code of the error, null without one. */
  readonly code: string | null;
  readonly state: string;
  /** What completes it: nothing, a new enrollment, or storing the certificate again. */
  readonly next: 'none' | 'enroll' | 'store again';
}

/** A run without faults, which all others are held against. */
export interface Clean extends Run {
  /** What the token holds at its end, by kind and alias. */
  readonly shape: string;
}

/** Situations whose next run was made: by what the token holds and how the enrollment ended. */
export type Settled = Set<string>;

/** More often than this a fault is not tried at a call the run did not reach. */
const tries = 3;

/** @returns a run without faults on a token that was enrolled before. */
export async function cleanRun(lane: Lane): Promise<Clean> {
  await lane.restore();
  const run = await lane.enroll();
  const objects = await lane.objects();
  const wrong = truthOf(lane, run, await lane.journalOf(run), objects);
  if (run.record.state !== 'done' || wrong.length > 0) {
    throw new Error(`the clean run: ${run.record.error?.code} ${wrong.join('; ')}`);
  }
  return { ...run, shape: shapeOf(objects) };
}

/**
 * Injects a fault at one call of an enrollment, holds what the station says against what is, and makes the next run.
 * @returns what became of it, and in words whatever was not as it must be.
 */
export async function inject(
  lane: Lane,
  clean: Clean,
  call: number,
  fault: Fault,
  settled: Settled,
): Promise<{ readonly outcome: Outcome; readonly wrong: readonly string[] }> {
  const name = clean.calls[call]?.name ?? '';
  for (let time = 1; ; time++) {
    await lane.restore();
    const hangs = fault.hangs === true ? { hangs: clean.within[call] ?? 'start' } : {};
    const run = await lane.enroll({ script: fault.script(call), ...hangs });
    // A loaded machine may let a hurried call fail before its time has come.
    if (run.calls.length <= call && time < tries) continue;
    const wrong = strayed(clean, run, call);
    const { state, error } = run.record;
    const outcome: Outcome = {
      call,
      functionName: name,
      step: clean.steps[call] ?? 'afterwards',
      fault: fault.name,
      code: error?.code ?? null,
      state,
      next: nextOf(state),
    };
    wrong.push(...(await judge(lane, clean, run, settled)));
    return { outcome, wrong };
  }
}

/** Makes an enrollment whose key process is killed at a moment between two calls. */
export async function killAt(
  lane: Lane,
  clean: Clean,
  moment: number,
  settled: Settled,
): Promise<{ readonly run: Run; readonly wrong: readonly string[] }> {
  await lane.restore();
  const run = await lane.enroll({ killedAt: moment });
  return { run, wrong: await judge(lane, clean, run, settled) };
}

/** Holds what the station says of a run against what is, and makes the next run. */
async function judge(lane: Lane, clean: Clean, run: Run, settled: Settled): Promise<string[]> {
  const objects = await lane.objects();
  return [
    ...truthOf(lane, run, await lane.journalOf(run), objects),
    ...certificateKept(run, objects),
    ...generationKept(lane, run, objects),
    ...(await settle(lane, clean, run, shapeOf(objects), settled)),
  ];
}

/** Another call than in the clean run came before the fault: it was not where it should be. */
function strayed(clean: Clean, run: Run, call: number): string[] {
  for (let index = 0; index <= call; index++) {
    const [made, expected] = [run.calls[index]?.name, clean.calls[index]?.name];
    if (made === expected) continue;
    return [`call ${index} of ${run.calls.length} was ${made}, not ${expected}`];
  }
  return [];
}

function nextOf(state: string): Outcome['next'] {
  if (state === 'done') return 'none';
  return state === 'issued-not-stored' ? 'store again' : 'enroll';
}

/** Makes the next run, as the error's ways out say, once for every situation. */
async function settle(
  lane: Lane,
  clean: Clean,
  { record }: Run,
  shape: string,
  settled: Settled,
): Promise<string[]> {
  const situation = [record.state, record.error?.code, shape].join(' ');
  if (settled.has(situation)) return [];
  settled.add(situation);
  if (record.state === 'done') return [];
  const again = record.state === 'issued-not-stored';
  try {
    const run = again ? await lane.storeAgain(record.enrollmentId) : await lane.enroll();
    const objects = await lane.objects();
    const wrong = truthOf(lane, run, await lane.journalOf(run), objects);
    if (run.record.state !== 'done') {
      wrong.push(`the next run ended ${run.record.state}: ${JSON.stringify(run.record.error)}`);
    }
    if (again && run.issued > 0) wrong.push('storing again asked for another certificate');
    const left = shapeOf(objects);
    if (left !== clean.shape) wrong.push(`after the next run the token holds ${left}`);
    return wrong.map((words) => `${words} (after ${situation})`);
  } catch (error) {
    const { message } = StationError.from(error);
    return [`the next run was refused: ${message} (after ${situation})`];
  }
}
