import { z } from 'zod';

/** How a case ended that the runner does not count as passed. */
export type Shortfall =
  /** The connection failed where the runner expects it to work. */
  | 'refused'
  /** Refused as expected, with another alert or error than the runner expects. */
  | 'other-error'
  /** The connection worked where the runner expects it to fail. */
  | 'accepted'
  /** Anything else. */
  | 'defect';

export interface BogoResults {
  readonly passed: readonly string[];
  readonly unimplemented: readonly string[];
  readonly failed: ReadonlyMap<string, { readonly kind: Shortfall; readonly words: string }>;
}

const report = z.object({
  interrupted: z.boolean(),
  tests: z.record(z.string(), z.object({ actual: z.enum(['PASS', 'FAIL', 'SKIP']) })),
});

function kindOf(words: string): Shortfall {
  if (words.startsWith('unexpected failure')) return 'refused';
  if (words.startsWith('bad error')) return 'other-error';
  return words.startsWith('unexpected success') ? 'accepted' : 'defect';
}

/** The runner's words on each failed case, from what it prints with `-pipe`. */
function failuresIn(output: string): Map<string, string> {
  const blocks = output.split(/^(?=(?:FAILED|PASSED|UNIMPLEMENTED) \()/m);
  return new Map(
    blocks.flatMap((block): [string, string][] => {
      const match = /^FAILED \((?<name>[^)]+)\)\n(?<words>[\s\S]*)/.exec(block);
      return match?.groups ? [[match.groups.name ?? '', match.groups.words ?? '']] : [];
    }),
  );
}

/**
 * Reads a run of the runner.
 * @param json the file of `-json-output`
 * @param output what it printed with `-pipe`
 * @throws Error when the run did not come to its end
 */
export function readResults(json: string, output: string): BogoResults {
  const { interrupted, tests } = report.parse(JSON.parse(json));
  if (interrupted) throw new Error('the runner was interrupted');
  const named = (wanted: 'PASS' | 'FAIL' | 'SKIP') =>
    Object.entries(tests)
      .filter(([, { actual }]) => actual === wanted)
      .map(([name]) => name)
      .sort();
  const words = failuresIn(output);
  return {
    passed: named('PASS'),
    unimplemented: named('SKIP'),
    failed: new Map(
      named('FAIL').map((name) => {
        const said = words.get(name) ?? '';
        return [name, { kind: kindOf(said), words: said }];
      }),
    ),
  };
}
