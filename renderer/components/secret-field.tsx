import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './icon.tsx';
import { useTypingAnywhere } from './typing-anywhere.ts';

/**
 * Takes what stands in a secret field as UTF-8 bytes and empties the field at once.
 * The string the browser kept cannot be wiped; the bytes can, and the caller must.
 */
export function takeSecret(field: HTMLInputElement | null): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(field?.value ?? '');
  if (field) field.value = '';
  return bytes;
}

/** Compares two secrets byte by byte. */
export function sameSecret(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, place) => byte === b[place]);
}

/** A field for a PIN, password or passphrase: uncontrolled, never in any store. */
export function SecretField({
  label,
  hint,
  error,
  field,
  testId,
  eager = false,
  onFilled,
}: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly testId: string;
  /** Typing anywhere on the page goes here. */
  readonly eager?: boolean;
  /** Told whether anything stands in the field, never what. */
  onFilled?(filled: boolean): void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  useWipeWhenHidden(field, onFilled);
  useTypingAnywhere(field, eager ? /^.$/u : null);
  const noticeCapsLock = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'));
  const about = error || hint ? `${id}-about` : undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="pin">
        <input
          ref={field}
          id={id}
          type={shown ? 'text' : 'password'}
          autoComplete="off"
          spellCheck={false}
          maxLength={255}
          aria-invalid={error ? true : undefined}
          aria-describedby={about}
          onKeyDown={noticeCapsLock}
          onKeyUp={noticeCapsLock}
          onInput={(event) => onFilled?.(event.currentTarget.value !== '')}
          data-testid={testId}
        />
        <button
          type="button"
          className="btn small plain"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? t('secret.hide') : t('secret.show')}
          <span className="sr"> {label}</span>
        </button>
      </div>
      {capsLock && (
        <p className="hint-line caps" role="status">
          <Icon name="caps" />
          <b>{t('secret.capsLock')}</b>
        </p>
      )}
      {about && (
        <p id={about} className={error ? 'hint wrong' : 'hint'} role={error ? 'alert' : undefined}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

/** A window out of sight keeps no secret waiting in a field. */
function useWipeWhenHidden(
  field: RefObject<HTMLInputElement | null>,
  onFilled: ((filled: boolean) => void) | undefined,
) {
  useEffect(() => {
    const wipe = () => {
      if (!document.hidden || !field.current) return;
      field.current.value = '';
      onFilled?.(false);
    };
    document.addEventListener('visibilitychange', wipe);
    return () => document.removeEventListener('visibilitychange', wipe);
  }, [field, onFilled]);
}
