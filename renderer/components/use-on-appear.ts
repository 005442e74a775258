import { useEffect, useRef } from 'react';

/** Does `work` once, when the page appears; later renders do not repeat it. */
export function useOnAppear(work: () => void): void {
  const first = useRef(work);
  useEffect(() => first.current(), []);
}
