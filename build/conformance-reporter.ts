import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { type Observation, observationsFile } from './conformance-document.ts';

/** Vitest reporter that collects which cases of the conformance table the passed tests went through. */
export default class ConformanceReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    mkdirSync(dirname(observationsFile), { recursive: true });
    writeFileSync(observationsFile, JSON.stringify(modules.flatMap(observationsOf)));
  }
}

function observationsOf(module: TestModule): Observation[] {
  const passed = [...module.children.allTests('passed')];
  return passed.flatMap((test) =>
    (test.meta().cases ?? []).map(({ id, verdict }) => {
      return { id, verdict, file: module.relativeModuleId, test: test.fullName };
    }),
  );
}
