import { describe, expect, it } from 'vitest';
import { testIds, wayOutTestId } from '../../renderer/test-ids.ts';
import { windowsOfThisFile } from './renderer-bench.ts';
import { spyOn, textOf } from './renderer-hands.ts';
import {
  choose,
  officerProfile,
  onStep,
  press,
  tokenTlsProfile,
  walkProfileToSignIn,
  walkTo,
  walkToBlock,
} from './renderer-walk.ts';

const { open } = windowsOfThisFile();

describe('the restrictions', () => {
  const tokenTls = { practice: true, profiles: [tokenTlsProfile] } as const;

  it('block a TLS key on a token, and a password is a way out', async () => {
    const page = await open(tokenTls);
    await walkToBlock(page);
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
    await walkToBlock(page);
    await page.getByTestId(wayOutTestId('turn-pop-off')).check();
    await press(page);
    await onStep(page, 'review');
  });

  describe('with the officer’s card for the TLS key', () => {
    const withCard = { practice: true, manyTokens: true, profiles: [officerProfile] } as const;
    const serials = (inputs: string[]) => inputs.map((input) => JSON.parse(input).serial);

    it('keep the card out of the choice, show its tries and open it with its own PIN', async () => {
      const page = await open(withCard);
      await walkProfileToSignIn(page);
      await page.getByTestId(testIds.tlsTokenPin).waitFor();
      expect(await page.locator('.tries [aria-current]').textContent()).toBe('Few tries');
      expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
      const opened = await spyOn(page, 'tokens.unlock');
      await page.getByTestId(testIds.tlsTokenPin).fill('123456');
      await press(page);
      await page.getByText('goes beyond what the reference system supports').waitFor();
      expect(await textOf(page, testIds.errorCode)).toBe('POP-02');
      expect(serials(await opened())).toEqual(['0F417A0000C0FFEE']);
      await page.keyboard.press('Escape');
      await page.getByText('Its PIN was accepted').waitFor();
    });

    it('take its last try only with the end of its serial', async () => {
      const page = await open({ ...withCard, officerPinState: 'final' });
      await walkProfileToSignIn(page);
      const opened = await spyOn(page, 'tokens.unlock');
      await page.getByTestId(testIds.tlsTokenPin).fill('9999');
      expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
      await page.getByTestId(testIds.serialCheck).fill('FFEE');
      expect(await textOf(page, testIds.primary)).toContain('Use the last try');
      await press(page);
      await page.getByText('PIN-02').waitFor();
      expect((await opened()).map((input) => JSON.parse(input).finalTryConfirmed)).toEqual([true]);
      expect(await page.getByTestId(testIds.tlsTokenPin).count()).toBe(0);
      expect(await page.locator('.tries [aria-current]').textContent()).toBe('Locked');
    });

    it('do not ask for the PIN of a locked card, and leave a password as the way', async () => {
      const page = await open({ ...withCard, officerPinState: 'locked' });
      await walkProfileToSignIn(page);
      await page.getByText('The token that signs in takes no PIN').waitFor();
      expect(await page.getByTestId(testIds.tlsTokenPin).count()).toBe(0);
      await choose(page, testIds.tlsClientKey, 'none');
      await choose(page, testIds.authScheme, 'basic');
      await page.getByTestId(testIds.username).fill('trainee');
      await page.getByTestId(testIds.password).fill('not a secret');
      await press(page);
      await onStep(page, 'restrictions');
    });
  });

  it('insist where the server asks for proof of possession', async () => {
    const page = await open({ asksForPop: true });
    await walkTo(page, 'restrictions');
    await page.getByText('POP-05').waitFor();
    await press(page);
    await onStep(page, 'review');
    expect(await page.locator('form').textContent()).toContain('On, tls-unique');
  });

  it('of the token itself are told before anything is sent', async () => {
    const page = await open({ tokenLacks: ['prime256v1'] });
    await walkTo(page, 'review');
    const verdict = page.getByTestId(testIds.fit);
    await verdict.getByText('Lacks: EC P-256').waitFor();
    await page.getByRole('heading', { name: 'This cannot be done on this token' }).waitFor();
    const started = await spyOn(page, 'enrollment.start');
    await press(page);
    await onStep(page, 'identity');
    expect(await started()).toEqual([]);
  });

  it('of the token itself are none when it can do what is asked', async () => {
    const page = await open();
    const checked = await spyOn(page, 'tokens.check');
    await walkTo(page, 'review');
    await page.getByText('GW-20417 can').waitFor();
    expect(JSON.parse((await checked()).at(-1) ?? '{}')).toMatchObject({
      profile: { keystore: { token: { serial: '0F417A93C4D20011' } } },
    });
  });

  it('of the token itself can be asked for again when it did not answer', async () => {
    const page = await open({ refuse: { 'tokens.check': 'TOKEN-02' } });
    await walkTo(page, 'review');
    const verdict = page.getByTestId(testIds.fit);
    await verdict.getByText('GW-20417 could not be asked').waitFor();
    const checked = await spyOn(page, 'tokens.check');
    await verdict.getByRole('button', { name: 'Ask again' }).click();
    await expect.poll(checked).toHaveLength(1);
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(false);
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
