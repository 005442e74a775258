import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { conformanceCases } from '../test/conformance/cases.ts';
import {
  conformancePage,
  type Observation,
  observationsFile,
  shortcomings,
} from './conformance-document.ts';

const page = fileURLToPath(new URL('../docs/est-conformance.md', import.meta.url));

/**
 * Writes docs/est-conformance.md from what the tests of the latest gate met; with `--check` only compares.
 * @returns the exit code: 1 when the run lacks a case, or the page differs.
 */
function main(check: boolean): number {
  if (!existsSync(observationsFile)) {
    process.stderr.write('no run to read: npm test leaves what its tests met\n');
    return 1;
  }
  const observations: Observation[] = JSON.parse(readFileSync(observationsFile, 'utf8'));
  const lacking = shortcomings(conformanceCases, observations);
  for (const line of lacking) process.stderr.write(`${line}\n`);
  if (lacking.length > 0) return 1;
  const text = conformancePage(conformanceCases, observations);
  if (!check) writeFileSync(page, text);
  else if (!existsSync(page) || readFileSync(page, 'utf8') !== text) {
    process.stderr.write(
      'docs/est-conformance.md is not what the run showed: node build/conformance.ts\n',
    );
    return 1;
  }
  return 0;
}

process.exitCode = main(process.argv.includes('--check'));
