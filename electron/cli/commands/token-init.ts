import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { TokenInfo } from '../../../shared/token.ts';
import type { SecretSheet } from '../../station/secret-sheet.ts';
import type { Station } from '../../station/station.ts';
import type { CliContext } from '../context.ts';
import { readGivenFile } from '../given-file.ts';
import { tellPinState, typedOnReader } from '../token-choice.ts';
import { readTokenRows } from '../token-rows.ts';
import { contentLines } from './show.ts';
import { tokenLines } from './tokens.ts';

const policies = ['prompt', 'per-row', 'generated'] as const;

interface Options {
  readonly module: string;
  readonly slot?: number;
  readonly serial?: string;
  readonly label?: string;
  readonly rows?: string;
  readonly destroy?: string;
  readonly finalTry: boolean;
  readonly pinPolicy: (typeof policies)[number];
  readonly secretSheet?: string;
  readonly sheetRecipient?: string;
}

/** One token to be initialised; without slot and serial it is the only blank one. */
interface Target {
  readonly label: string;
  readonly slot?: number;
  readonly serial?: string;
  readonly destroy?: string;
}

/** `token-init`: makes blank or used tokens ready for use. */
export function tokenInitCommand(program: Command, context: CliContext): void {
  program
    .command('token-init')
    .description('initialise one token or many: label, SO PIN and user PIN')
    .requiredOption('--module <path>', 'PKCS#11 module (a shared library)')
    .option('--slot <n>', 'slot number of the token', slotNumber)
    .option('--serial <serial>', 'serial of the token')
    .option('--label <label>', 'label of the token, 1 to 32 bytes', tokenLabel)
    .option('--rows <file>', 'many tokens: CSV with the columns label, serial, destroy')
    .option('--destroy <text>', 'present label or serial of a used token: its contents are lost')
    .option('--final-try', 'go on although only one try of the SO PIN is left', false)
    .addOption(
      new Option('--pin-policy <policy>', 'where the PINs come from')
        .choices(policies)
        .default('prompt'),
    )
    .option('--secret-sheet <file>', 'generated PINs: a new file for them, encrypted')
    .option('--sheet-recipient <file>', 'generated PINs: certificate (PEM) of who may read them')
    .addHelpText(
      'after',
      `
PINs come from EST_STATION_SO_PIN and EST_STATION_PIN, or are asked for: once, or with per-row for every
token. With generated each token gets a PIN of its own, and a blank one an SO PIN too; they stand on the
secret sheet (CMS, openssl cms -decrypt reads it) before the token gets them. A token in use is listed
first and erased only when its present label or serial is typed or given with --destroy.

Examples:
  est-station token-init --module /usr/lib/softhsm/libsofthsm2.so --slot 0 --label GW-20417
  est-station token-init --module ./vendor.so --serial 0A1B2C3D --label GW-20417 --destroy GW-20399
  est-station token-init --module ./vendor.so --rows rows.csv --pin-policy generated --secret-sheet pins.cms --sheet-recipient engineer.pem`,
    )
    .action(async (options: Options) => {
      const targets = await targetsOf(options);
      const station = await context.station();
      const sheet = await openSheet(context, station, options);
      const pins = new AskedPins(context, options.pinPolicy);
      const made: TokenInfo[] = [];
      try {
        for (const target of targets) {
          context.signal.throwIfAborted();
          made.push(await initialise(context, station, options, target, pins, sheet));
          context.output.progress(`${target.label}: initialised`);
        }
      } finally {
        pins.forget();
        sheet?.close();
        if (made.length < targets.length && targets.length > 1) {
          context.output.progress(`${made.length} of ${targets.length} tokens are initialised.`);
        }
      }
      const [only] = made;
      const document = options.rows === undefined && only ? { ...only } : { tokens: made };
      context.output.result(document, ['Token initialised.', ...made.flatMap(tokenLines)]);
    });
}

async function targetsOf({ slot, serial, label, rows, destroy }: Options): Promise<Target[]> {
  if (rows !== undefined) {
    if (slot !== undefined || serial !== undefined || label !== undefined) {
      throw usage('--rows names the tokens itself.');
    }
    return await readTokenRows(rows);
  }
  if (label === undefined) throw usage('--label is missing.');
  if ((slot === undefined) === (serial === undefined)) {
    throw usage('Name the token by --slot or by --serial.');
  }
  return [
    {
      label,
      ...(slot === undefined ? {} : { slot }),
      ...(serial === undefined ? {} : { serial }),
      ...(destroy === undefined ? {} : { destroy }),
    },
  ];
}

