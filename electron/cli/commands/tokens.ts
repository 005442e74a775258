import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { TokenInfo } from '../../../shared/token.ts';
import type { TokenDetails } from '../../../shared/token-details.ts';
import type { Station } from '../../station/station.ts';
import { checkToken } from '../../station/token-check.ts';
import type { CliContext } from '../context.ts';
import { readProfile } from '../profile-file.ts';
import { pinWords } from '../token-choice.ts';

/** `tokens`: what is in the readers of a PKCS#11 module. */
export function tokensCommand(program: Command, context: CliContext): void {
  program
    .command('tokens')
    .description('list the slots and tokens of a PKCS#11 module')
    .option('--module <path>', 'PKCS#11 module (a shared library)')
    .option(
      '--profile <file>',
      'say beforehand whether the token of this profile can do what it asks',
    )
    .option('--details', 'all that the tokens say of themselves', false)
    .option('--watch', 'stay, and tell what arrives, is removed or changes', false)
    .addHelpText(
      'after',
      `
Examples:
  est-station tokens --module /usr/lib/softhsm/libsofthsm2.so
  est-station tokens --module /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so --json
  est-station tokens --module /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so --watch
  est-station tokens --profile profile.json`,
    )
    .action(async ({ module, profile, watch, details }: Options) => {
      if ((module === undefined) === (profile === undefined)) {
        throw new StationError('USAGE-01', { detail: 'Give either --module or --profile.' });
      }
      const station = await context.station();
      if (profile !== undefined) return await tellFit(context, station, profile);
      if (module === undefined) return;
      if (details) return await tellDetails(context, station, resolve(module));
      if (watch) return await watchTokens(context, station, resolve(module));
      const tokens = await station.ports.tokens.listTokens(resolve(module));
      context.output.result({ tokens }, tokens.flatMap(tokenLines));
    });
}

interface Options {
  readonly module?: string;
  readonly profile?: string;
  readonly watch: boolean;
  readonly details: boolean;
}

async function tellDetails({ output }: CliContext, station: Station, module: string) {
  const details = await station.ports.tokens.describeTokens(module);
  output.result({ tokens: details }, details.flatMap(detailLines));
}

const curveWords: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
  ed25519: 'Ed25519',
};

function detailLines(details: TokenDetails): string[] {
  const { token, flags, freePublicMemory, freePrivateMemory, mechanisms } = details;
  const curves = token.canGenerate.flatMap((set) => curveWords[set] ?? []);
  const free = (octets: number | null) => (octets === null ? 'not told' : `${octets} octets`);
  return [
    ...tokenLines(token),
    `  signs ${token.canSign.join(', ') || 'nothing the station knows'}`,
    `  curves ${curves.join(', ') || 'none the station knows'}`,
    `  room: public ${free(freePublicMemory)}, private ${free(freePrivateMemory)}; firmware ${details.firmwareVersion}`,
    `  PIN ${token.pinPad ? 'on the reader’s pad' : 'typed here'}, ${token.minPinLength} to ${token.maxPinLength} octets`,
    `  ${flags.join(' ')}`,
    ...mechanisms.map(({ name, minKeySize, maxKeySize }) =>
      maxKeySize === 0 ? `    ${name}` : `    ${name}, keys ${minKeySize} to ${maxKeySize}`,
    ),
  ];
}

/** @throws StationError the first thing that is in the way. */
async function tellFit({ output }: CliContext, station: Station, file: string): Promise<void> {
  const { token, findings } = await checkToken(station.ports.tokens, await readProfile(file));
  const fits = findings.length === 0;
  output.result({ token, fits, findings: findings.map((finding) => finding.toData()) }, [
    ...tokenLines(token),
    `  signs ${token.canSign.join(', ') || 'nothing the station knows'}`,
    fits ? '  can do what the profile asks' : '  cannot do what the profile asks',
  ]);
  if (findings[0] !== undefined) throw findings[0];
}

const changeWords = { present: '·', arrived: '+', removed: '-', changed: '~' } as const;

/** Tells one line for each event until it is interrupted; with --json one document each. */
async function watchTokens(context: CliContext, station: Station, module: string) {
  const { output } = context;
  const signal = AbortSignal.any([context.signal, context.readerGone]);
  const now = () => station.ports.clock.now().toISOString();
  let first = true;
  const end = station.ports.tokens.watchTokens(module, ({ tokens, changes, error }) => {
    if (error !== null)
      output.result({ event: 'trouble', at: now(), error }, [`! ${error.message}`]);
    const told = first ? tokens.map((token) => ({ kind: 'present' as const, token })) : changes;
    first &&= error !== null;
    for (const { kind, token } of told) {
      const [line = '', ...others] = tokenLines(token);
      output.result({ event: kind, at: now(), token }, [`${changeWords[kind]} ${line}`, ...others]);
    }
  });
  if (!signal.aborted) await once(signal, 'abort');
  end();
}

/** A token in a person's words. */
export function tokenLines(token: TokenInfo): string[] {
  const reader = `slot ${token.slot}, ${token.slotDescription}`;
  if (!token.initialised) return [`(blank token)  ${reader}`, `  serial ${token.serial}`];
  const serial = token.serialUnique ? token.serial : `${token.serial} (not unique)`;
  return [
    `${token.label}  ${reader}`,
    `  serial ${serial}; ${token.manufacturer} ${token.model}`,
    `  ${pinWords[token.pinState]}; makes ${token.canGenerate.join(', ') || 'no key the station knows'}`,
  ];
}
