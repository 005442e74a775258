import { resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { TokenInfo } from '../../../shared/token.ts';
import type { Station } from '../../station/station.ts';
import type { CliContext, CliPurpose, NewSecret } from '../context.ts';
import { chosenToken, tellPinState } from '../token-choice.ts';
import { tokenLines } from './tokens.ts';

const actions = ['change', 'unblock', 'so'] as const;
type Action = (typeof actions)[number];

interface Options {
  readonly module: string;
  readonly serial?: string;
  readonly label?: string;
  readonly finalTry: boolean;
}

/** Which PIN each action gives to the token, and which it sets. */
const secretsOf: Readonly<Record<Action, { present: CliPurpose; fresh: NewSecret }>> = {
  change: { present: 'token-pin', fresh: 'new-pin' },
  unblock: { present: 'so-pin', fresh: 'new-pin' },
  so: { present: 'so-pin', fresh: 'new-so-pin' },
};

/** `token-pin`: changes the user PIN or the SO PIN, or sets the user PIN anew with the SO PIN. */
export function tokenPinCommand(program: Command, context: CliContext): void {
  program
    .command('token-pin')
    .description('change the PIN, unblock it with the SO PIN, or change the SO PIN')
    .addArgument(new Argument('<action>', 'what to do').choices(actions))
    .requiredOption('--module <path>', 'PKCS#11 module (a shared library)')
    .option('--serial <serial>', 'serial of the token')
    .option('--label <label>', 'label of the token')
    .option('--final-try', 'go on although only one try is left', false)
    .addHelpText(
      'after',
      `
PINs come from EST_STATION_PIN, EST_STATION_SO_PIN, EST_STATION_NEW_PIN and EST_STATION_NEW_SO_PIN,
or are asked for, after the state of the PIN was told. With a PIN pad they are typed there.

Examples:
  est-station token-pin change --module ./vendor.so --serial 0A1B2C3D
  est-station token-pin unblock --module ./vendor.so --label GW-20417 --json
  est-station token-pin so --module ./vendor.so --serial 0A1B2C3D --final-try`,
    )
    .action(async (action: Action, options: Options) => {
      if (options.serial === undefined && options.label === undefined) {
        throw new StationError('USAGE-01', { detail: 'Name the token by --serial or --label.' });
      }
      const station = await context.station();
      const token = await chosenToken(station, options.module, options);
      const changed = await perform(context, station, action, token, options.finalTry);
      context.output.result({ ...changed }, ['Done.', ...tokenLines(changed)]);
    });
}

async function perform(
  context: CliContext,
  { tokenCare }: Station,
  action: Action,
  token: TokenInfo,
  finalTry: boolean,
): Promise<TokenInfo> {
  const whose = action === 'change' ? 'user' : 'so';
  const finalTryConfirmed = await tellPinState(context, token, whose, finalTry);
  const about = `${token.label} (${token.serial})`;
  const { present, fresh } = secretsOf[action];
  const ask = async (asking: () => Promise<Uint8Array>) =>
    token.pinPad ? new Uint8Array() : await asking();
  const selector = { serial: token.serial, label: token.label };
  const order = { module: resolve(token.module), selector, finalTryConfirmed };
  const both = async () => {
    const given = await ask(() => context.secrets.ask(present, about));
    try {
      return { given, newPin: await ask(() => context.secrets.askNew(fresh, about)) };
    } catch (error) {
      given.fill(0);
      throw error;
    }
  };
  if (action === 'unblock') {
    return await tokenCare.resetPin(order, async () => {
      const { given: soPin, newPin } = await both();
      return { soPin, newPin };
    });
  }
  return await tokenCare.changePin({ ...order, who: whose }, async () => {
    const { given: oldPin, newPin } = await both();
    return { oldPin, newPin };
  });
}
