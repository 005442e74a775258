import { type Command, InvalidArgumentError } from 'commander';
import { StationError } from '../../../shared/errors/station-error.ts';
import { callInWords } from '../../station/token-witness.ts';
import type { CliContext } from '../context.ts';

/** `journal`: what the station did, step by step. */
export function journalCommand(program: Command, context: CliContext): void {
  program
    .command('journal')
    .description('show the journal, newest last')
    .option('--enrollment <id>', 'only this enrollment')
    .option('--limit <n>', 'at most this many lines', limit, 100)
    .addHelpText(
      'after',
      '\nExamples:\n  est-station journal\n  est-station journal --limit 20 --json',
    )
    .action(async (options: { enrollment?: string; limit: number }) => {
      const station = await context.station();
      await station.settleInterrupted();
      const { ports } = station;
      const entries = await ports.store.journal.read({
        limit: options.limit,
        ...(options.enrollment === undefined ? {} : { enrollmentId: options.enrollment }),
      });
      // Refuses an enrollment there is none of; of one that there is, no entry may be left.
      if (options.enrollment !== undefined) await station.ended(options.enrollment);
      context.output.result(
        { entries },
        entries.map(
          ({ sequence, at, phase, state, enrollmentId, evidence }) =>
            `${sequence}  ${at}  ${phase.padEnd(6)} ${state.padEnd(18)} ${enrollmentId}${callWords(evidence)}`,
        ),
      );
    });
}

/** `audit-verify`: recomputes the chain of audit records. */
export function auditVerifyCommand(program: Command, context: CliContext): void {
  program
    .command('audit-verify')
    .description('check that no audit record was changed, removed or inserted')
    .addHelpText('after', '\nExample:\n  est-station audit-verify --json')
    .action(async () => {
      const { ports } = await context.station();
      const verdict = await ports.store.audit.verify();
      if (verdict.intact) {
        context.output.result(verdict, [
          `The audit chain is intact: ${verdict.records} records, last hash ${verdict.lastHash}`,
        ]);
        return;
      }
      context.output.result(verdict, [`The audit chain is broken at record ${verdict.brokenAt}.`]);
      throw new StationError('STORE-04', { sequence: verdict.brokenAt, detail: verdict.why });
    });
}

/** What the token was made to do, after two blanks; empty for every other entry. */
function callWords(evidence: Parameters<typeof callInWords>[0]): string {
  const words = callInWords(evidence) ?? evidence.during;
  return typeof words === 'string' ? `  ${words}` : '';
}

function limit(text: string): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= 100_000) return value;
  throw new InvalidArgumentError('It must be a number from 1 to 100000.');
}
