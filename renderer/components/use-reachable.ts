import { useEffect } from 'react';

/** A region that scrolls gets a tab stop, so that the keyboard can scroll it; one that fits gets none. */
export function useReachable(region: HTMLElement | null): void {
  useEffect(() => {
    if (region === null) return;
    const look = () => {
      if (region.scrollHeight > region.clientHeight + 1) region.tabIndex = 0;
      else region.removeAttribute('tabindex');
    };
    const sizes = new ResizeObserver(look);
    const content = new MutationObserver(look);
    sizes.observe(region);
    content.observe(region, { childList: true, subtree: true });
    look();
    return () => {
      sizes.disconnect();
      content.disconnect();
    };
  }, [region]);
}
