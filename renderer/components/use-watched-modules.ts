import { useEffect, useRef } from 'react';
import { watchTokens } from '../stores/tokens.ts';

/** Lets the station watch tokens as `start` says while the page stands, and no longer. */
export function useWatchedModules(start: () => Promise<void>): void {
  const first = useRef(start);
  useEffect(() => {
    void first.current();
    return () => void watchTokens([]);
  }, []);
}
