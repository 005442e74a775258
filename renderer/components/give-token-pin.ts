import type { Reply } from '../../shared/contract/station-api.ts';
import type { TokenInfo } from '../../shared/token.ts';
import { ask } from '../stores/ask.ts';
import { takeSecret } from './secret-field.tsx';
import type { TokenPin } from './token-pin.tsx';

/** Gives the PIN in the field to the token, once; field and bytes are emptied whatever comes of it. */
export async function giveTokenPin(token: TokenInfo, pin: TokenPin): Promise<Reply<unknown>> {
  const { module, serial, label } = token;
  const { finalTryConfirmed } = pin;
  const secret = takeSecret(pin.field.current);
  pin.setFilled(false);
  pin.setTail('');
  const reply = await ask('tokens.unlock', {
    module,
    serial,
    label,
    pin: secret,
    finalTryConfirmed,
  });
  secret.fill(0);
  return reply;
}
