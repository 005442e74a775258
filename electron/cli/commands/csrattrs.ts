import type { Command } from 'commander';
import type { PlanLine } from '../../../shared/request-plan.ts';
import { firstEnrollment, noAnswers, planFor } from '../../station/planned-request.ts';
import type { CliContext } from '../context.ts';
import { fill } from '../fill-option.ts';
import { readProfile } from '../profile-file.ts';

/** `csrattrs`: what the server asks of requests (RFC 7030 §4.5). */
export function csrattrsCommand(program: Command, context: CliContext): void {
  program
    .command('csrattrs')
    .description('show what the server asks, what the profile says, and what will be sent')
    .requiredOption('--profile <file>', 'profile (JSON)')
    .option('--fill <name=value>', 'value for a name the server leaves open; repeatable', fill, {})
    .option('--follow-server', 'agree to what the server asks', false)
    .addHelpText(
      'after',
      `
Examples:
  est-station csrattrs --profile profile.json --json
  est-station csrattrs --profile profile.json --fill serialNumber=20417 --follow-server`,
    )
    .action(async ({ profile: file, ...answers }: Options) => {
      const station = await context.station();
      const profile = await readProfile(file);
      const attributes = await station.csrAttributes(profile, context.signal);
      const plan = planFor(profile, attributes, { ...noAnswers, ...answers }, firstEnrollment);
      const { der, asksForPop, oids, key, signatureAlgorithm, template } = attributes;
      const document = {
        asksForPop,
        key,
        signatureAlgorithm,
        oids,
        der: der?.toString('base64') ?? null,
        template,
        plan: plan.lines,
        missing: plan.missing,
        warnings: attributes.warnings,
      };
      context.output.result(document, [
        der === null
          ? 'The server asks for nothing in particular.'
          : `Object identifiers: ${oids.join(', ') || 'none'}`,
        `Proof of possession: ${asksForPop ? 'asked for' : 'not asked for'}`,
        ...(template ? ['The server gave a template; it alone counts.'] : []),
        ...planTable(plan.lines),
        ...attributes.warnings.map(({ text }) => `Note: ${text}`),
        ...(plan.missing.length === 0 ? [] : [`Still open (--fill): ${plan.missing.join(', ')}`]),
      ]);
    });
}

interface Options {
  readonly profile: string;
  readonly fill: Readonly<Record<string, string>>;
  readonly followServer: boolean;
}

const names: Readonly<Record<PlanLine['about'], string>> = {
  subject: 'Subject',
  subjectAltNames: 'Further names',
  key: 'Key',
  signature: 'Signature',
  extension: 'Extension',
  other: 'Not understood',
};

/** Three columns: what the server asks, what the profile says, what will be sent. */
function planTable(lines: readonly PlanLine[]): string[] {
  const rows = [
    ['', 'The server asks', 'The profile says', 'Will be sent'],
    ...lines.map(({ about, oid, asked, profile, sent }) => [
      `${names[about]} ${about === 'other' ? '' : oid}`.trim(),
      asked || '-',
      profile || '-',
      sent || '-',
    ]),
  ];
  const widths = [0, 1, 2].map((column) =>
    Math.min(40, Math.max(...rows.map((row) => row[column]?.length ?? 0))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
