import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unimplemented } from './features.ts';
import { type BogoResults, readResults } from './results.ts';
import { bogoRunner } from './runner.ts';

export interface BogoRun extends BogoResults {
  readonly sources: string;
  /** Cases that asked for each feature left out. */
  readonly features: ReadonlyMap<string, number>;
  /** What the shim itself broke on; such a run proves nothing. */
  readonly defects: readonly string[];
}

/** Status by which a shim says "unimplemented" (ssl/test/PORTING.md of BoringSSL). */
const unimplementedStatus = 89;

/**
 * The program that the runner starts for each connection. Flags of features left out are answered by the shell, which
 * starts thirty times as fast as Node; most cases end there.
 */
function launcher(shim: string, notes: string): string {
  const answers = Object.entries(unimplemented).flatMap(([feature, flags]) =>
    flags.map((flag) => `${flag}) leave_out '${feature.replaceAll("'", '')}' ;;`),
  );
  return `#!/bin/sh
leave_out() { printf '%s\\n' "unimplemented: $1" >>'${notes}'; exit ${unimplementedStatus}; }
[ "$1" = -is-handshaker-supported ] && { echo No; exit 0; }
for flag in "$@"; do
  case "$flag" in
    -on-resume-*|-on-retry-*|-on-initial-*) leave_out 'session resumption and tickets' ;;
    ${answers.join('\n    ')}
  esac
done
# Compiled once, started a thousand times.
export NODE_COMPILE_CACHE='${notes}.compiled'
exec '${process.execPath}' '${shim}' '${notes}' "$@"
`;
}

/**
 * Runs BoGo against the token connector's TLS client.
 * @param only patterns of cases, separated by semicolons; all of them when empty
 * @throws Error when the runner cannot be built or does not come to its end
 */
export async function runBogo(only = ''): Promise<BogoRun> {
  const runner = await bogoRunner();
  const folder = await mkdtemp(join(tmpdir(), 'est-station-bogo-'));
  try {
    const shim = join(folder, 'shim');
    const notes = join(folder, 'notes');
    const json = join(folder, 'results.json');
    await writeFile(notes, '');
    await writeFile(shim, launcher(fileURLToPath(new URL('shim.ts', import.meta.url)), notes));
    await chmod(shim, 0o755);
    const output = await start(runner.program, [
      `-shim-path=${shim}`,
      `-resource-dir=${runner.resources}`,
      `-json-output=${json}`,
      `-num-workers=${availableParallelism() * 2}`,
      '-idle-timeout=30s',
      '-allow-unimplemented',
      '-loose-errors',
      '-pipe',
      ...(only === '' ? [] : [`-test=${only}`]),
    ]);
    const written = await readFile(json, 'utf8').catch(() => {
      throw new Error(`the runner wrote no results:\n${output.slice(-2000)}`);
    });
    const lines = (await readFile(notes, 'utf8')).split('\n');
    return {
      ...readResults(written, output),
      sources: runner.version,
      features: countsOf(lines),
      defects: lines.filter((line) => line.startsWith('defect: ')),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function countsOf(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    if (!line.startsWith('unimplemented: ')) continue;
    const feature = line.slice('unimplemented: '.length);
    counts.set(feature, (counts.get(feature) ?? 0) + 1);
  }
  return counts;
}

/** @returns what the program printed; its exit status says only whether all cases passed */
function start(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}
