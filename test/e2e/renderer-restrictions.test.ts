import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Scenario } from '../../renderer/fake/scenario.ts';
import { fakeModule } from '../../renderer/fake/tokens.ts';
import { testIds, wayOutTestId } from '../../renderer/test-ids.ts';
import { spyOn, textOf } from './renderer-hands.ts';
import { fillStep, onStep, press, walkTo } from './renderer-walk.ts';
import { patience, RendererWindows } from './renderer-window.ts';

vi.setConfig({ testTimeout: patience });

let windows: RendererWindows;
beforeAll(async () => {
  windows = await RendererWindows.build();
}, patience);
afterEach(async () => windows.closeAll());
afterAll(async () => windows.close());

async function open(scenario: Partial<Scenario> = {}): Promise<Page> {
  const { page } = await windows.open(scenario);
  await onStep(page, 'server');
  return page;
}

const token = 'token-0F417A93C4D20011';

describe('the restrictions', () => {
  const tokenTls = {
    practice: true,
    profiles: [
      {
        name: 'Practice',
        server: { endpoint: '127.0.0.1:43211' },
        keystore: { kind: 'pkcs11', module: fakeModule, token: { serial: '0F417A93C4D20011' } },
        request: { subject: 'CN=GW-20417' },
        proofOfPossession: { enabled: true },
        tlsClientAuthentication: {
          enabled: true,
          keystore: { kind: 'pkcs11', module: fakeModule, token: { serial: '0F417A93C4D20011' } },
        },
      },
    ],
  } as const;

  async function toBlock(page: Page): Promise<void> {
    await press(page);
    await fillStep(page, 'trust');
    await press(page);
    await onStep(page, 'token');
    await press(page);
    await page.getByTestId(testIds.pin).fill('123456');
    await press(page);
    await onStep(page, 'identity');
    await press(page);
    await onStep(page, 'authentication');
    await press(page);
    await page.getByText('POP-01').waitFor();
  }

  it('block a TLS key on a token, and a password is a way out', async () => {
    const page = await open(tokenTls);
    await toBlock(page);
    expect(await page.getByTestId(wayOutTestId('allow-token-channel-binding')).isDisabled()).toBe(
      true,
    );
    await page.getByTestId(wayOutTestId('use-http-authentication')).check();
    await press(page);
    await onStep(page, 'authentication');
    await page.getByTestId(testIds.username).fill('trainee');
    await page.getByTestId(testIds.password).fill('not a secret');
    await press(page);
    await page.getByRole('heading', { name: 'Nothing stands in the way' }).waitFor();
    expect(await page.getByTestId(testIds.popEnabled).isChecked()).toBe(true);
    expect(await textOf(page, testIds.errorCode)).toBe('POP-03');
  });

  it('let the token’s key sign in without proof of possession', async () => {
    const page = await open(tokenTls);
    await toBlock(page);
    await page.getByTestId(wayOutTestId('turn-pop-off')).check();
    await press(page);
    await onStep(page, 'review');
  });

  it('keep the officer’s card out of the choice and open it with its own PIN', async () => {
    const [profile] = tokenTls.profiles;
    const officer = { kind: 'pkcs11', module: fakeModule, token: { serial: '0F417A0000C0FFEE' } };
    const tlsClientAuthentication = { enabled: true, keystore: officer };
    const allowed = { enabled: true, tokenChannelBinding: true };
    const page = await open({
      ...tokenTls,
      manyTokens: true,
      profiles: [{ ...profile, tlsClientAuthentication, proofOfPossession: allowed }],
    } as Partial<Scenario>);
    await press(page);
    await fillStep(page, 'trust');
    await press(page);
    await page.getByTestId(token).waitFor();
    expect(await page.getByText('RA officer').count()).toBe(0);
    await press(page);
    await page.getByTestId(testIds.pin).fill('123456');
    await press(page);
    await onStep(page, 'identity');
    await press(page);
    await onStep(page, 'authentication');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    const opened = await spyOn(page, 'tokens.unlock');
    await page.getByTestId(testIds.tlsKeyPassphrase).fill('123456');
    await press(page);
    await page.getByText('goes beyond what the reference system supports').waitFor();
    expect(await textOf(page, testIds.errorCode)).toBe('POP-02');
    expect((await opened()).map((input) => JSON.parse(input).serial)).toEqual(['0F417A0000C0FFEE']);
  });

  it('insist where the server asks for proof of possession', async () => {
    const page = await open({ asksForPop: true });
    await walkTo(page, 'restrictions');
    await page.getByText('POP-05').waitFor();
    await press(page);
    await onStep(page, 'review');
    expect(await page.locator('form').textContent()).toContain('On, tls-unique');
  });

  it('are the station’s: a profile it refuses is not sent', async () => {
    const page = await open({ refuse: { 'enrollment.start': 'PROFILE-04' } });
    await walkTo(page, 'review');
    await press(page);
    await page.getByTestId(testIds.problem).waitFor();
    expect(await textOf(page, testIds.errorCode)).toBe('PROFILE-04');
    await onStep(page, 'review');
  });

  it('ask before a password goes to a server whose name is not checked', async () => {
    const page = await open();
    await page.getByTestId(testIds.hostnameVerification).uncheck();
    await walkTo(page, 'review');
    expect(await page.locator('.strip').textContent()).toContain('name not checked');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByTestId(testIds.unverifiedName).check();
    await press(page);
    await onStep(page, 'result');
  });
});
