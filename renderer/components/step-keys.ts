import { useEffect } from 'react';
import { stepForm } from './action-bar.tsx';

const ownEnter = 'a, button, input, select, textarea, summary';

/** Enter presses the primary button from anywhere that has no Enter of its own; Escape goes back. */
export function useStepKeys(onEscape: (() => void) | undefined): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const target = event.target instanceof Element ? event.target : null;
      if (event.key === 'Escape') onEscape?.();
      if (event.key === 'Enter' && !target?.closest(ownEnter)) {
        event.preventDefault();
        document.querySelector<HTMLButtonElement>(`button[form="${stepForm}"]`)?.click();
      }
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [onEscape]);
}
