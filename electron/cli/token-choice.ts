import { resolve } from 'node:path';
import { StationError } from '../../shared/errors/station-error.ts';
import type { PinState, TokenInfo } from '../../shared/token.ts';
import type { Station } from '../station/station.ts';
import type { CliContext } from './context.ts';

/** How near a PIN is to being locked. */
export const pinWords: Readonly<Record<PinState, string>> = {
  ok: 'PIN ready',
  low: 'PIN: a wrong try was made',
  final: 'PIN: one try left',
  locked: 'PIN locked',
  'not-set': 'no PIN yet',
};

/** What a person does at a token with a PIN pad. */
export const typedOnReader = 'Type the PINs on the reader.';

/**
 * The one token that is meant, blank ones too.
 * @throws StationError TOKEN-02, TOKEN-10, MODULE-….
 */
export async function chosenToken(
  station: Station,
  module: string,
  wanted: { readonly serial?: string; readonly label?: string },
): Promise<TokenInfo> {
  const tokens = await station.ports.tokens.listTokens(resolve(module));
  const [only, another] = tokens.filter(
    ({ serial, label }) =>
      (wanted.serial === undefined || wanted.serial === serial) &&
      (wanted.label === undefined || wanted.label === label),
  );
  const token = wanted.label ?? wanted.serial ?? '(any)';
  if (only === undefined) throw new StationError('TOKEN-02', { token });
  if (another !== undefined) throw new StationError('TOKEN-10', { token });
  return only;
}

/**
 * Tells the state of the PIN before it is asked for; the last try needs a word of its own.
 * @returns whether a person confirmed the last try.
 * @throws StationError PIN-02 (locked), PIN-03 (not confirmed); nothing was asked then.
 */
export async function tellPinState(
  { output, interactive, askLine }: CliContext,
  token: TokenInfo,
  whose: 'user' | 'so',
  finalTry: boolean,
): Promise<boolean> {
  const state = whose === 'so' ? token.soPinState : token.pinState;
  const words = whose === 'so' ? pinWords[state].replace('PIN', 'SO PIN') : pinWords[state];
  output.progress(`${token.label} (${token.serial}): ${words}`);
  if (token.pinPad) output.progress(typedOnReader);
  if (state === 'locked') throw new StationError('PIN-02');
  if (state !== 'final' || finalTry) return finalTry;
  if (!interactive) throw new StationError('PIN-03');
  const typed = await askLine(`A wrong PIN locks it now. Type ${token.serial} to go on: `);
  if (typed.trim() !== token.serial) throw new StationError('PIN-03');
  return true;
}
