import { useState } from 'react';
import type { Reply } from '../../shared/contract/station-api.ts';
import type { Pkcs11Selection } from '../../shared/profile.ts';
import type { TokenInfo } from '../../shared/token.ts';
import { ask } from '../stores/ask.ts';
import { selects } from '../stores/draft.ts';
import { giveTokenPin } from './give-token-pin.ts';
import { type TokenPin, useTokenPin } from './token-pin.tsx';
import { useOnAppear } from './use-on-appear.ts';

/** A token an enrollment needs, to store on or to sign in with: whether it is there, and its PIN. */
export interface NeededToken {
  readonly selection: Pkcs11Selection | null;
  /** Null while it is looked for, 'missing' when it is not plugged in. */
  readonly token: TokenInfo | 'missing' | null;
  readonly pin: TokenPin;
  look(): Promise<void>;
  /** Gives the PIN to the token once, and reads its state again after a refusal. */
  give(): Promise<Reply<unknown>>;
}

export function useToken(selection: Pkcs11Selection | null): NeededToken {
  const [token, setToken] = useState<NeededToken['token']>(null);
  const present = token === 'missing' ? null : token;
  const pin = useTokenPin(present);
  async function look() {
    if (selection === null) return;
    const listed = await ask('tokens.list', { module: selection.module });
    const found = listed.ok ? listed.value.find((one) => selects(selection, one)) : undefined;
    pin.setTail('');
    setToken(found ?? 'missing');
  }
  useOnAppear(() => void look());
  return {
    selection,
    token,
    pin,
    look,
    async give() {
      if (present === null) return { ok: true, value: {} };
      const reply = await giveTokenPin(present, pin);
      if (!reply.ok) await look();
      return reply;
    },
  };
}
