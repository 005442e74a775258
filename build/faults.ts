import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Shown } from '../test/faults/matrix.ts';
import { differences, faultsPage, neverInjected, shownFile } from '../test/faults/page.ts';

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
  if (!check) {
    writeFileSync(page, faultsPage(shown));
    return 0;
  }
  const differing = differences(existsSync(page) ? readFileSync(page, 'utf8') : '', shown);
  for (const line of differing) process.stderr.write(`docs/faults.md: ${line}\n`);
  return differing.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.includes('--check'));
