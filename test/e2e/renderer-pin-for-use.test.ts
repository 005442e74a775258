import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../renderer/fake/scenario.ts';
import { testIds } from '../../renderer/test-ids.ts';
import { windowsOfThisFile } from './renderer-bench.ts';
import { onStep, walkTo } from './renderer-walk.ts';
import { type Look, ordinaryLook } from './renderer-window.ts';

const { open } = windowsOfThisFile();

const { dialog, pin, give } = testIds.pinForUse;

async function asked(scenario: Partial<Scenario> = {}, look: Look = ordinaryLook) {
  const page = await open({ pinForUseAt: 'signed', ...scenario }, look);
  await walkTo(page, 'enroll');
  await page.getByTestId(dialog).waitFor();
  return page;
}

describe('the PIN of one use of a key', () => {
  it('is asked for over the page, given with Enter, and kept nowhere', async () => {
    const page = await asked({ pinState: 'low' });
    const question = await page.getByTestId(dialog).textContent();
    expect(question).toContain('wants the PIN once more');
    expect(await page.getByTestId(dialog).locator('[aria-current]').textContent()).toBe(
      'Few tries',
    );
    expect(await page.getByTestId(give).isDisabled()).toBe(true);
    await page.keyboard.type('123456');
    await page.keyboard.press('Enter');
    await onStep(page, 'result');
    expect(await page.getByTestId(dialog).count()).toBe(0);
    expect(await page.content()).not.toContain('123456');
  });

  it('is declined with Escape, which does not reach the page behind', async () => {
    const page = await asked();
    await page.keyboard.press('Escape');
    await onStep(page, 'result');
    expect(await page.getByTestId(testIds.resultState).textContent()).toContain('Failed');
  });

  it.each(['light', 'dark'] as const)('is asked for in German too, %s', async (theme) => {
    const page = await asked({}, { ...ordinaryLook, theme, language: 'de' });
    const question = await page.getByTestId(dialog).textContent();
    expect(question).toContain('verlangt die PIN noch einmal');
    expect(await page.evaluate('document.activeElement.dataset.testid')).toBe(pin);
    const colours: string[] = await page.evaluate(
      `(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.querySelector('dialog')))`,
    );
    const [ink = 0, ground = 0] = colours.map((colour) => Number(/[\d.]+/.exec(colour)?.[0]));
    expect(ink < ground).toBe(theme === 'light');
  });
});
