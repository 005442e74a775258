import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { StationError } from '../../shared/errors/station-error.ts';
import type { FuzzTarget } from './targets.ts';

const corpusFolder = fileURLToPath(new URL('corpus/', import.meta.url));
/** No input of a few kilobytes may keep a parser busy for longer, in milliseconds. */
const longestRead = 1000;

/** What a run over one target came to. */
export interface FuzzVerdict {
  readonly runs: number;
  /** The defect and the shortest input found for it; null when there is none. */
  readonly defect: { readonly input: Buffer; readonly reason: string } | null;
}

/** Inputs kept for a target: examples of what is well-formed, and whatever once broke it. */
export async function corpusOf({ name }: FuzzTarget): Promise<Buffer[]> {
  const folder = `${corpusFolder}${name}`;
  const files = (await readdir(folder)).toSorted();
  return await Promise.all(files.map((file) => readFile(`${folder}/${file}`)));
}

/** Keeps an input that broke a target, so that every later run begins with it. @returns the file. */
export async function keep({ name }: FuzzTarget, input: Buffer): Promise<string> {
  const mark = createHash('sha256').update(input).digest('hex').slice(0, 12);
  const path = `${corpusFolder}${name}/found-${mark}`;
  await mkdir(`${corpusFolder}${name}`, { recursive: true });
  await writeFile(path, input);
  return path;
}

/**
 * Reads the corpus as it is, then changed in many ways, for `milliseconds`.
 * @param seed repeats a run.
 */
export async function fuzz(
  target: FuzzTarget,
  milliseconds: number,
  seed: number,
): Promise<FuzzVerdict> {
  const corpus = await corpusOf(target);
  for (const input of corpus) {
    const reason = await defectOf(target, input);
    if (reason !== null) return { runs: 1, defect: { input, reason } };
  }
  const details = await fc.check(
    fc.asyncProperty(changed(corpus), async (input) => {
      const reason = await defectOf(target, input);
      if (reason !== null) throw new Error(reason);
    }),
    { numRuns: 1_000_000_000, interruptAfterTimeLimit: milliseconds, seed },
  );
  const [input] = details.counterexample ?? [];
  if (input === undefined) return { runs: details.numRuns, defect: null };
  const reason = (await defectOf(target, input)) ?? 'it fails only sometimes';
  return { runs: details.numRuns, defect: { input, reason } };
}

/** Why reading this input is a defect; null when it was read or refused with a code, in time. */
async function defectOf({ read }: FuzzTarget, input: Buffer): Promise<string | null> {
  const begun = performance.now();
  try {
    await read(Buffer.from(input));
  } catch (error) {
    if (!(error instanceof StationError)) return `it throws ${String(error)}`;
    if (error.code.startsWith('INTERNAL-')) return `it throws ${error.code} ${error.message}`;
  }
  const took = performance.now() - begun;
  return took > longestRead ? `it takes ${took.toFixed(0)} ms` : null;
}

/** One change of an input: the octets at a place are overwritten, removed, doubled, or joined by others. */
type Change = readonly ['overwrite' | 'remove' | 'repeat' | 'insert', number, number, Uint8Array];

function changed(corpus: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const octets = fc.uint8Array({ minLength: 1, maxLength: 8 });
  const kind = fc.constantFrom('overwrite' as const, 'remove', 'repeat', 'insert');
  const change = fc.tuple(kind, fc.nat(65_535), fc.nat(64), octets);
  const seeds = corpus.length === 0 ? [Buffer.alloc(0)] : corpus;
  return fc.oneof(
    { arbitrary: fc.uint8Array({ maxLength: 256 }).map((bytes) => Buffer.from(bytes)), weight: 1 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 5 }))
        .map(([seed, changes]) => changes.reduce(applied, seed)),
      weight: 9,
    },
  );
}

function applied(input: Buffer, [kind, place, length, octets]: Change): Buffer {
  const at = input.length === 0 ? 0 : place % input.length;
  const head = input.subarray(0, at);
  switch (kind) {
    case 'overwrite':
      return Buffer.concat([head, octets, input.subarray(at + octets.length)]);
    case 'remove':
      return Buffer.concat([head, input.subarray(at + length)]);
    case 'repeat':
      return Buffer.concat([head, input.subarray(at, at + length), input.subarray(at)]);
    case 'insert':
      return Buffer.concat([head, octets, input.subarray(at)]);
  }
}
