import { type BogoRun, runBogo } from './bogo/bogo.ts';
import { nowPassing, problemsOf, readExpectations } from './bogo/expectations.ts';
import { missingForRunner } from './bogo/runner.ts';

const usage = 'usage: node build/run.mjs conformance [patterns of BoGo cases, separated by ;]\n';

const say = (line: string) => process.stdout.write(`${line}\n`);

/**
 * Runs BoringSSL's conformance runner against the token connector's TLS client and compares with the reviewed list.
 * @returns the exit code: 0 as expected or better, 1 a regression, 2 usage, 69 when the runner cannot be had here
 */
async function main([only = '', ...rest]: readonly string[]): Promise<number> {
  if (rest.length > 0 || only.startsWith('-')) {
    process.stderr.write(usage);
    return 2;
  }
  const missing = missingForRunner();
  if (missing !== null) {
    process.stderr.write(`BoGo cannot be built without ${missing}\n`);
    return 69;
  }
  const run = await runBogo(only);
  return only === '' ? judge(run) : show(run);
}

/** A run of chosen cases: what failed, in the runner's words. */
function show({ passed, unimplemented, failed, defects }: BogoRun): number {
  for (const [name, { kind, words }] of failed) say(`${kind}: ${name}\n${words}`);
  for (const defect of defects) say(defect);
  say(`${passed.length} passed, ${failed.size} failed, ${unimplemented.length} unimplemented`);
  return failed.size + defects.length === 0 ? 0 : 1;
}

function judge(run: BogoRun): number {
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
  return problems.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
