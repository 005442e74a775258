import { type BogoRun, runBogo } from './bogo/bogo.ts';
import {
  nowPassing,
  problemsOf,
  readExpectations,
  recordExpectations,
} from './bogo/expectations.ts';
import { missingForRunner } from './bogo/runner.ts';

const usage = `usage: node build/run.mjs conformance [--record | patterns of BoGo cases, separated by ;]
  --record  pins the counts of a run without regressions (then: npm run docs)
`;

const say = (line: string) => process.stdout.write(`${line}\n`);

/**
 * Runs BoringSSL's conformance runner against the token connector's TLS client and compares with the reviewed list.
 * @returns the exit code: 0 as expected or better, 1 a regression, 2 usage, 69 when the runner cannot be had here
 */
async function main([only = '', ...rest]: readonly string[]): Promise<number> {
  const record = only === '--record';
  if (rest.length > 0 || (only.startsWith('-') && !record)) {
    process.stderr.write(usage);
    return 2;
  }
  const missing = missingForRunner();
  if (missing !== null) {
    process.stderr.write(`BoGo cannot be built without ${missing}\n`);
    return 69;
  }
  const whole = record || only === '';
  const run = await runBogo(whole ? '' : only);
  return whole ? judge(run, record) : show(run);
}

/** A run of chosen cases: what failed, in the runner's words. */
function show({ passed, unimplemented, failed, defects }: BogoRun): number {
  for (const [name, { kind, words }] of failed) say(`${kind}: ${name}\n${words}`);
  for (const defect of defects) say(defect);
  say(`${passed.length} passed, ${failed.size} failed, ${unimplemented.length} unimplemented`);
  return failed.size + defects.length === 0 ? 0 : 1;
}

function judge(run: BogoRun, record: boolean): number {
  const expected = readExpectations();
  const problems = [...problemsOf(run, expected), ...run.defects];
  for (const problem of problems) say(`regression: ${problem}`);
  for (const name of nowPassing(run, expected)) say(`passes now, take it off the list: ${name}`);
  for (const [feature, count] of [...run.features].sort(([, one], [, other]) => other - one)) {
    say(`${String(count).padStart(6)} ask for ${feature}`);
  }
  say(
    `BoGo (${run.sources}): ${run.passed.length} passed, ${run.failed.size} not passed and listed, ` +
      `${run.unimplemented.length} unimplemented`,
  );
  if (problems.length > 0) return 1;
  if (record) recordExpectations(run, expected);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
