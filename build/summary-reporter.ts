import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reporter, TestModule } from 'vitest/node';

/** What the gate prints at its end. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly skippedTests: readonly { readonly name: string; readonly note: string }[];
}

/** Where the reporter leaves the summary for the gate. */
export const summaryFile: string = fileURLToPath(
  new URL('../.cache/test-summary.json', import.meta.url),
);

/** Vitest reporter that counts the results and names every test that did not run. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    mkdirSync(dirname(summaryFile), { recursive: true });
    writeFileSync(summaryFile, JSON.stringify(summarize(modules, unhandledErrors.length)));
  }
}

/** A file that could not be loaded, or a group that could not be prepared, counts as failed. */
function summarize(modules: readonly TestModule[], unhandledErrors: number): TestSummary {
  let passed = 0;
  let failed = unhandledErrors;
  const skippedTests: { name: string; note: string }[] = [];
  for (const module of modules) {
    failed += module.errors().length;
    for (const suite of module.children.allSuites()) {
      failed += suite.errors().length;
    }
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'passed') {
        passed += 1;
      } else if (result.state === 'failed') {
        failed += 1;
      } else {
        const note = 'note' in result ? (result.note ?? '') : '';
        skippedTests.push({ name: `${module.relativeModuleId} > ${test.fullName}`, note });
      }
    }
  }
  return { passed, failed, skipped: skippedTests.length, skippedTests };
}
