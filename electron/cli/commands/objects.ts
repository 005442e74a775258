import { Argument, type Command, Option } from 'commander';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { Profile } from '../../../shared/profile.ts';
import type { ShownObject } from '../../station/keystore-objects.ts';
import type { ExportForm } from '../../station/object-export.ts';
import type { Station } from '../../station/station.ts';
import type { CliContext } from '../context.ts';
import { writeNewFile } from '../new-file.ts';
import { readProfile } from '../profile-file.ts';
import { contentLines } from './show.ts';

const actions = ['list', 'show', 'rename', 'export', 'delete'] as const;
type Action = (typeof actions)[number];
const whats = ['certificate', 'chain', 'public-key'] as const;
const formats = ['pem', 'der', 'p7'] as const;

interface Options {
  readonly profile: string;
  readonly alias?: string;
  readonly to?: string;
  readonly confirm?: string;
  readonly what: (typeof whats)[number];
  readonly format: (typeof formats)[number];
  readonly out?: string;
}

/** `objects`: what stands on the profile's keystore. */
export function objectsCommand(program: Command, context: CliContext): void {
  program
    .command('objects')
    .description('list, show, rename, export or delete what stands on the profile’s keystore')
    .addArgument(new Argument('<action>', 'what to do').choices(actions))
    .requiredOption('--profile <file>', 'profile (JSON)')
    .option('--alias <alias>', 'the object, by its alias (CKA_LABEL)')
    .option('--to <alias>', 'rename: the new alias')
    .option('--confirm <alias>', 'delete: the alias once more; what is deleted is lost')
    .addOption(new Option('--what <what>', 'export: what').choices(whats).default('certificate'))
    .addOption(new Option('--format <format>', 'export: how').choices(formats).default('pem'))
    .option('--out <file>', 'export: a new file')
    .addHelpText(
      'after',
      `
Listing and exporting need no PIN. --format p7 is PKCS#7 certs-only and goes with --what chain.
An object whose key an open enrollment needs can neither be renamed nor deleted.

Examples:
  est-station objects list --profile profile.json --json
  est-station objects export --profile profile.json --alias est-enrolled-key-pair --out gw.pem
  est-station objects export --profile profile.json --alias est-enrolled-key-pair --what chain --format p7 --out gw.p7c
  est-station objects rename --profile profile.json --alias old --to kept
  est-station objects delete --profile profile.json --alias kept --confirm kept`,
    )
    .action(async (action: Action, options: Options) => {
      const profile = await readProfile(options.profile);
      await perform[action](context, await context.station(), profile, options);
    });
}

type Performance = (
  context: CliContext,
  station: Station,
  profile: Profile,
  options: Options,
) => Promise<void>;

const perform: Readonly<Record<Action, Performance>> = {
  list: async ({ output }, { objects }, { keystore }) => {
    const shown = await objects.list(keystore);
    output.result({ ...shown }, [shown.keystore, ...shown.objects.flatMap(objectLines)]);
  },
  show: async ({ output }, { objects }, { keystore }, options) => {
    const alias = demanded(options, 'alias');
    const shown = await objects.list(keystore);
    const object = shown.objects.find((candidate) => candidate.alias === alias);
    if (object === undefined) throw new StationError('TOKEN-09', { object: 'object', alias });
    output.result({ keystore: shown.keystore, ...object }, objectLines(object));
  },
  rename: async ({ output }, { objects }, profile, options) => {
    const [alias, to] = [demanded(options, 'alias'), demanded(options, 'to')];
    await objects.rename(profile.keystore, alias, to, profile);
    output.result({ alias: to, from: alias }, [`${alias} is now ${to}.`]);
  },
  export: async ({ output }, { objects }, { keystore }, options) => {
    const [alias, out] = [demanded(options, 'alias'), demanded(options, 'out')];
    const { content } = await objects.export(keystore, alias, exportForm(options));
    await writeNewFile(out, content);
    output.result({ alias, file: out, bytes: content.length }, [`Written: ${out}`]);
  },
  delete: async (context, { objects }, profile, options) => {
    const alias = demanded(options, 'alias');
    const confirmed = options.confirm ?? (await typedAgain(context, alias));
    await objects.delete(profile.keystore, alias, confirmed, profile);
    context.output.result({ deleted: alias }, [`${alias} is deleted.`]);
  },
};

async function typedAgain({ interactive, askLine }: CliContext, alias: string): Promise<string> {
  if (!interactive) return '';
  return await askLine(`Key and certificate under ${alias} will be lost. Type the alias again: `);
}

function demanded(options: Options, name: 'alias' | 'to' | 'out'): string {
  const value = options[name];
  if (value !== undefined && value !== '' && value.length <= 256) return value;
  throw new StationError('USAGE-01', { detail: `--${name} is missing or too long.` });
}

function exportForm({ what, format }: Options): ExportForm {
  if (what === 'chain' && format !== 'der') return { what, format };
  if (what !== 'chain' && format !== 'p7') return { what, format };
  throw new StationError('USAGE-01', { detail: `--what ${what} has no --format ${format}.` });
}

function objectLines(object: ShownObject): string[] {
  const { generatedThere, neededBy } = object;
  return [
    ...contentLines(object),
    ...(generatedThere === null
      ? []
      : [`  made there   ${generatedThere ? 'yes, cannot leave' : 'not vouched for'}`]),
    ...(neededBy === null ? [] : [`  needed by    enrollment ${neededBy}`]),
  ];
}
