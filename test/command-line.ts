import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Compiled code is kept between commands, as `npm run station` does. */
const compileCache = join(tmpdir(), 'est-station-compile-cache');

const entry = fileURLToPath(new URL('../electron/cli/main.ts', import.meta.url));

/** What a command left behind. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `est-station` as its own process with exactly this environment added to PATH and HOME. */
export function startCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, [entry, ...args], {
    env: { PATH, HOME, NODE_COMPILE_CACHE: compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What a command at a terminal left behind. */
export interface AtTerminal {
  readonly code: number | null;
  /** Everything the terminal showed. */
  readonly shown: string;
  /** How the terminal is set afterwards, in the words of `stty`. */
  readonly settings: string;
}

/**
 * Runs `est-station` at a terminal of its own (script of util-linux), as a person would.
 * @param answers what is typed when the terminal shows a text that was not answered yet, in their order.
 */
export async function atTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  answers: readonly (readonly [shown: string, typed: string])[],
): Promise<AtTerminal> {
  const { PATH = '', HOME = '' } = process.env;
  const command = [process.execPath, entry, ...args].map((word) => `'${word}'`).join(' ');
  const then = 'code=$?; echo; echo SETTINGS; stty -a; exit $code';
  const child = spawn('script', ['-qefc', `trap : INT; ${command}; ${then}`, '/dev/null'], {
    env: { PATH, HOME, NODE_COMPILE_CACHE: compileCache, SHELL: '/bin/sh', TERM: 'xterm', ...env },
    stdio: 'pipe',
  });
  // What is typed to a program that is over goes nowhere; how it ended tells why.
  child.stdin.on('error', () => undefined);
  let shown = '';
  let answered = 0;
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const [awaited, typed] = answers[answered] ?? [];
    if (awaited === undefined || typed === undefined) return;
    const at = shown.indexOf(awaited, seen);
    if (at < 0) return;
    seen = at + awaited.length;
    answered += 1;
    child.stdin.write(typed);
  });
  const [code] = await once(child, 'close');
  const [before = '', settings = ''] = shown.split('SETTINGS');
  return { code, shown: before, settings };
}

/** Runs a command to its end. */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Finished> {
  const child = startCommand(args, env);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, ...output };
}

/** The one JSON document of a command. Throws when stdout holds anything else. */
export function document({ stdout }: Finished): Record<string, unknown> {
  const parsed: unknown = JSON.parse(stdout);
  if (typeof parsed !== 'object' || parsed === null) throw new Error('not a JSON object');
  return Object.fromEntries(Object.entries(parsed));
}

/** A practice server run by the command line, as a trainee would start it. */
export interface PracticeProcess {
  /** The JSON line it printed. */
  readonly line: string;
  readonly facts: {
    readonly endpoint: string;
    readonly caCertificate: string;
    readonly caFingerprint: string;
    readonly username: string;
    readonly password: string;
  };
  /** Sends SIGTERM. @returns the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `practice --port 0 --json` and waits for its line. */
export async function startPracticeCommand(
  dir: string,
  ...options: readonly string[]
): Promise<PracticeProcess> {
  const child = startCommand(['practice', '--port', '0', '--dir', dir, '--json', ...options], {});
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('no pipes');
  let complaint = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: stdout }).once('line', resolve)),
    exit.then((code) => {
      throw new Error(`practice ended with ${code}: ${complaint}`);
    }),
  ]);
  return {
    line,
    facts: JSON.parse(line),
    stop: async () => {
      child.kill('SIGTERM');
      return await exit;
    },
  };
}
