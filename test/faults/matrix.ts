import { type Clean, cleanRun, inject, type Outcome, type Settled } from './cell.ts';
import { type Fault, faults, slowness } from './faults.ts';
import { Lane } from './lane.ts';
import { compileKeyProcess } from './pooled-launcher.ts';

/** One fault at one call. */
interface Cell {
  readonly call: number;
  readonly name: string;
  readonly step: string;
  readonly fault: Fault;
}

/** What a run of the matrix, or of a part of it, showed. */
export interface Shown {
  /** Every call of an enrollment, in order. */
  readonly calls: readonly { readonly functionName: string; readonly step: string }[];
  readonly outcomes: readonly Outcome[];
  /** Whatever was not as it must be, in words; empty when all is well. */
  readonly wrong: readonly string[];
  /** Different ends whose next run was made. */
  readonly situations: number;
  /** How the run ended in which every call was slow. */
  readonly slow: string;
}

/** Every fault at every call it can happen to: call by call, so that few wait for a hanging one at the same time. */
function cellsOf({ calls, steps }: Clean): Cell[] {
  return calls.flatMap(({ name }, call) =>
    faults.flatMap((fault) =>
      fault.happensTo(name) ? [{ call, name, step: steps[call] ?? 'afterwards', fault }] : [],
    ),
  );
}

/**
 * Injects faults, several at a time, each lane at a workplace of its own.
 * @param choose which of all the cells are tried.
 */
export async function showFaults(
  lanes: number,
  choose: (cells: readonly Cell[]) => readonly Cell[],
): Promise<Shown> {
  await compileKeyProcess();
  const places = await Promise.all(Array.from({ length: lanes }, () => Lane.make()));
  try {
    const [first] = places;
    if (first === undefined) throw new Error('no lane');
    const clean = await cleanRun(first);
    await first.restore();
    const { record: slow } = await first.enroll({ script: slowness.script });
    const waiting = [...choose(cellsOf(clean))];
    const settled: Settled = new Set();
    const outcomes: Outcome[] = [];
    const wrong: string[] = [];
    const work = async (lane: Lane) => {
      for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
        const seen = await inject(lane, clean, cell.call, cell.fault, settled);
        outcomes.push(seen.outcome);
        const { call, functionName, step, fault } = seen.outcome;
        const where = `${fault} at call ${call}, ${functionName} (${step})`;
        for (const words of seen.wrong) {
          wrong.push(`${where}: ${words}`);
          process.stderr.write(`${where}: ${words}\n`);
        }
      }
    };
    await Promise.all(places.map(work));
    const calls = clean.calls.map(({ name: functionName }, call) => {
      return { functionName, step: clean.steps[call] ?? 'afterwards' };
    });
    return { calls, outcomes, wrong, situations: settled.size, slow: slow.state };
  } finally {
    await Promise.all(places.map((lane) => lane.close()));
  }
}

/** Each fault at one call of each line of the table: the calls of one function during one step. */
export function oneOfEachLine(cells: readonly Cell[]): Cell[] {
  const lines = new Map<string, Cell[]>();
  for (const cell of cells) {
    const line = `${cell.step} ${cell.name} ${cell.fault.name}`;
    lines.set(line, [...(lines.get(line) ?? []), cell]);
  }
  // The middle one: the first and the last of a line are the likeliest to have been thought of.
  return [...lines.values()].flatMap((line) =>
    line.slice(line.length >> 1, (line.length >> 1) + 1),
  );
}

/** A part of the cells, the same each time: at most so many of each fault. */
export function sampleOf(cells: readonly Cell[], seed: number, ofEach: number): Cell[] {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return faults.flatMap((fault) => {
    const own = cells.filter((cell) => cell.fault === fault);
    const most = fault.hangs ? Math.ceil(ofEach / 2) : ofEach;
    const chosen = new Set<Cell>();
    while (chosen.size < Math.min(most, own.length)) {
      const cell = own[Math.floor(next() * own.length)];
      if (cell !== undefined) chosen.add(cell);
    }
    return [...chosen];
  });
}
