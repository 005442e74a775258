import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Scenario } from '../../renderer/fake/scenario.ts';
import { windowsOfThisFile } from './renderer-bench.ts';
import { type Look, patience, type RendererWindows } from './renderer-window.ts';

const full = process.env.EST_STATION_FULL === '1';
const allLooks: readonly Look[] = (['small', 'large'] as const).flatMap((size) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    (['en', 'de'] as const).map((language) => ({ size, theme, language })),
  ),
);
const nameOf = ({ size, theme, language }: Look) => `${size} ${theme} ${language}`;

/** The looks at the page in this place of its list: one in the sample, another for each page; all in the full gate. */
function looksAt(place: number): readonly Look[] {
  const at = (place * 3) % allLooks.length;
  return full ? allLooks : allLooks.slice(at, at + 1);
}

/** What is wrong with the page as it stands: accessibility, anything wider than its frame. */
export async function faults(page: Page): Promise<string[]> {
  // Without frames the page itself can sum up; the other way opens a blank page for that, each time.
  const { violations, passes } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({
      resultTypes: ['violations'],
      runOnly: {
        type: 'tag',
        values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      },
    })
    .analyze();
  const overflowing: string[] = await page.evaluate(`
    ['html', '.strip .next dd > span', '.page', '.stepper', '.panel', '.actions', '.rail', '.cert', '.compare > div']
      .flatMap((selector) => [...document.querySelectorAll(selector)]
        .filter((box) => box.scrollWidth > box.clientWidth + 1)
        .map((box) => selector + ' is ' + box.scrollWidth + ' wide in ' + box.clientWidth))`);
  const tall: string[] = await page.evaluate(`
    (({ scrollHeight, clientHeight }) => scrollHeight > clientHeight
      ? ['the window is ' + scrollHeight + ' high in ' + clientHeight] : [])(document.documentElement)`);
  const untranslated: string[] = await page.evaluate(
    `(document.body.innerText.match(/\\b[a-z]+(?:\\.[a-zA-Z]+){1,3}(?=\\s|$)|\\{\\{\\w+\\}\\}|PLACEHOLDER/g) ?? [])
      .filter((text) => !/example|est-|station|gw-|\\.so$/.test(text))`,
  );
  return [
    ...(passes.length > 10 ? [] : [`only ${passes.length} rules were tried`]),
    ...violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
    ...overflowing,
    ...tall,
    ...untranslated.map((text) => `not a text: ${text}`),
  ];
}

/** Leads from the first step to the page that is looked at. */
export type Way = (page: Page) => Promise<void>;
export type LookedAt = readonly [name: string, scenario: Partial<Scenario>, way: Way];

/** Windows for the tests of one file, with time for every look. */
export const lookingAtPages = () => windowsOfThisFile(patience * (full ? 2 : 1));

/** Looks at each page: it must be accessible, translated, and fit its frame. */
export function lookAtEach(windows: () => RendererWindows, pages: readonly LookedAt[]): void {
  it.each(pages)('%s is accessible, translated and fits', async (name, scenario, way) => {
    for (const look of looksAt(pages.findIndex(([other]) => other === name))) {
      const { page, complaints } = await windows().open(scenario, look);
      await way(page);
      expect({ look: nameOf(look), faults: await faults(page) }).toEqual({
        look: nameOf(look),
        faults: [],
      });
      expect(complaints).toEqual([]);
      await windows().closeAll();
    }
  });
}

/** The narrowest case in the sample: small and German. */
export const wholeWay: readonly (readonly [string, Look])[] = (
  full ? allLooks : allLooks.filter((look) => nameOf(look) === 'small light de')
).map((look) => [nameOf(look), look]);
