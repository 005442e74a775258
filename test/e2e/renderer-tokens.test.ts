import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../renderer/fake/scenario.ts';
import { fakeModule } from '../../renderer/fake/tokens.ts';
import { rowTestId, testIds } from '../../renderer/test-ids.ts';
import { windowsOfThisFile } from './renderer-bench.ts';
import { scan, spyOn, textOf, unplugFirstToken } from './renderer-hands.ts';
import { onStep, press, walkTo } from './renderer-walk.ts';

const { open } = windowsOfThisFile();

const gateway = rowTestId(`0F417A93C4D20011 ${fakeModule}`);

async function toTokens(scenario: Partial<Scenario> = {}): Promise<Page> {
  const page = await open(scenario);
  await page.keyboard.press('Alt+4');
  await page.getByTestId(testIds.tokens.list).waitFor();
  return page;
}

async function toToken(scenario: Partial<Scenario> = {}): Promise<Page> {
  const page = await toTokens(scenario);
  await page.getByTestId(gateway).click();
  await page.getByTestId(testIds.tokens.one).waitFor();
  return page;
}

async function newPin(page: Page, pin: string, again = pin): Promise<void> {
  await page.getByTestId(testIds.newPin).fill(pin);
  await page.getByTestId(testIds.newPinAgain).fill(again);
}

describe('the tokens screen', () => {
  it('shows a token when it is plugged in, and says so', async () => {
    const page = await toTokens({ pluggedInAfterMs: 1500 });
    await page.getByTestId(gateway).waitFor();
    await expect.poll(() => textOf(page, testIds.tokenNews)).toBe('GW-20417 was plugged in');
  });

  it('leaves the page of a token that is removed', async () => {
    const page = await toToken();
    await unplugFirstToken(page);
    await page.getByTestId(testIds.tokens.gone).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => textOf(page, testIds.tokenNews)).toBe('GW-20417 was removed');
  });

  it('opens the token whose serial is scanned, and leads to the wizard with it', async () => {
    const page = await toTokens();
    await page.getByTestId(gateway).waitFor();
    await scan(page, '0F417A93C4D20011', testIds.addModule);
    await page.getByTestId(testIds.tokens.one).waitFor();
    expect(await textOf(page, testIds.fit)).toContain('It can');
    await press(page);
    await onStep(page, 'token');
    await expect.poll(() => page.getByTestId('token-0F417A93C4D20011').isChecked()).toBe(true);
  });

  it('says what a token lacks for what is asked', async () => {
    const page = await toToken({ canGenerate: ['2048'] });
    expect(await textOf(page, testIds.fit)).toContain('Lacks: EC P-256');
  });

  it('tells a module that cannot be loaded', async () => {
    const page = await toTokens({ manyTokens: true });
    await page.getByText('MODULE-03').waitFor();
    await page.getByTestId(testIds.addModule).click();
    await page.getByTestId(testIds.module).fill('/nowhere.so');
    await press(page);
    await expect.poll(() => textOf(page, testIds.errorCode)).toBe('MODULE-01');
  });
});

describe('the choice of a token in the wizard', () => {
  it('lets go of a picked token that is removed, and picks no other in its place', async () => {
    const page = await open();
    await walkTo(page, 'token');
    await page.getByTestId(testIds.module).fill(fakeModule);
    await page.getByTestId(testIds.findTokens).click();
    await page.getByTestId('token-0F417A93C4D20011').check();
    expect(await textOf(page, testIds.fit)).toContain('It can');
    await unplugFirstToken(page);
    await page.getByTestId('token-0F417A93C4D20011').waitFor({ state: 'detached' });
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    expect(await page.getByTestId('token-slot-5').isChecked()).toBe(false);
  });
});