async function openSheet(
  { output }: CliContext,
  station: Station,
  { pinPolicy, secretSheet, sheetRecipient }: Options,
): Promise<SecretSheet | null> {
  const given = secretSheet !== undefined && sheetRecipient !== undefined;
  if (pinPolicy !== 'generated') {
    if (secretSheet === undefined && sheetRecipient === undefined) return null;
    throw usage('A secret sheet goes with --pin-policy generated.');
  }
  if (!given) throw usage('Generated PINs need --secret-sheet and --sheet-recipient.');
  const recipient = (await readGivenFile(sheetRecipient)).toString('utf8');
  const sheet = await station.tokenCare.openSheet(secretSheet, recipient);
  output.progress(`The PINs stand on ${secretSheet}, readable with the key of ${sheetRecipient}.`);
  return sheet;
}

async function initialise(
  context: CliContext,
  station: Station,
  options: Options,
  target: Target,
  pins: AskedPins,
  sheet: SecretSheet | null,
): Promise<TokenInfo> {
  const module = resolve(options.module);
  const { label, slot, serial } = target;
  const named = {
    ...(slot === undefined ? {} : { slot }),
    ...(serial === undefined ? {} : { serial }),
  };
  const token = await station.tokenCare.target({ module, ...named });
  const consent = token.initialised
    ? await consentToDestroy(context, station, token, target, options.finalTry)
    : { destroyExisting: null, finalTryConfirmed: false };
  const request = { module, label, ...named, ...consent };
  if (sheet !== null) {
    return await station.tokenCare.initialiseGenerated(request, () => pins.soPin(label), sheet);
  }
  if (token.pinPad && !token.initialised) context.output.progress(typedOnReader);
  return await station.tokenCare.initialise(request, async () => {
    if (token.pinPad) return { soPin: new Uint8Array(), pin: new Uint8Array() };
    const soPin = await pins.soPin(label);
    return { soPin, pin: await pins.userPin(label) };
  });
}

/** Lists what would be lost; only the present label or serial, typed or given, is consent. */
async function consentToDestroy(
  context: CliContext,
  station: Station,
  token: TokenInfo,
  { destroy }: Target,
  finalTry: boolean,
): Promise<{ destroyExisting: string | null; finalTryConfirmed: boolean }> {
  const { output, interactive, askLine } = context;
  const { keystore, entries } = await station.tokenCare.contents(token.module, token);
  output.progress(`Initialising destroys what ${keystore} holds:`);
  for (const line of entries.flatMap(contentLines)) output.progress(`  ${line}`);
  output.progress('  and private keys, which are not seen without the PIN');
  const question = `Type ${token.label} or ${token.serial} to destroy it: `;
  const typed = destroy ?? (interactive ? (await askLine(question)).trim() : null);
  // Without consent the token refuses, before any PIN was asked for.
  if (typed !== token.label && (typed !== token.serial || !token.serialUnique)) {
    throw new StationError('TOKEN-11', { token: keystore });
  }
  return {
    destroyExisting: typed,
    finalTryConfirmed: await tellPinState(context, token, 'so', finalTry),
  };
}

/** PINs a person types: once for all tokens, or for each. */
class AskedPins {
  readonly #context: CliContext;
  readonly #everyTime: boolean;
  readonly #held = new Map<'so-pin' | 'token-pin', Uint8Array>();

  constructor(context: CliContext, policy: Options['pinPolicy']) {
    this.#context = context;
    this.#everyTime = policy === 'per-row';
  }

  /** A copy, which the receiver zeroes. */
  soPin(label: string): Promise<Uint8Array> {
    return this.#pin('so-pin', label);
  }

  /** A copy, which the receiver zeroes. */
  userPin(label: string): Promise<Uint8Array> {
    return this.#pin('token-pin', label);
  }

  forget(): void {
    for (const pin of this.#held.values()) pin.fill(0);
    this.#held.clear();
  }

  async #pin(purpose: 'so-pin' | 'token-pin', label: string): Promise<Uint8Array> {
    const held = this.#everyTime ? undefined : this.#held.get(purpose);
    const pin = held ?? (await this.#context.secrets.askNew(purpose, label));
    if (held === undefined) {
      this.#held.get(purpose)?.fill(0);
      this.#held.set(purpose, pin);
    }
    return Uint8Array.from(pin);
  }
}

function usage(detail: string): StationError {
  return new StationError('USAGE-01', { detail });
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
