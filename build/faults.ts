import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Shown } from '../test/faults/matrix.ts';
import { faultsPage, neverInjected, shownFile } from '../test/faults/page.ts';

const page = fileURLToPath(new URL('../docs/faults.md', import.meta.url));

/**
 * Writes docs/faults.md from what the latest whole run of test/faults showed; with `--check` only compares.
 * @returns the exit code: 1 when something went wrong, and with `--check` when a fault was never injected or the page
 *   differs.
 */
function main(check: boolean): number {
  if (!existsSync(shownFile)) {
    process.stderr.write('no run to read: EST_STATION_FULL=1 npm run unit -- test/faults\n');
    return 1;
  }
  const shown: Shown = JSON.parse(readFileSync(shownFile, 'utf8'));
  const lacking = [...shown.wrong, ...(check ? neverInjected(shown) : [])];
  for (const line of lacking) process.stderr.write(`${line}\n`);
  if (lacking.length > 0) return 1;
  const text = faultsPage(shown);
  if (!check) writeFileSync(page, text);
  else if (!existsSync(page) || readFileSync(page, 'utf8') !== text) {
    process.stderr.write('docs/faults.md is not what the run showed: node build/faults.ts\n');
    return 1;
  }
  return 0;
}

process.exitCode = main(process.argv.includes('--check'));
