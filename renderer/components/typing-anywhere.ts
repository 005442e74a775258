import { type RefObject, useEffect } from 'react';
import { isEditable } from './scanner.ts';

/** A key typed where nothing takes it goes to `field`, as does a scanner's burst. `null` switches it off. */
export function useTypingAnywhere(
  field: RefObject<HTMLInputElement | null>,
  keys: RegExp | null,
): void {
  const source = keys?.source ?? null;
  useEffect(() => {
    if (source === null) return;
    const wanted = new RegExp(source, 'u');
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isEditable(event.target)) return;
      const pressing = event.key === ' ' && event.target instanceof HTMLElement;
      if (wanted.test(event.key) && !pressing) field.current?.focus();
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, [field, source]);
}
