import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { rootFingerprint } from '../../renderer/fake/scenario.ts';
import { fakeModule } from '../../renderer/fake/tokens.ts';
import { testIds } from '../../renderer/test-ids.ts';
import { windowsOfThisFile } from './renderer-bench.ts';
import { spyOn, textOf } from './renderer-hands.ts';
import { onStep, press, walkTo } from './renderer-walk.ts';

const { open } = windowsOfThisFile();

const token = 'token-0F417A93C4D20011';

async function toPin(page: Page): Promise<void> {
  await walkTo(page, 'token');
  await page.getByTestId(testIds.module).fill(fakeModule);
  await page.getByTestId(testIds.findTokens).click();
  await page.getByTestId(token).check();
  await press(page);
  await page.getByTestId(testIds.pin).waitFor();
}

describe('trust', () => {
  it('needs sixteen groups, and names the one that differs', async () => {
    const page = await open();
    await walkTo(page, 'trust');
    const field = page.getByTestId(testIds.toldFingerprint);
    await field.fill(rootFingerprint.slice(0, 60));
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await field.fill(`${rootFingerprint.slice(0, 24)}6CC1`);
    await page.getByRole('heading', { name: 'One group differs' }).waitFor();
    expect(await textOf(page, testIds.errorCode)).toBe('TRUST-04');
    await press(page);
    await page.keyboard.type(rootFingerprint.slice(24));
    await page.waitForSelector(`[data-testid=${testIds.primary}]:enabled`);
    await press(page);
    await onStep(page, 'token');
  });

  it('refuses a fingerprint copied from its own window', async () => {
    const page = await open();
    await walkTo(page, 'trust');
    await page.evaluate(`{
      document.dispatchEvent(new ClipboardEvent('copy'));
      const field = document.querySelector('[data-testid=${testIds.toldFingerprint}]');
      const copied = document.createRange();
      copied.selectNodeContents(document.querySelector('.sent .fp'));
      document.querySelector('.sent').style.userSelect = 'text';
      for (const group of document.querySelectorAll('.sent .g')) group.style.userSelect = 'text';
      getSelection().removeAllRanges();
      getSelection().addRange(copied);
      document.dispatchEvent(new ClipboardEvent('copy'));
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', getSelection().toString());
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }`);
    await page.getByText('Copied from this window: not a source').waitFor();
    expect(await textOf(page, testIds.tally)).toContain('0 of 16');
  });

  it('lets nobody mark what the server sent', async () => {
    const page = await open();
    await walkTo(page, 'trust');
    const selectable = await page.evaluate(
      `getComputedStyle(document.querySelector('.sent .g')).userSelect`,
    );
    expect(selectable).toBe('none');
  });

  it('does not go on after a person declined', async () => {
    const page = await open();
    await walkTo(page, 'trust');
    await page.getByTestId(testIds.doesNotMatch).click();
    await page.getByRole('heading', { name: 'The root was not trusted' }).waitFor();
    expect(await textOf(page, testIds.errorCode)).toBe('TRUST-08');
    expect(await textOf(page, testIds.lamp)).toContain('Attention');
  });
});

describe('the PIN', () => {
  it('is sent once, and the field is empty afterwards', async () => {
    const page = await open();
    await toPin(page);
    const seen = await spyOn(page, 'tokens.unlock');
    await page.getByTestId(testIds.pin).fill('9999');
    await press(page);
    await page.getByTestId(testIds.problem).waitFor();
    expect(await textOf(page, testIds.errorCode)).toBe('PIN-01');
    expect(await seen()).toHaveLength(1);
    expect(await page.getByTestId(testIds.pin).inputValue()).toBe('');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByRole('heading', { name: 'Few tries left on GW-20417' }).waitFor();
  });

  it('wants the end of the serial before the last try', async () => {
    const page = await open({ pinState: 'final' });
    await toPin(page);
    await page.getByTestId(testIds.pin).fill('123456');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByTestId(testIds.serialCheck).fill('0012');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByTestId(testIds.serialCheck).fill('0011');
    await press(page);
    await onStep(page, 'identity');
  });

  it.each([
    ['locked', 'GW-20417 is locked'],
    ['not-set', 'GW-20417 has no PIN yet'],
  ] as const)('is not asked for when it is %s', async (pinState, title) => {
    const page = await open({ pinState });
    await walkTo(page, 'token');
    await page.getByTestId(testIds.module).fill(fakeModule);
    await page.getByTestId(testIds.findTokens).click();
    await page.getByTestId(token).check();
    if (pinState === 'locked') {
      expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
      return;
    }
    await press(page);
    await page.getByRole('heading', { name: title }).waitFor();
    expect(await page.getByTestId(testIds.pin).count()).toBe(0);
  });

  it('of a blank token is set and opens it without being typed again', async () => {
    const page = await open();
    await walkTo(page, 'token');
    await page.getByTestId(testIds.module).fill(fakeModule);
    await page.getByTestId(testIds.findTokens).click();
    await page.getByTestId('token-slot-5').check();
    await press(page);
    await page.getByTestId(testIds.tokenLabel).fill('GW-20500');
    const fill = async (again: string) => {
      await page.getByTestId(testIds.newPin).fill('123456');
      await page.getByTestId(testIds.newPinAgain).fill(again);
      await page.getByTestId(testIds.soPin).fill('87654321');
      await page.getByTestId(testIds.soPinAgain).fill('87654321');
      await press(page);
    };
    await fill('123457');
    await page.getByText('The two PINs differ').waitFor();
    expect(await page.getByTestId(testIds.soPin).inputValue()).toBe('');
    await fill('123456');
    await onStep(page, 'identity');
    expect(await page.locator('.strip').textContent()).toContain('GW-20500');
  });

  it('and every other secret stays out of storage', async () => {
    const page = await open();
    await walkTo(page, 'result');
    const stored: string = await page.evaluate(
      'JSON.stringify({ ...localStorage, ...sessionStorage }) + document.body.innerHTML',
    );
    expect(stored).not.toContain('123456');
    expect(stored).not.toContain('not a secret');
  });
});
