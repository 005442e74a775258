import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { type ErrorData, StationError } from '../../../shared/errors/station-error.ts';
import { type PopFinding, popQuestion, popVerdict, type Severity } from '../../../shared/pop.ts';
import type { ProfileInput } from '../../../shared/profile.ts';
import { checkProfile } from '../../../shared/profile-check.ts';
import type { CliContext } from '../context.ts';
import { readJsonFile, readProfile } from '../profile-file.ts';

/** What `practice --json` printed, as far as a profile needs it; a person may have edited the file. */
const practiceFacts = z.looseObject({
  endpoint: z.string().max(300),
  caFingerprint: z.string().max(128),
  username: z.string().max(256),
});

/** `profile-new`: a working profile for a practice server and a token. */
export function profileNewCommand(program: Command, context: CliContext): void {
  program
    .command('profile-new')
    .description('write a working profile for a practice server and a token to stdout')
    .requiredOption('--from <file>', 'what "practice --json" printed')
    .requiredOption('--module <path>', 'PKCS#11 module of the token')
    .requiredOption('--serial <serial>', 'serial of the token')
    .option('--subject <dn>', 'subject of the certificate', 'CN=Practice device')
    .addHelpText(
      'after',
      `
Example:
  est-station profile-new --from practice.json --module /usr/lib/softhsm/libsofthsm2.so \\
    --serial 5f3a90c1d2e4b678 --subject "CN=GW-20417,O=Example" > profile.json`,
    )
    .action(async ({ from, module, serial, subject }: NewOptions) => {
      const facts = practiceFacts.safeParse(await readJsonFile(from));
      if (!facts.success) {
        throw new StationError('PROFILE-01', {
          file: from,
          detail: 'it is not what "practice --json" prints',
        });
      }
      const profile: ProfileInput = {
        profileVersion: 1,
        name: 'Practice',
        server: { endpoint: facts.data.endpoint },
        trust: { caRootFingerprint: facts.data.caFingerprint },
        keystore: { kind: 'pkcs11', module: resolve(module), token: { serial } },
        httpAuthentication: { scheme: 'basic', username: facts.data.username },
        request: { subject },
      };
      const verdict = checkProfile(profile);
      if (!verdict.valid) throw verdict.error;
      const { checkProfileContents } = await import('../../station/profile-contents.ts');
      checkProfileContents(verdict.profile);
      context.output.text(JSON.stringify(verdict.profile, null, 2));
    });
}

/** `profile-check`: says whether a file is a valid profile. */
export function profileCheckCommand(program: Command, context: CliContext): void {
  program
    .command('profile-check')
    .description('check a profile file, and say what applies to its proof of possession')
    .argument('<file>', 'profile (JSON)')
    .addHelpText('after', '\nExample:\n  est-station profile-check profile.json')
    .action(async (file: string) => {
      const profile = await readProfile(file);
      const findings = popVerdict(popQuestion(profile)).findings.map(told);
      context.output.result({ valid: true, profile, findings }, [
        `${file}: valid, "${profile.name}"`,
        ...findings.flatMap(findingLines),
      ]);
    });
}

/** A finding of the proof-of-possession policy with its words, as errors have them. */
interface ToldFinding extends ErrorData {
  readonly severity: Severity;
}

function told({ code, severity, clause }: PopFinding): ToldFinding {
  return { ...new StationError(code).toData(), severity, clause };
}

function findingLines({ code, clause, severity, message, waysOut }: ToldFinding): string[] {
  const line = `  ${severity.padEnd(8)} ${message} (${code}, ${clause})`;
  return severity === 'block' ? [line, ...waysOut.map((way) => `    - ${way}`)] : [line];
}

interface NewOptions {
  readonly from: string;
  readonly module: string;
  readonly serial: string;
  readonly subject: string;
}
