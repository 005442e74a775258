import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { fillTestId, rowTestId, testIds, wayOutTestId } from '../../renderer/test-ids.ts';
import { windowsOfThisFile } from './renderer-bench.ts';
import { scan, spyOn } from './renderer-hands.ts';
import { onStep, press, walkTo } from './renderer-walk.ts';

const { open } = windowsOfThisFile();

const server = 'est.plant4.example:8443';
const automatic = '3f1c0f7e-5a0b-4c39-9a57-0a1b2c3d4e5f';
const newRoot = 'A1B060D694F3295A0911A0D76CC7AA068B98466173F12BA34CEBCCD14C21FACE';

async function openRow(page: Page, screen: 'trust' | 'enrollments', item: string): Promise<void> {
  await page.getByTestId(testIds.screen[screen]).click();
  await page.getByTestId(rowTestId(item)).click();
}

describe('the trust screen', () => {
  it('shows the root confirmed in the wizard, with who confirmed it', async () => {
    const page = await open({});
    await walkTo(page, 'token');
    await openRow(page, 'trust', server);
    const card = page.locator('.cert');
    await expect.poll(() => card.textContent()).toContain('engineer-3');
    expect(await page.getByTestId(testIds.resultFingerprint).textContent()).toContain('B6C0');
    expect(await card.textContent()).toContain('A fingerprint a person was told');
  });

  it('trusts a new root only when all sixteen groups were told right', async () => {
    const page = await open({ trusted: true, offersNewRoot: true });
    await openRow(page, 'trust', server);
    await press(page);
    await page.getByTestId(testIds.compareRoot).click();
    const field = page.getByTestId(testIds.toldFingerprint);
    await field.fill(newRoot.replace(/^A1B0/, 'A1B1'));
    await page.getByText('TRUST-04').waitFor();
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await field.fill(newRoot);
    await press(page);
    await page.getByTestId(testIds.trust.server).waitFor();
    await expect.poll(() => page.locator('.cert').count()).toBe(2);
  });

  it('asks once more before a root is removed, and then it is gone', async () => {
    const page = await open({ trusted: true });
    await openRow(page, 'trust', server);
    await page.getByTestId(testIds.removeRoot).click();
    await page.keyboard.press('Escape');
    await page.getByTestId(testIds.trust.server).waitFor();
    await page.getByTestId(testIds.removeRoot).click();
    const removed = await spyOn(page, 'trust.remove');
    await press(page);
    await expect.poll(removed).toHaveLength(1);
    await page.getByTestId(testIds.trust.list).waitFor();
  });

  it('takes a root from a file only with the person’s word, for the server named', async () => {
    const page = await open({});
    await page.getByTestId(testIds.screen.trust).click();
    await page.getByTestId(testIds.addRoot).click();
    await page.getByTestId(testIds.endpoint).fill('new.example:8443/line3');
    await page.getByTestId(testIds.certificateFile).setInputFiles({
      name: 'root.pem',
      mimeType: 'application/x-pem-file',
      buffer: Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'),
    });
    await page.getByTestId(testIds.knowSource).waitFor();
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByTestId(testIds.knowSource).check();
    const imported = await spyOn(page, 'trust.import');
    await press(page);
    await expect.poll(() => page.locator('h1').textContent()).toBe('new.example:8443/line3');
    expect(await imported()).toHaveLength(1);
  });

  it('tells what a file without a certificate is', async () => {
    const page = await open({});
    await page.getByTestId(testIds.screen.trust).click();
    await page.getByTestId(testIds.addRoot).click();
    await page.getByTestId(testIds.certificateFile).setInputFiles({
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('no certificate'),
    });
    await page.getByText('CERT-06').waitFor();
  });

  it('opens what a scanner reads, and leads back with Escape', async () => {
    const page = await open({ servers: true });
    await page.keyboard.press('Alt+2');
    await page.getByTestId(rowTestId('est-7.line.example:443')).waitFor();
    await scan(page, 'est-7.line.example:443', testIds.addRoot);
    await page.getByTestId(testIds.trust.server).waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId(testIds.trust.list).waitFor();
  });
});

