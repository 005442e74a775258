import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { BogoRun } from './bogo.ts';
import type { BogoResults } from './results.ts';

const group = z.strictObject({
  /** Why these cases are not passed, and why that is safe. */
  reason: z.string().min(20),
  kind: z.enum(['refused', 'other-error', 'accepted']),
  cases: z.array(z.string()).min(1),
});

const expectationsSchema = z.strictObject({
  /** Debian's name of the sources the counts were taken with. */
  sources: z.string(),
  /** At least so many cases pass. */
  passed: z.int(),
  /** At most so many cases ask for a feature of features.ts. */
  unimplemented: z.int(),
  /** Connections that asked for each feature of features.ts, as last recorded; a case may make several. */
  features: z.record(z.string(), z.int()),
  notPassed: z.array(group),
});

export type Expectations = z.infer<typeof expectationsSchema>;

const file = new URL('expectations.json', import.meta.url);

/** The reviewed list of what is not passed, with the pinned counts. */
export function readExpectations(): Expectations {
  return expectationsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Pins the counts of a run without problems; listed cases that pass by now leave the list. */
export function recordExpectations(run: BogoRun, expected: Expectations): void {
  const failed = (name: string) => run.failed.has(name);
  const recorded: Expectations = {
    sources: run.sources,
    passed: run.passed.length,
    unimplemented: run.unimplemented.length,
    features: Object.fromEntries([...run.features].sort(([, one], [, other]) => other - one)),
    notPassed: expected.notPassed
      .map((group) => ({ ...group, cases: group.cases.filter(failed) }))
      .filter(({ cases }) => cases.length > 0),
  };
  writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
}

/**
 * Cases in which the server fails to prove that it holds its key, or that it saw the same handshake. None may ever end
 * with an accepted server, whatever the list says.
 */
const proofOfTheServer =
  /Signature|Verif|Finished|ServerAuth|SkipServer|SkipCertificate|SkipChangeCipherSpec|BadECDSA|WrongCert|KeyUsage|Downgrade-|CertMismatch|NoServerCert/i;

/** What a run shows that the list does not allow; empty when it is as expected or better. */
export function problemsOf(results: BogoResults, expected: Expectations): readonly string[] {
  const listed = new Map(
    expected.notPassed.flatMap(({ kind, cases }) => cases.map((name) => [name, kind] as const)),
  );
  const problems: string[] = [];
  for (const [name, { kind, words }] of results.failed) {
    const allowed = listed.get(name);
    if (kind === 'accepted' && proofOfTheServer.test(name)) {
      problems.push(`${name}: a server without proof of its key was accepted`);
    } else if (allowed === undefined) {
      problems.push(`${name}: not passed and not on the list (${kind})\n${words}`);
    } else if (allowed !== kind) {
      problems.push(`${name}: listed as ${allowed}, ended as ${kind}\n${words}`);
    }
  }
  if (results.passed.length < expected.passed) {
    problems.push(`passed ${results.passed.length}, at least ${expected.passed} are pinned`);
  }
  if (results.unimplemented.length > expected.unimplemented) {
    const { length } = results.unimplemented;
    problems.push(`unimplemented ${length}, at most ${expected.unimplemented} are pinned`);
  }
  return problems;
}

/** Listed cases that pass by now: to be taken off the list. */
export function nowPassing(results: BogoResults, expected: Expectations): readonly string[] {
  const passed = new Set(results.passed);
  return expected.notPassed.flatMap(({ cases }) => cases.filter((name) => passed.has(name)));
}
