import { type RefObject, useRef, useState } from 'react';
import type { Reply } from '../../../shared/contract/station-api.ts';
import type { Profile } from '../../../shared/profile.ts';
import type { TokenInfo } from '../../../shared/token.ts';
import { takeSecret } from '../../components/secret-field.tsx';
import { serialTail } from '../../components/serial-check.tsx';
import { useOnAppear } from '../../components/use-on-appear.ts';
import { ask } from '../../stores/ask.ts';
import { namesToken } from '../../stores/draft.ts';
import { type NeededSecret, neededSecrets } from '../../stores/needed-secrets.ts';
import { useWizard } from '../../stores/wizard.ts';

type Fields = Readonly<Record<NeededSecret, RefObject<HTMLInputElement | null>>>;

/** The secrets an open enrollment needs: their fields, whether all are there, and how they are given. */
export interface Secrets {
  readonly needed: readonly NeededSecret[];
  readonly fields: Fields;
  /** The token of the enrollment: null while it is looked for, 'missing' when it is not plugged in. */
  readonly token: TokenInfo | 'missing' | null;
  readonly tail: string;
  readonly complete: boolean;
  setTail(tail: string): void;
  filled(purpose: NeededSecret, filled: boolean): void;
  lookForToken(): Promise<void>;
  /** Gives every secret to the station; the PIN goes to the token once. Stops at the first refusal. */
  give(): Promise<Reply<unknown>>;
}

const given: Reply<unknown> = { ok: true, value: {} };

export function useSecrets(profile: Profile, asksServer: boolean): Secrets {
  const needed = neededSecrets(profile, asksServer);
  const fields: Fields = {
    'token-pin': useRef(null),
    'keystore-passphrase': useRef(null),
    'http-password': useRef(null),
    'tls-key-passphrase': useRef(null),
    'proxy-password': useRef(null),
  };
  const [typed, setTyped] = useState<ReadonlySet<NeededSecret>>(new Set());
  const [token, setToken] = useState<Secrets['token']>(null);
  const [tail, setTail] = useState('');
  const filled = (purpose: NeededSecret, is: boolean) =>
    setTyped(
      (before) => new Set([...before].filter((one) => one !== purpose).concat(is ? purpose : [])),
    );

  async function lookForToken() {
    const { keystore } = profile;
    if (keystore.kind !== 'pkcs11') return;
    const listed = await ask('tokens.list', { module: keystore.module });
    const draft = { ...useWizard.getState().draft, keystore };
    const found = listed.ok ? listed.value.find((one) => namesToken(draft, one)) : undefined;
    setTail('');
    setToken(found ?? 'missing');
  }
  useOnAppear(() => void lookForToken());

  async function unlock(): Promise<Reply<unknown>> {
    if (token === null || token === 'missing') return given;
    const { module, serial, label, pinState } = token;
    const pin = takeSecret(fields['token-pin'].current);
    const finalTryConfirmed = pinState === 'final';
    const reply = await ask('tokens.unlock', { module, serial, label, pin, finalTryConfirmed });
    pin.fill(0);
    if (!reply.ok) await lookForToken();
    return reply;
  }
  async function hold(purpose: Exclude<NeededSecret, 'token-pin'>): Promise<Reply<unknown>> {
    const secret = takeSecret(fields[purpose].current);
    const reply = await ask('credentials.hold', { purpose, secret });
    secret.fill(0);
    return reply;
  }

  const confirmed =
    token === null || token === 'missing' || token.pinState !== 'final'
      ? true
      : serialTail(token) === tail.toUpperCase();
  const there = (purpose: NeededSecret) => {
    if (purpose !== 'token-pin') return typed.has(purpose);
    if (token === null || token === 'missing') return false;
    const shut = token.pinState === 'locked' || token.pinState === 'not-set';
    return !shut && confirmed && (token.pinPad || typed.has(purpose));
  };

  return {
    needed,
    fields,
    token,
    tail,
    complete: needed.every(there),
    setTail,
    filled,
    lookForToken,
    async give() {
      // The station's secrets serve one task: what the wizard had given must be given again there.
      useWizard.getState().lostSecrets();
      useWizard.setState({ token: null });
      for (const purpose of needed) {
        const reply = purpose === 'token-pin' ? await unlock() : await hold(purpose);
        if (!reply.ok) return reply;
      }
      setTyped(new Set());
      return given;
    },
  };
}
