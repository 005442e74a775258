import { type RefObject, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../shared/token.ts';
import { SecretField, sameSecret, takeSecret } from './secret-field.tsx';

type Mistake = 'length' | 'differ';

/** A PIN to be set, typed twice; the fields hold it, never this. */
export interface NewPin {
  readonly first: RefObject<HTMLInputElement | null>;
  readonly second: RefObject<HTMLInputElement | null>;
  readonly mistake: Mistake | null;
  readonly filled: boolean;
  setFilled(which: 'first' | 'second', filled: boolean): void;
  /** Empties both fields. @returns the PIN (UTF-8, to be wiped), or null when it cannot be set. */
  take(token: TokenInfo): Uint8Array<ArrayBuffer> | null;
}

export function useNewPin(): NewPin {
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  const [mistake, setMistake] = useState<Mistake | null>(null);
  const [typed, setTyped] = useState({ first: false, second: false });
  return {
    first,
    second,
    mistake,
    filled: typed.first && typed.second,
    setFilled: (which, filled) => setTyped((before) => ({ ...before, [which]: filled })),
    take({ pinPad, minPinLength, maxPinLength }) {
      const pin = takeSecret(first.current);
      const again = takeSecret(second.current);
      setTyped({ first: false, second: false });
      const fits = pin.length > 0 && pin.length >= minPinLength && pin.length <= maxPinLength;
      const found = pinPad || fits ? (sameSecret(pin, again) ? null : 'differ') : 'length';
      again.fill(0);
      setMistake(found);
      if (found === null) return pin;
      pin.fill(0);
      return null;
    },
  };
}

/** Two fields for a new PIN; on a PIN pad it is typed there. */
export function NewPinFields({
  token,
  pin,
  whose,
  testIds: [first, second],
}: {
  readonly token: TokenInfo;
  readonly pin: NewPin;
  readonly whose: 'user' | 'so';
  readonly testIds: readonly [string, string];
}) {
  const { t } = useTranslation();
  const limits = { min: token.minPinLength, max: token.maxPinLength };
  if (token.pinPad) return <p className="lead">{t('newPin.pinPad')}</p>;
  return (
    <div className="columns">
      <SecretField
        label={t(`newPin.${whose}.name`)}
        hint={t('newPin.limits', limits)}
        error={pin.mistake === 'length' ? t('newPin.length', limits) : undefined}
        field={pin.first}
        testId={first}
        onFilled={(filled) => pin.setFilled('first', filled)}
      />
      <SecretField
        label={t(`newPin.${whose}.again`)}
        error={pin.mistake === 'differ' ? t('newPin.differ') : undefined}
        field={pin.second}
        testId={second}
        onFilled={(filled) => pin.setFilled('second', filled)}
      />
    </div>
  );
}
