import { type RefObject, useRef, useState } from 'react';
import type { Reply } from '../../../shared/contract/station-api.ts';
import type { Profile } from '../../../shared/profile.ts';
import { takeSecret } from '../../components/secret-field.tsx';
import { type NeededToken, useToken } from '../../components/use-token.ts';
import { ask } from '../../stores/ask.ts';
import { otherTlsToken } from '../../stores/draft.ts';
import {
  type HeldPurpose,
  type NeededPin,
  type NeededSecret,
  neededSecrets,
} from '../../stores/needed-secrets.ts';
import { useWizard } from '../../stores/wizard.ts';

/** The secrets an open enrollment needs: their fields, whether all are there, and how they are given. */
export interface Secrets {
  readonly needed: readonly NeededSecret[];
  readonly fields: Readonly<Record<HeldPurpose, RefObject<HTMLInputElement | null>>>;
  readonly tokens: Readonly<Record<NeededPin, NeededToken>>;
  readonly complete: boolean;
  filled(purpose: HeldPurpose, filled: boolean): void;
  /** Gives every secret to the station; a PIN goes to its token once. Stops at the first refusal. */
  give(): Promise<Reply<unknown>>;
}

/** True for a PIN: no other secret belongs to a token. */
export function isPin(purpose: NeededSecret): purpose is NeededPin {
  return purpose === 'token-pin' || purpose === 'tls-token-pin';
}

export function useSecrets(profile: Profile, asksServer: boolean): Secrets {
  const needed = neededSecrets(profile, asksServer);
  const fields = {
    'keystore-passphrase': useRef<HTMLInputElement>(null),
    'http-password': useRef<HTMLInputElement>(null),
    'tls-key-passphrase': useRef<HTMLInputElement>(null),
    'proxy-password': useRef<HTMLInputElement>(null),
  };
  const tokens = {
    'token-pin': useToken(profile.keystore.kind === 'pkcs11' ? profile.keystore : null),
    'tls-token-pin': useToken(otherTlsToken(profile)),
  };
  const [typed, setTyped] = useState<ReadonlySet<NeededSecret>>(new Set());
  const filled = (purpose: HeldPurpose, is: boolean) =>
    setTyped(
      (before) => new Set([...before].filter((one) => one !== purpose).concat(is ? purpose : [])),
    );
  async function hold(purpose: HeldPurpose): Promise<Reply<unknown>> {
    const secret = takeSecret(fields[purpose].current);
    const reply = await ask('credentials.hold', { purpose, secret });
    secret.fill(0);
    return reply;
  }
  return {
    needed,
    fields,
    tokens,
    complete: needed.every((purpose) =>
      isPin(purpose) ? tokens[purpose].pin.ready : typed.has(purpose),
    ),
    filled,
    async give() {
      // The station's secrets serve one task: what the wizard had given must be given again there.
      useWizard.getState().lostSecrets();
      useWizard.setState({ token: null });
      for (const purpose of needed) {
        const reply = isPin(purpose) ? await tokens[purpose].give() : await hold(purpose);
        if (!reply.ok) return reply;
      }
      setTyped(new Set());
      return { ok: true, value: {} };
    },
  };
}
