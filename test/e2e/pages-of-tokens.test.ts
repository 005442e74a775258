import type { Page } from 'playwright-core';
import { describe } from 'vitest';
import { fakeModule } from '../../renderer/fake/tokens.ts';
import { rowTestId, testIds } from '../../renderer/test-ids.ts';
import { unplugFirstToken } from './renderer-hands.ts';
import { type LookedAt, lookAtEach, lookingAtPages } from './renderer-looks.ts';
import { press } from './renderer-walk.ts';

const { windows } = lookingAtPages();
const gateway = `0F417A93C4D20011 ${fakeModule}`;
const zeroSerial = `Gateway controllers, class 3 7 ${fakeModule}`;
const blank = ` 5 ${fakeModule}`;

async function toTokens(page: Page): Promise<void> {
  await page.getByTestId(testIds.screen.tokens).click();
  await page.getByTestId(testIds.tokens.list).waitFor();
}

async function toToken(page: Page, item = gateway): Promise<void> {
  await toTokens(page);
  await page.getByTestId(rowTestId(item)).click();
  await page.getByTestId(testIds.tokens.one).waitFor();
}

async function toObject(page: Page, alias: string): Promise<void> {
  await toToken(page);
  await page.getByTestId(rowTestId(alias)).click();
  await page.getByTestId(testIds.tokens.object).waitFor();
}

async function toWork(page: Page, work: keyof typeof testIds.tokenWork, item = gateway) {
  await toToken(page, item);
  await page.getByTestId(testIds.tokenWork[work]).click();
  await page.getByTestId(testIds.tokens.work).waitFor();
}

const pages: readonly LookedAt[] = [
  [
    'a list of tokens and modules',
    { manyTokens: true },
    async (page) => {
      await toTokens(page);
      await page.getByText('MODULE-03').waitFor();
    },
  ],
  ['no token at all', { noTokens: true }, toTokens],
  [
    'a token that was removed',
    {},
    async (page) => {
      await toToken(page);
      await unplugFirstToken(page);
      await page.getByTestId(testIds.tokens.gone).waitFor();
    },
  ],
  [
    'a token and what it holds',
    { objects: true, manyTokens: true },
    async (page) => {
      await toToken(page);
      await page.getByTestId(rowTestId('est-enrolled-key-pair')).waitFor();
    },
  ],
  ['a token with a serial of zeros', { manyTokens: true }, (page) => toToken(page, zeroSerial)],
  ['a locked token', { pinState: 'locked' }, (page) => toToken(page)],
  ['a blank token', {}, (page) => toToken(page, blank)],
  [
    'a blank token to be prepared',
    {},
    async (page) => {
      await toToken(page, blank);
      await press(page);
      await page.getByTestId(testIds.soPinAgain).waitFor();
    },
  ],
  [
    'a token to be initialised',
    { objects: true },
    async (page) => {
      await toWork(page, 'initialise');
      await page.getByTestId(testIds.consent).fill('GW-20398');
      await page.getByText('est-enrolled-key-pair-previous').waitFor();
    },
  ],
  [
    'the last try of a PIN to be changed',
    { pinState: 'final' },
    (page) => toWork(page, 'change-pin'),
  ],
  ['a PIN to be unblocked on a reader', { pinPad: true }, (page) => toWork(page, 'unblock')],
  [
    'a certificate and its key',
    { objects: true },
    (page) => toObject(page, 'est-enrolled-key-pair'),
  ],
  ['a key that is needed', { objects: true }, (page) => toObject(page, 'est-request-key-pair')],
  [
    'an object to be renamed',
    { objects: true },
    async (page) => {
      await toObject(page, 'est-enrolled-key-pair');
      await press(page);
      await page.getByTestId(testIds.alias).waitFor();
    },
  ],
  [
    'an object to be deleted',
    { objects: true },
    async (page) => {
      await toObject(page, 'est-enrolled-key-pair');
      await page.getByTestId(testIds.deleteObject).click();
      await page.getByTestId(testIds.consent).waitFor();
    },
  ],
  [
    'a module to be chosen',
    { manyTokens: true },
    async (page) => {
      await toTokens(page);
      await page.getByTestId(testIds.addModule).click();
      await page.getByTestId(testIds.libraryParameters).waitFor();
    },
  ],
];

describe('the tokens screen', () => lookAtEach(windows, pages));
