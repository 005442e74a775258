import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { TokenInfo } from '../../../shared/token.ts';
import type { CliContext } from '../context.ts';

/** `tokens`: what is in the readers of a PKCS#11 module. */
export function tokensCommand(program: Command, context: CliContext): void {
  program
    .command('tokens')
    .description('list the slots and tokens of a PKCS#11 module')
    .requiredOption('--module <path>', 'PKCS#11 module (a shared library)')
    .addHelpText(
      'after',
      `
Examples:
  est-station tokens --module /usr/lib/softhsm/libsofthsm2.so
  est-station tokens --module /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so --json`,
    )
    .action(async ({ module }: { module: string }) => {
      const station = await context.station();
      const tokens = await station.ports.tokens.listTokens(resolve(module));
      context.output.result({ tokens }, tokens.flatMap(tokenLines));
    });
}

/** `token-init`: makes a blank token ready for use. */
export function tokenInitCommand(program: Command, context: CliContext): void {
  program
    .command('token-init')
    .description('initialise a blank token: label, SO PIN and user PIN')
    .requiredOption('--module <path>', 'PKCS#11 module (a shared library)')
    .option('--slot <n>', 'slot number of the blank token', slotNumber)
    .option('--serial <serial>', 'serial of the blank token')
    .requiredOption('--label <label>', 'label of the token, 1 to 32 bytes', tokenLabel)
    .addHelpText(
      'after',
      `
PINs come from EST_STATION_SO_PIN and EST_STATION_PIN, or are asked for. A token that is
already initialised is refused: initialising destroys what it holds.

Examples:
  est-station token-init --module /usr/lib/softhsm/libsofthsm2.so --slot 0 --label GW-20417
  est-station token-init --module ./vendor.so --serial 0A1B2C3D --label GW-20417 --json`,
    )
    .action(async ({ module, slot, serial, label }: InitOptions) => {
      if ((slot === undefined) === (serial === undefined)) {
        throw new StationError('USAGE-01', { detail: 'Name the token by --slot or by --serial.' });
      }
      const station = await context.station();
      const soPin = await context.secrets.askNew('so-pin', label);
      const pin = await context.secrets.askNew('token-pin', label);
      try {
        const token = await station.initialiseToken({
          module: resolve(module),
          label,
          soPin,
          pin,
          ...(slot === undefined ? {} : { slot }),
          ...(serial === undefined ? {} : { serial }),
        });
        context.output.result({ ...token }, ['Token initialised.', ...tokenLines(token)]);
      } finally {
        soPin.fill(0);
        pin.fill(0);
      }
    });
}

interface InitOptions {
  readonly module: string;
  readonly slot?: number;
  readonly serial?: string;
  readonly label: string;
}

const pinWords = {
  ok: 'PIN ready',
  low: 'PIN: a wrong try was made',
  final: 'PIN: one try left',
  locked: 'PIN locked',
  'not-set': 'no PIN yet',
} as const;

function tokenLines(token: TokenInfo): string[] {
  const reader = `slot ${token.slot}, ${token.slotDescription}`;
  if (!token.initialised) return [`(blank token)  ${reader}`, `  serial ${token.serial}`];
  const serial = token.serialUnique ? token.serial : `${token.serial} (not unique)`;
  return [
    `${token.label}  ${reader}`,
    `  serial ${serial}; ${token.manufacturer} ${token.model}`,
    `  ${pinWords[token.pinState]}; makes ${token.canGenerate.join(', ') || 'no key the station knows'}`,
  ];
}

function slotNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a slot number as shown by the command tokens.');
}

function tokenLabel(text: string): string {
  const bytes = Buffer.byteLength(text);
  if (bytes >= 1 && bytes <= 32) return text;
  throw new InvalidArgumentError('It must be 1 to 32 bytes of UTF-8.');
}
