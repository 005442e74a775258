import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../renderer/fake/scenario.ts';
import { testIds } from '../../renderer/test-ids.ts';
import { windowsOfThisFile } from './renderer-bench.ts';
import { spyOn } from './renderer-hands.ts';
import { choose, onStep, press, walkTo } from './renderer-walk.ts';

const { open } = windowsOfThisFile();

async function onSoftwareKeystore(passphrases: Scenario['passphrases']): Promise<Page> {
  const page = await open({ passphrases });
  await walkTo(page, 'token');
  await choose(page, testIds.keystoreKind, 'software');
  await page.getByTestId(testIds.keystorePath).fill('/keys');
  return page;
}

const type = (page: Page) => page.getByTestId(testIds.keystorePassphrase).fill('right');
const octets = JSON.stringify(Object.fromEntries([...Buffer.from('right')].entries()));

describe('the passphrase of a software keystore', () => {
  it('is only held where nothing can keep it', async () => {
    const page = await onSoftwareKeystore('never-kept');
    await type(page);
    expect(await page.getByTestId(testIds.rememberPassphrase).count()).toBe(0);
    const held = await spyOn(page, 'credentials.hold');
    await press(page);
    await onStep(page, 'identity');
    expect(await held()).toEqual([`{"purpose":"keystore-passphrase","secret":${octets}}`]);
  });

  it('is kept by a person’s wish alone, and held as well', async () => {
    const page = await onSoftwareKeystore('possible');
    await type(page);
    const choice = page.getByTestId(testIds.rememberPassphrase);
    await choice.waitFor();
    expect(await choice.isChecked()).toBe(false);
    await choice.check();
    const remembered = await spyOn(page, 'secrets.remember');
    await press(page);
    await onStep(page, 'identity');
    expect(await remembered()).toEqual([
      `{"purpose":"keystore-passphrase","path":"/keys","secret":${octets}}`,
    ]);
  });

  it('need not be typed when it is kept', async () => {
    const page = await onSoftwareKeystore('kept');
    await page.waitForSelector(`[data-testid=${testIds.primary}]:enabled`);
    const held = await spyOn(page, 'credentials.hold');
    await press(page);
    await onStep(page, 'identity');
    expect(await held()).toEqual([]);
  });

  it('is forgotten when the wish is taken back, and typed', async () => {
    const page = await onSoftwareKeystore('kept');
    await page.waitForSelector(`[data-testid=${testIds.primary}]:enabled`);
    await page.getByTestId(testIds.rememberPassphrase).uncheck();
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await type(page);
    const forgotten = await spyOn(page, 'secrets.forget');
    await press(page);
    await onStep(page, 'identity');
    expect(await forgotten()).toEqual(['{"purpose":"keystore-passphrase","path":"/keys"}']);
  });
});
