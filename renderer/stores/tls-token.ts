import type { Reply } from '../../shared/contract/station-api.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { Pkcs11Selection } from '../../shared/profile.ts';
import { ask } from './ask.ts';
import { selects } from './draft.ts';

/** Opens the token with the TLS key for the next enrollment. The PIN (UTF-8) is sent once; its owner wipes it. */
export async function unlockTlsToken(
  selection: Pkcs11Selection,
  pin: Uint8Array<ArrayBuffer>,
): Promise<Reply<unknown>> {
  const listed = await ask('tokens.list', { module: selection.module });
  if (!listed.ok) return listed;
  const found = listed.value.find((token) => selects(selection, token));
  if (found === undefined) {
    const { serial, label } = selection.token;
    const error = new StationError('TOKEN-02', { token: label ?? serial ?? '' });
    return { ok: false, error: error.toData() };
  }
  const { module, serial, label } = found;
  return await ask('tokens.unlock', { module, serial, label, pin, finalTryConfirmed: false });
}
