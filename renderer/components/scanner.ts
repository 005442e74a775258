import { useEffect, useRef } from 'react';

/** Most milliseconds between two characters of a scanner; people are slower. */
const gapMs = 35;
const shortest = 4;

/**
 * Hears a barcode scanner wherever the focus is: a fast burst of characters ended by Enter.
 * @param onScan takes the text; returns false when it is not meant for this page
 */
export function useScanner(onScan: (text: string) => boolean): void {
  const latest = useRef(onScan);
  latest.current = onScan;
  useEffect(() => {
    let burst = '';
    let last = 0;
    const listen = (event: KeyboardEvent) => {
      const now = event.timeStamp;
      if (now - last > gapMs) burst = '';
      last = now;
      if (event.key === 'Enter') {
        const text = burst.trim();
        burst = '';
        if (text.length < shortest) return;
        if (!latest.current(text) && isEditable(event.target)) return;
        // The Enter of a scanner must not press the button that happens to have the focus.
        event.preventDefault();
        event.stopPropagation();
      } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
        burst += event.key;
      }
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, []);
}

export function isEditable(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !['radio', 'checkbox'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