describe('the enrollments screen', () => {
  it('counts down to the next attempt and needs nothing for one the station makes itself', async () => {
    const page = await open({ openEnrollments: true });
    await openRow(page, 'enrollments', automatic);
    await expect
      .poll(() => page.getByTestId(testIds.countdown).textContent())
      .toMatch(/^[0-9]:[0-5][0-9]$/);
    await press(page);
    await expect.poll(() => page.locator('h1').textContent()).toBe('GW-20417: Done');
  });

  it('gives the PIN to the token and the passwords to the station before it asks again', async () => {
    const page = await open({ openEnrollments: true });
    await openRow(page, 'enrollments', 'fake-pending-2');
    await page.getByTestId(testIds.pin).fill('123456');
    await page.getByTestId(testIds.password).fill('not a secret');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByTestId(testIds.proxyPassword).fill('nor this');
    const resumed = await spyOn(page, 'enrollment.resume');
    await press(page);
    await expect.poll(resumed).toHaveLength(1);
    await expect.poll(() => page.locator('h1').textContent()).toMatch(/: Done$/);
  });

  it('asks for the PIN of the token that signs in too, where that is another one', async () => {
    const page = await open({ openEnrollments: true, manyTokens: true });
    await openRow(page, 'enrollments', 'fake-pending-2');
    await page.getByTestId(testIds.pin).fill('123456');
    await page.getByTestId(testIds.password).fill('not a secret');
    await page.getByTestId(testIds.proxyPassword).fill('nor this');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByTestId(testIds.tlsTokenPin).fill('123456');
    const opened = await spyOn(page, 'tokens.unlock');
    await press(page);
    await expect.poll(() => page.locator('h1').textContent()).toMatch(/: Done$/);
    expect((await opened()).map((input) => JSON.parse(input).serial)).toEqual([
      '0F417A93C4D20011',
      '0F417A0000C0FFEE',
    ]);
  });

  it('tells a refused PIN and does not go on', async () => {
    const page = await open({ openEnrollments: true });
    await openRow(page, 'enrollments', 'fake-unstored');
    await page.getByTestId(testIds.pin).fill('000000');
    const stored = await spyOn(page, 'enrollment.storeAgain');
    await press(page);
    await page.getByText('PIN-01').waitFor();
    expect(await stored()).toEqual([]);
    await page.getByTestId(testIds.pin).fill('123456');
    await press(page);
    await expect.poll(() => page.locator('h1').textContent()).toBe('GW-20417: Done');
  });

  it('gives a lost answer up only when that way was chosen', async () => {
    const page = await open({ openEnrollments: true });
    await openRow(page, 'enrollments', 'fake-lost');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByTestId(wayOutTestId('abandon')).check();
    const abandoned = await spyOn(page, 'enrollment.abandon');
    await press(page);
    await expect.poll(() => page.locator('h1').textContent()).toBe('GW-20417: Cancelled');
    expect(await abandoned()).toHaveLength(1);
  });

  it('sends again to a server whose name is not checked only with the person’s word', async () => {
    const page = await open({ openEnrollments: true });
    await openRow(page, 'enrollments', 'fake-lost');
    await page.getByTestId(wayOutTestId('resubmit')).check();
    await page.getByTestId(testIds.pin).fill('123456');
    await page.getByTestId(testIds.password).fill('not a secret');
    await page.getByTestId(testIds.proxyPassword).fill('nor this');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByTestId(testIds.unverifiedName).check();
    const resumed = await spyOn(page, 'enrollment.resume');
    await press(page);
    await expect.poll(resumed).toEqual([expect.stringContaining('"unverifiedNameConfirmed":true')]);
  });

  it('does not take the wizard away when another enrollment ends by itself', async () => {
    const page = await open({ openEnrollments: true });
    await openRow(page, 'enrollments', automatic);
    await press(page);
    await expect.poll(() => page.locator('h1').textContent()).toBe('GW-20417: Done');
    await page.keyboard.press('Alt+1');
    await onStep(page, 'server');
  });
});

describe('names the server leaves open', () => {
  it('are filled in, planned anew, and go out with the request', async () => {
    const page = await open({ missing: ['serialNumber', 'DNS'] });
    await walkTo(page, 'review');
    await page.getByTestId(fillTestId('serialNumber')).fill('20417');
    await page.getByTestId(fillTestId('DNS')).fill('pump.example');
    await press(page);
    const started = await spyOn(page, 'enrollment.start');
    await page.locator(`[data-testid=${testIds.primary}]:has-text("Enroll"):enabled`).click();
    await onStep(page, 'result');
    expect(JSON.parse((await started())[0] ?? '{}')).toMatchObject({
      fill: { serialNumber: '20417', DNS: 'pump.example' },
    });
  });
});
