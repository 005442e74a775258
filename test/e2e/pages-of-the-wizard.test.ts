import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { rootFingerprint } from '../../renderer/fake/scenario.ts';
import { fakeModule } from '../../renderer/fake/tokens.ts';
import { testIds } from '../../renderer/test-ids.ts';
import { faults, type LookedAt, lookAtEach, lookingAtPages, wholeWay } from './renderer-looks.ts';
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

const { windows } = lookingAtPages();

describe.each(wholeWay)('in %s', (_name, look) => {
  it('every step of the ordinary way is accessible, translated and fits', async () => {
    const found: Record<string, string[]> = {};
    const { page, complaints } = await windows().open({ warnings: true }, look);
    await onStep(page, 'server');
    await walkTo(page, 'result', async (name) => {
      found[name] = await faults(page);
    });
    found.result = await faults(page);
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
    expect(Object.keys(found)).toHaveLength(9);
    expect(complaints).toEqual([]);
  });
});

async function toTokenList(page: Page): Promise<void> {
  await walkTo(page, 'token');
  await page.getByTestId(testIds.module).fill(fakeModule);
  await page.getByTestId(testIds.findTokens).click();
  await page.getByTestId('token-slot-5').waitFor();
}

const pages: readonly LookedAt[] = [
  [
    'the list of profiles in practice mode',
    { practice: true, profiles: [tokenTlsProfile] },
    async (page) => onStep(page, 'server'),
  ],
  ['a root that is trusted already', { trusted: true }, (page) => walkTo(page, 'trust')],
  ['a root the profile names', { expected: rootFingerprint }, (page) => walkTo(page, 'trust')],
  [
    'a group that differs',
    {},
    async (page) => {
      await walkTo(page, 'trust');
      await page.getByTestId(testIds.toldFingerprint).fill('B6C1');
      await page.getByText('TRUST-04').waitFor();
    },
  ],
  [
    'a declined root',
    {},
    async (page) => {
      await walkTo(page, 'trust');
      await page.getByTestId(testIds.doesNotMatch).click();
      await page.getByText('TRUST-08').waitFor();
    },
  ],
  [
    'a server that is not there',
    { refuse: { 'trust.fetch': 'NET-01' } },
    async (page) => {
      await walkTo(page, 'trust');
      await page.getByTestId(testIds.problem).waitFor();
    },
  ],
  [
    'the practice sheet',
    { practice: true },
    async (page) => {
      await press(page);
      await onStep(page, 'trust');
      await page.getByTestId(testIds.toldFingerprint).waitFor();
    },
  ],
  [
    'a blank token',
    {},
    async (page) => {
      await toTokenList(page);
      await page.getByTestId('token-slot-5').check();
      await press(page);
      await page.getByTestId(testIds.tokenLabel).waitFor();
    },
  ],
  [
    'the last PIN try',
    { pinState: 'final' },
    async (page) => {
      await toTokenList(page);
      await page.getByTestId('token-0F417A93C4D20011').check();
      await press(page);
      await page.getByTestId(testIds.serialCheck).waitFor();
    },
  ],
  [
    'a software keystore',
    {},
    async (page) => {
      await walkTo(page, 'token');
      await choose(page, testIds.keystoreKind, 'software');
      await page.getByTestId(testIds.keystorePath).waitFor();
    },
  ],
  [
    'a TLS key in software',
    {},
    async (page) => {
      await walkTo(page, 'authentication');
      await choose(page, testIds.tlsClientKey, 'software');
      await page.getByTestId(testIds.tlsKeyPath).waitFor();
    },
  ],
  ['proof of possession blocked', { practice: true, profiles: [tokenTlsProfile] }, walkToBlock],
  [
    'the last try of the card that signs in',
    { practice: true, manyTokens: true, officerPinState: 'final', profiles: [officerProfile] },
    async (page) => {
      await walkProfileToSignIn(page);
      await page.getByTestId(testIds.serialCheck).waitFor();
    },
  ],
  [
    'a card that signs in and is not there',
    { practice: true, profiles: [officerProfile] },
    async (page) => {
      await walkProfileToSignIn(page);
      await page.locator('.notice[data-state=attention]').waitFor();
    },
  ],
  [
    'a token that cannot do what is asked',
    { tokenLacks: ['prime256v1', 'SHA256WITHECDSA'] },
    async (page) => {
      await walkTo(page, 'review');
      await page.getByTestId(testIds.fit).locator('.ways-out').waitFor();
    },
  ],
  [
    'a PIN for one use of a key',
    { pinForUseAt: 'signed', pinState: 'low' },
    async (page) => {
      await walkTo(page, 'enroll');
      await page.getByTestId(testIds.pinForUse.dialog).waitFor();
    },
  ],
  [
    'the progress',
    { stuckAt: 'issued' },
    async (page) => {
      await walkTo(page, 'enroll');
    },
  ],
  [
    'a refused request',
    { ends: 'refused', endCode: 'SERVER-06' },
    (page) => walkTo(page, 'result'),
  ],
  [
    'a certificate that was not stored',
    { ends: 'issued-not-stored', endCode: 'CERT-07' },
    (page) => walkTo(page, 'result'),
  ],
  [
    'a software keystore whose passphrase is kept',
    { passphrases: 'kept' },
    async (page) => {
      await walkTo(page, 'token');
      await choose(page, testIds.keystoreKind, 'software');
      await page.getByTestId(testIds.keystorePath).fill('/keys');
      await page.getByTestId(testIds.rememberPassphrase).waitFor();
    },
  ],
];

describe('beside the ordinary way', () => lookAtEach(windows, pages));
