import { describe, expect, it } from 'vitest';
import { rootFingerprint } from '../../renderer/fake/scenario.ts';
import { fakeModule } from '../../renderer/fake/tokens.ts';
import { testIds } from '../../renderer/test-ids.ts';
import { windowsOfThisFile } from './renderer-bench.ts';
import { scan, textOf } from './renderer-hands.ts';
import { fillStep, onStep, press, walkTo } from './renderer-walk.ts';

const { open } = windowsOfThisFile();

const token = 'token-0F417A93C4D20011';

describe('keyboard alone', () => {
  it('walks from the first page to a certificate', async () => {
    const page = await open();
    const { keyboard } = page;
    const tabTo = async (id: string) => {
      for (let tabs = 0; tabs < 40; tabs += 1) {
        const here: boolean = await page.evaluate(
          `document.activeElement?.closest('[data-testid="${id}"]') !== null`,
        );
        if (here) return;
        await keyboard.press('Tab');
      }
      throw new Error(`the keyboard does not reach ${id}`);
    };
    await tabTo(testIds.endpoint);
    await keyboard.type('est.plant4.example:8443');
    await keyboard.press('Enter');
    await page.getByTestId(testIds.toldFingerprint).waitFor();
    await keyboard.type(rootFingerprint.slice(0, -1).toLowerCase());
    // The last digit is held like a finger does, so that this is a person and no scanner.
    await keyboard.press(rootFingerprint.slice(-1), { delay: 100 });
    await keyboard.press('Enter');
    await onStep(page, 'token');
    await tabTo(testIds.module);
    await keyboard.type(fakeModule);
    await keyboard.press('Enter');
    await page.getByTestId(token).waitFor();
    await tabTo(token);
    await keyboard.press('Space');
    await keyboard.press('Enter');
    await page.getByTestId(testIds.pin).waitFor();
    await keyboard.type('123456');
    await keyboard.press('Enter');
    await onStep(page, 'identity');
    await tabTo(testIds.subject);
    await keyboard.type('CN=GW-20417');
    await keyboard.press('Enter');
    await onStep(page, 'authentication');
    await tabTo(testIds.authScheme);
    await keyboard.press('ArrowRight');
    await tabTo(testIds.username);
    await keyboard.type('station-07');
    await tabTo(testIds.password);
    await keyboard.type('not a secret');
    await keyboard.press('Enter');
    await onStep(page, 'restrictions');
    await page.waitForSelector(`[data-testid=${testIds.primary}]:enabled`);
    await keyboard.press('Enter');
    await onStep(page, 'review');
    await page.waitForSelector(`[data-testid=${testIds.primary}]:enabled`);
    await keyboard.press('Enter');
    await onStep(page, 'result');
    expect(await textOf(page, testIds.resultSubject)).toBe('GW-20417');
  });

  it('goes back with Escape and puts the focus on the title of each page', async () => {
    const page = await open({ trusted: true });
    await fillStep(page, 'server');
    await press(page);
    await page.getByRole('heading', { name: 'This server is trusted already' }).waitFor();
    await press(page);
    await onStep(page, 'token');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
    await page.keyboard.press('Escape');
    await onStep(page, 'trust');
    await page.keyboard.press('Escape');
    await onStep(page, 'server');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
  });
});

describe('the scanner', () => {
  it('puts a fingerprint where it belongs although a button has the focus', async () => {
    const page = await open();
    await walkTo(page, 'trust');
    await page.getByTestId(testIds.toldFingerprint).waitFor();
    await scan(page, rootFingerprint);
    await page.waitForSelector(`[data-testid=${testIds.primary}]:enabled`);
    expect(await textOf(page, testIds.tally)).toContain('16 of 16');
  });

  it('picks the token whose serial is scanned', async () => {
    const page = await open();
    await walkTo(page, 'token');
    await page.getByTestId(testIds.module).fill(fakeModule);
    await page.getByTestId(testIds.findTokens).click();
    await page.getByTestId(token).waitFor();
    await scan(page, '0F417A93C4D20011');
    expect(await page.getByTestId(token).isChecked()).toBe(true);
    await onStep(page, 'token');
  });
});
