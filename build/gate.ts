import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { summaryFile, type TestSummary } from './summary-reporter.ts';

/** One step of the gate: a program and its arguments, run in the project folder. */
interface Stage {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const project = fileURLToPath(new URL('..', import.meta.url));
const node = process.execPath;
const full = process.argv.includes('--full');

const stages: readonly Stage[] = [
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'types of shared', command: ['tsc', '-p', 'shared'] },
  { name: 'types of renderer', command: ['tsc', '-p', 'renderer'] },
  { name: 'lock file', command: [node, 'build/complete-lock.ts', '--check'] },
  { name: 'dependency rules', command: [node, 'build/check-dependencies.ts'] },
  { name: 'unused code', command: ['knip', '--config', 'build/knip.json', '--no-progress'] },
  ...generatedDocuments(),
  { name: 'bundles', command: [node, 'build/bundle.ts'] },
  {
    name: full ? 'tests, full' : 'tests',
    command: [
      node,
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config=build/vitest.config.ts',
      // Cards, readers and processes of others keep their own time: once more, and told at the end.
      '--retry=1',
      '--reporter=default',
      '--reporter=./build/summary-reporter.ts',
      '--reporter=./build/conformance-reporter.ts',
    ],
  },
  { name: 'conformance', command: [node, 'build/conformance.ts', '--check'] },
  ...(full
    ? [{ name: 'faults', command: [node, 'build/faults.ts', '--check'] } as const, tlsConformance()]
    : []),
];

process.exitCode = await runGate();

/** Runs the stages in order and stops at the first that fails, with its exit code. */
async function runGate(): Promise<number> {
  const started = Date.now();
  rmSync(summaryFile, { force: true });
  for (const stage of stages) {
    const stageStarted = Date.now();
    print(`── ${stage.name}`);
    const code = (await run(stage.command)) || (foundByChance() ? 1 : 0);
    if (code !== 0) {
      print(`gate stopped at: ${stage.name} (exit code ${code}, ${seconds(stageStarted)})`);
      printSummary();
      return code;
    }
    print(`   ${stage.name}: ok, ${seconds(stageStarted)}`);
  }
  print(`gate passed in ${seconds(started)}`);
  printSummary();
  return 0;
}

/** BoringSSL's runner against the token connector: minutes, so only in full. */
function tlsConformance(): Stage {
  return { name: 'TLS conformance', command: [node, 'test/conformance/main.ts'] };
}

/** Texts in docs/ that are written from the sources must agree with them. */
function generatedDocuments(): Stage[] {
  return existsSync(`${project}build/generate-docs.ts`)
    ? [{ name: 'generated documents', command: [node, 'build/generate-docs.ts', '--check'] }]
    : [];
}

function run([program, ...args]: Stage['command']): Promise<number> {
  const child = spawn(program, args, {
    cwd: project,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32' && program !== node,
    env: { ...process.env, ...(full ? { EST_STATION_FULL: '1' } : {}) },
  });
  const passOn = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  process.on('SIGTERM', passOn).on('SIGINT', passOn);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.off('SIGTERM', passOn).off('SIGINT', passOn);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** A counterexample of a property is a defect, though the next hundred inputs pass. */
function foundByChance(): boolean {
  if (!existsSync(summaryFile)) return false;
  const { secondTries }: TestSummary = JSON.parse(readFileSync(summaryFile, 'utf8'));
  return secondTries.some(({ message }) => message.includes('Property failed'));
}

/** Names what was skipped, then what failed, where it is found first; last, alone, the totals. */
function printSummary(): void {
  if (!existsSync(summaryFile)) {
    return;
  }
  const summary: TestSummary = JSON.parse(readFileSync(summaryFile, 'utf8'));
  for (const { name, note } of summary.skippedTests) {
    print(`skipped: ${name}${note === '' ? '' : ` (${note})`}`);
  }
  for (const { name, message } of summary.secondTries) {
    print(`passed at the second try: ${name}: ${message}`);
  }
  for (const { name, message } of summary.failures) {
    print(`failed: ${name}: ${message}`);
  }
  print(`${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped`);
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
