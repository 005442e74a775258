import type { Page } from 'playwright-core';
import { testIds } from '../../renderer/test-ids.ts';

/** Pulls the first token of the fake station. */
export async function unplugFirstToken(page: Page): Promise<void> {
  await page.evaluate('unplugFirstToken()');
}

/** What the page told the station with a command, in order. */
export async function spyOn(page: Page, name: string): Promise<() => Promise<string[]>> {
  await page.evaluate(`{
    const station = window.station;
    const ask = station.command;
    globalThis.seen = [];
    station.command = (name, input) => {
      if (name === ${JSON.stringify(name)}) globalThis.seen.push(JSON.stringify(input));
      return ask(name, input);
    };
  }`);
  return () => page.evaluate('globalThis.seen');
}

/**
 * A scanner's burst: all keys within a moment, then Enter. It is made inside the page: keys sent from outside come
 * as slowly as a busy machine lets them.
 * @param focus what has the focus meanwhile.
 */
export async function scan(page: Page, text: string, focus: string = testIds.back): Promise<void> {
  await page.getByTestId(focus).focus();
  await page.evaluate(`for (const key of [...${JSON.stringify(text)}, 'Enter']) {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    if (document.activeElement.dispatchEvent(event) && key === 'Enter') document.activeElement.click();
  }`);
}

export const textOf = async (page: Page, id: string) =>
  (await page.getByTestId(id).textContent()) ?? '';
