import { Argument, type Command, Option } from 'commander';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { KeystoreSelection, Profile } from '../../../shared/profile.ts';
import type { Station } from '../../station/station.ts';
import type { CliContext } from '../context.ts';
import { boundedFile } from '../given-file.ts';
import { writeNewFile } from '../new-file.ts';
import { readProfile } from '../profile-file.ts';

const actions = ['import', 'export'] as const;
type Action = (typeof actions)[number];
const forms = ['p12', 'pkcs8'] as const;

interface Options {
  readonly profile?: string;
  readonly path?: string;
  readonly alias: string;
  readonly file: string;
  readonly format: (typeof forms)[number];
}

/** Whoever has the file can try passwords for ever. */
const shortestPassword = 8;

/** `keystore`: brings a key in from a file, or takes one out of a software keystore. */
export function keystoreCommand(program: Command, context: CliContext): void {
  program
    .command('keystore')
    .description(
      'import a key with its certificates from a file, or export one of a software keystore',
    )
    .addArgument(new Argument('<action>', 'what to do').choices(actions))
    .option('--profile <file>', 'profile (JSON) of the keystore: a token or a folder')
    .option('--path <folder>', 'software keystore, instead of a profile')
    .requiredOption('--alias <alias>', 'alias of the key')
    .requiredOption('--file <file>', 'PKCS#12, or encrypted PKCS#8 with certificates in PEM')
    .addOption(new Option('--format <format>', 'export: how').choices(forms).default('p12'))
    .addHelpText(
      'after',
      `
EST_STATION_PIN opens the keystore, EST_STATION_FILE_PASSWORD the file; else they are asked for. A key of
a token is never exported. An imported key is never said to have been made on its token.

Examples:
  est-station keystore import --path ./client --alias client-auth-certs --file ra.p12
  est-station keystore import --profile profile.json --alias est-enrolled-key-pair --file old.p12
  est-station keystore export --path ./client --alias client-auth-certs --file copy.p12`,
    )
    .action(async (action: Action, options: Options) => {
      const chosen = await selected(options);
      const station = await context.station();
      await (action === 'import' ? importKey : exportKey)(context, station, chosen, options);
    });
}

interface Chosen {
  readonly keystore: KeystoreSelection;
  /** Null for a folder that was named by itself. */
  readonly profile: Profile | null;
}

async function selected({ profile: file, path }: Options): Promise<Chosen> {
  if ((file === undefined) === (path === undefined)) {
    throw new StationError('USAGE-01', { detail: 'Name the keystore by --profile or by --path.' });
  }
  if (path !== undefined) return { keystore: { kind: 'software', path }, profile: null };
  const profile = await readProfile(file ?? '');
  return { keystore: profile.keystore, profile };
}

async function importKey(
  { output, secrets }: CliContext,
  { keyTransfer }: Station,
  { keystore, profile }: Chosen,
  { alias, file }: Options,
): Promise<void> {
  const content = await keyFile(file);
  const password = await secrets.ask('file-password', file);
  try {
    const imported = await keyTransfer.import(keystore, alias, content, password, profile);
    const { keystore: name, keyId, certificates } = imported;
    output.result({ ...imported }, [
      `Imported under ${alias} on ${name}.`,
      `  key ${keyId}, with ${certificates} certificates`,
    ]);
  } finally {
    password.fill(0);
    content.fill(0);
  }
}

async function exportKey(
  { output, secrets }: CliContext,
  { keyTransfer }: Station,
  { keystore }: Chosen,
  { alias, file, format }: Options,
): Promise<void> {
  if (keystore.kind === 'pkcs11') {
    throw new StationError('KEYFILE-04', { alias, keystore: keystore.module });
  }
  const password = await secrets.askNew('new-file-password', file);
  try {
    if (password.length < shortestPassword) {
      const detail = `The password for a key file must have at least ${shortestPassword} characters.`;
      throw new StationError('USAGE-01', { detail });
    }
    const content = await keyTransfer.export(keystore, alias, format, password);
    await writeNewFile(file, content, 0o600);
    output.result({ alias, file, bytes: content.length }, [`Written: ${file}`]);
  } finally {
    password.fill(0);
  }
}

async function keyFile(file: string): Promise<Buffer> {
  try {
    return await boundedFile(file);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new StationError('KEYFILE-01', { detail }, { cause: error });
  }
}
