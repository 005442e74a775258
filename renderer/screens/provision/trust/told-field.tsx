import { type ClipboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { normaliseFingerprint } from '../../../../shared/profile.ts';
import { Fingerprint, type GroupMark } from '../../../components/fingerprint.tsx';
import { useScanner } from '../../../components/scanner.ts';
import { useTypingAnywhere } from '../../../components/typing-anywhere.ts';
import { testIds } from '../../../test-ids.ts';
import {
  type Comparison,
  nothingTold,
  type Told,
  tell,
  toldText,
  untell,
} from './told-fingerprint.ts';

/**
 * The field for the fingerprint a person was told. Typed, scanned or pasted text lands in the groups;
 * text copied from this very window is refused as a source.
 */
export function ToldField({
  told,
  comparison,
  onTold,
  onRefusedPaste,
}: {
  readonly told: Told;
  readonly comparison: Comparison;
  onTold(told: Told): void;
  onRefusedPaste(): void;
}) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [focused, setFocused] = useState(false);
  const copiedHere = useCopiedHere();
  useTypingAnywhere(field, /^[0-9a-fA-F]$/);
  useScanner((text) => {
    const hex = normaliseFingerprint(text);
    if (!/^[0-9A-F]{64}$/.test(hex)) return false;
    onTold(tell(nothingTold, hex));
    field.current?.focus();
    return true;
  });
  const text = toldText(told);
  const change = (value: string) => {
    if (value.startsWith(text)) onTold(tell(told, value.slice(text.length)));
    else if (text.startsWith(value) && value !== '') onTold(untell(told));
    else onTold(tell(nothingTold, value));
  };
  const paste = (event: ClipboardEvent) => {
    const pasted = normaliseFingerprint(event.clipboardData.getData('text'));
    event.preventDefault();
    if (pasted !== '' && pasted === copiedHere()) return onRefusedPaste();
    onTold(tell(pasted.length >= 64 ? nothingTold : told, pasted));
  };
  return (
    <div className="told">
      <div aria-hidden="true">
        <Fingerprint groups={shown(told)} marks={marks(told, comparison, focused)} />
      </div>
      <input
        ref={field}
        type="text"
        aria-label={t('trust.told')}
        aria-describedby="trust-tally"
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="characters"
        value={text}
        onChange={(event) => change(event.target.value)}
        onPaste={paste}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onSelect={keepCaretAtEnd}
        data-testid={testIds.toldFingerprint}
      />
    </div>
  );
}

function shown(told: Told): readonly string[] {
  return told.map((group) => group.padEnd(4, '·'));
}

function marks(told: Told, { differing, here }: Comparison, focused: boolean): GroupMark[] {
  return told.map((group, place) => {
    if (differing.includes(place)) return 'diff';
    if (group.length === 4) return 'same';
    return focused && place === here ? 'here' : 'todo';
  });
}

/** The groups are filled in their order, so the caret has one place; marking everything stays possible. */
function keepCaretAtEnd({ currentTarget: field }: { currentTarget: HTMLInputElement }) {
  const end = field.value.length;
  const everything = field.selectionStart === 0 && field.selectionEnd === end && end > 0;
  if (!everything && field.selectionStart !== end) field.setSelectionRange(end, end);
}

/** The hex digits last copied inside this window. */
function useCopiedHere(): () => string {
  const copied = useRef('');
  useEffect(() => {
    const listen = () => {
      copied.current = normaliseFingerprint(document.getSelection()?.toString() ?? '');
    };
    document.addEventListener('copy', listen);
    document.addEventListener('cut', listen);
    return () => {
      document.removeEventListener('copy', listen);
      document.removeEventListener('cut', listen);
    };
  }, []);
  return () => copied.current;
}
