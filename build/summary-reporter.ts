import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reporter, TestModule } from 'vitest/node';

interface Failure {
  readonly name: string;
  readonly message: string;
}

/** What the gate prints at its end. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  /** Tests that failed once and passed when they were run again. */
  readonly secondTries: readonly Failure[];
  readonly skippedTests: readonly { readonly name: string; readonly note: string }[];
}

/** Characters of a failure's message in the summary: enough to know it by. */
const longestMessage = 600;

/** Where the reporter leaves the summary for the gate. */
export const summaryFile: string = fileURLToPath(
  new URL('../.cache/test-summary.json', import.meta.url),
);

/** Vitest reporter that counts the results and names every test that did not run. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    mkdirSync(dirname(summaryFile), { recursive: true });
    writeFileSync(summaryFile, JSON.stringify(summarize(modules, unhandledErrors)));
  }
}

/** A file that could not be loaded, or a group that could not be prepared, counts as failed. */
function summarize(
  modules: readonly TestModule[],
  unhandledErrors: readonly unknown[],
): TestSummary {
  let passed = 0;
  const failures = unhandledErrors.map((error) => failure('outside every test', [error]));
  const secondTries: Failure[] = [];
  const skippedTests: { name: string; note: string }[] = [];
  for (const module of modules) {
    const file = module.relativeModuleId;
    failures.push(...module.errors().map((error) => failure(file, [error])));
    for (const suite of module.children.allSuites()) {
      failures.push(
        ...suite.errors().map((error) => failure(`${file} > ${suite.fullName}`, [error])),
      );
    }
    for (const test of module.children.allTests()) {
      const result = test.result();
      const name = `${file} > ${test.fullName}`;
      if (result.state === 'passed') {
        passed += 1;
        if (test.diagnostic()?.flaky) secondTries.push(failure(name, result.errors ?? []));
      } else if (result.state === 'failed') {
        failures.push(failure(name, result.errors));
      } else {
        const note = 'note' in result ? (result.note ?? '') : '';
        skippedTests.push({ name, note });
      }
    }
  }
  const counts = { passed, failed: failures.length, skipped: skippedTests.length };
  return { ...counts, failures, secondTries, skippedTests };
}

function failure(name: string, errors: readonly unknown[]): Failure {
  const message = errors
    .map((error) => (error instanceof Object && 'message' in error ? error.message : error))
    .join('; ');
  return { name, message: message.slice(0, longestMessage) };
}
