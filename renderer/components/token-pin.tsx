import { type RefObject, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PinState, TokenInfo } from '../../shared/token.ts';
import { SecretField } from './secret-field.tsx';
import { SerialCheck, serialTail } from './serial-check.tsx';
import { Tries } from './tries.tsx';

/** Whose PIN: the user's, or the security officer's (PKCS#11: CKU_USER, CKU_SO). */
export type Whose = 'user' | 'so';

export function pinStateOf(token: TokenInfo, whose: Whose): PinState {
  return whose === 'user' ? token.pinState : token.soPinState;
}

/** A PIN that is about to be given to a token; the field holds it, never this. */
export interface TokenPin {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly tail: string;
  /** Everything is there: the PIN, and before the last try the word of the person. */
  readonly ready: boolean;
  readonly finalTryConfirmed: boolean;
  setTail(tail: string): void;
  setFilled(filled: boolean): void;
}

/** @param token null while it is looked for or not plugged in: then nothing is ready. */
export function useTokenPin(token: TokenInfo | null, whose: Whose = 'user'): TokenPin {
  const field = useRef<HTMLInputElement>(null);
  const [filled, setFilled] = useState(false);
  const [tail, setTail] = useState('');
  const state = token === null ? null : pinStateOf(token, whose);
  const finalTryConfirmed =
    token !== null && state === 'final' && serialTail(token) === tail.toUpperCase();
  const open = state === 'ok' || state === 'low' || finalTryConfirmed;
  const ready = token !== null && open && (token.pinPad || filled);
  return { field, tail, ready, finalTryConfirmed, setTail, setFilled };
}

/** The tries first, then the PIN: typed here or on the reader; nothing to type once it is locked. */
export function TokenPinFields({
  token,
  whose = 'user',
  pin,
  label,
  eager = false,
  testId,
}: {
  readonly token: TokenInfo;
  readonly whose?: Whose;
  readonly pin: TokenPin;
  readonly label: string;
  /** Typing anywhere on the page goes here, unless it is the last try. */
  readonly eager?: boolean;
  readonly testId: string;
}) {
  const { t } = useTranslation();
  const state = pinStateOf(token, whose);
  if (state === 'locked' || state === 'not-set') {
    return (
      <div className="stack">
        <Tries pinState={state} brief />
        <p className="lead">{t(`pin.shut.${whose}.${state}`)}</p>
      </div>
    );
  }
  return (
    <div className="stack">
      <Tries pinState={state} brief />
      <div className="narrow stack">
        {state === 'final' && (
          <>
            <p className="lead">{t(`pin.lastTry.${whose}`)}</p>
            <SerialCheck token={token} tail={pin.tail} onTail={pin.setTail} />
          </>
        )}
        {token.pinPad ? (
          <p className="lead">{t('pin.pinPad')}</p>
        ) : (
          <SecretField
            label={state === 'final' ? `2. ${label}` : label}
            hint={t('pin.hint')}
            field={pin.field}
            eager={eager && state !== 'final'}
            testId={testId}
            onFilled={pin.setFilled}
          />
        )}
      </div>
    </div>
  );
}