describe('the PINs of a token', () => {
  it('are changed only when the new one was typed twice alike, and are sent once', async () => {
    const page = await toToken();
    await page.getByTestId(testIds.tokenWork['change-pin']).click();
    const sent = await spyOn(page, 'tokens.changePin');
    await page.getByTestId(testIds.pin).fill('123456');
    await newPin(page, '654321', '654322');
    await press(page);
    await page.getByText('The two differ').waitFor();
    expect(await sent()).toEqual([]);
    await newPin(page, '654321');
    await press(page);
    await page.getByTestId(testIds.tokenDone).waitFor();
    expect(await sent()).toHaveLength(1);
    expect(await page.evaluate('document.body.innerHTML')).not.toContain('654321');
  });

  it('want the end of the serial before the last try', async () => {
    const page = await toToken({ pinState: 'final' });
    await page.getByTestId(testIds.tokenWork['change-pin']).click();
    await page.getByTestId(testIds.pin).fill('123456');
    await newPin(page, '654321');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByTestId(testIds.serialCheck).fill('0011');
    await press(page);
    await page.getByTestId(testIds.tokenDone).waitFor();
  });

  it('are set anew with the SO PIN when they are locked; a wrong one shows its tries', async () => {
    const page = await toToken({ pinState: 'locked' });
    await press(page);
    await page.getByTestId(testIds.soPin).fill('00000000');
    await newPin(page, '654321');
    await press(page);
    await expect.poll(() => textOf(page, testIds.errorCode)).toBe('PIN-06');
    await page.locator('.tries [aria-current]:has-text("Few tries")').waitFor();
    await page.getByTestId(testIds.soPin).fill('87654321');
    await newPin(page, '654321');
    await press(page);
    await page.getByTestId(testIds.tokenDone).waitFor();
    expect(await page.locator('.tries [aria-current]').textContent()).toContain('All tries');
  });

  it('are typed on a reader that has keys', async () => {
    const page = await toToken({ pinPad: true });
    await page.getByTestId(testIds.tokenWork['change-pin']).click();
    await page.getByText('Type the new PIN on the reader’s own keys').waitFor();
    expect(await page.locator('input[type=password]').count()).toBe(0);
    await press(page);
    await page.getByTestId(testIds.tokenDone).waitFor();
  });
});

describe('initialising', () => {
  it('a used token lists what is lost and wants its own name', async () => {
    const page = await toToken({ objects: true });
    await page.getByTestId(testIds.tokenWork.initialise).click();
    await expect.poll(() => textOf(page, testIds.lost)).toContain('est-enrolled-key-pair-previous');
    await page.getByTestId(testIds.tokenLabel).fill('GW-20500');
    await page.getByTestId(testIds.soPin).fill('87654321');
    await newPin(page, '654321');
    await page.getByTestId(testIds.consent).fill('GW-20398');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByTestId(testIds.consent).fill('');
    await scan(page, '0F417A93C4D20011');
    await page.waitForSelector(`[data-testid=${testIds.primary}]:enabled`);
    await press(page);
    await page.getByTestId(testIds.tokenDone).waitFor();
    await expect.poll(() => page.locator('h1').textContent()).toBe('GW-20500');
  });

  it('a blank token sets both PINs', async () => {
    const page = await toTokens();
    await page.getByTestId(rowTestId(` 5 ${fakeModule}`)).click();
    await press(page);
    await page.getByTestId(testIds.tokenLabel).fill('GW-20500');
    await page.getByTestId(testIds.soPin).fill('87654321');
    await page.getByTestId(testIds.soPinAgain).fill('87654321');
    await newPin(page, '654321');
    await press(page);
    await page.getByTestId(testIds.tokenDone).waitFor();
  });
});

describe('what a token holds', () => {
  it('is renamed with the PIN', async () => {
    const page = await toToken({ objects: true });
    await page.getByTestId(rowTestId('est-enrolled-key-pair')).click();
    await press(page);
    await page.getByTestId(testIds.alias).fill('gateway');
    await page.getByTestId(testIds.pin).fill('123456');
    await press(page);
    await page.getByTestId(rowTestId('gateway')).waitFor();
  });

  it('is deleted only once its alias was typed', async () => {
    const page = await toToken({ objects: true });
    await page.getByTestId(rowTestId('est-enrolled-key-pair-previous')).click();
    await page.getByTestId(testIds.deleteObject).click();
    await page.getByTestId(testIds.pin).fill('123456');
    await page.getByTestId(testIds.consent).fill('est-enrolled-key-pair');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByTestId(testIds.consent).fill('est-enrolled-key-pair-previous');
    await press(page);
    await page.getByTestId(testIds.tokenDone).waitFor();
    await page.getByTestId(rowTestId('est-enrolled-key-pair')).waitFor();
    expect(await page.getByTestId(rowTestId('est-enrolled-key-pair-previous')).count()).toBe(0);
  });

  it('stays while an enrollment needs it', async () => {
    const page = await toToken({ objects: true });
    await page.getByTestId(rowTestId('est-request-key-pair')).click();
    await page.getByText('An enrollment still needs this key').waitFor();
    expect(await page.getByTestId(testIds.deleteObject).count()).toBe(0);
  });
});
