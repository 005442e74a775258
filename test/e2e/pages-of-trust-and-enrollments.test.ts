import type { Page } from 'playwright-core';
import { describe } from 'vitest';
import type { Scenario } from '../../renderer/fake/scenario.ts';
import { fakeModule } from '../../renderer/fake/tokens.ts';
import { fillTestId, rowTestId, testIds, wayOutTestId } from '../../renderer/test-ids.ts';
import { type LookedAt, lookAtEach, lookingAtPages } from './renderer-looks.ts';
import { press, walkTo } from './renderer-walk.ts';

const { windows } = lookingAtPages();

/** Opens a screen of the rail and, there, one row of its list. */
async function toScreen(page: Page, name: 'trust' | 'enrollments', item?: string): Promise<void> {
  await page.getByTestId(testIds.screen[name]).click();
  await page.getByTestId(testIds[name].list).waitFor();
  if (item !== undefined) await page.getByTestId(rowTestId(item)).click();
}

const plant = 'est.plant4.example:8443';
const longServer = 'registration.manufacturing-devices.halden-works.example:8443/gateways-class-3';

const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const proxiedProfile = {
  name: 'Behind a proxy',
  server: {
    endpoint: 'est.plant4.example:8443',
    proxy: { endpoint: 'proxy.plant4.example:3128', username: 'line-2' },
  },
  keystore: { kind: 'pkcs11', module: fakeModule, token: { serial: '0F417A93C4D20011' } },
  request: { subject: 'CN=GW-20417' },
} as const;

const openPlan: Scenario['plan'] = [
  {
    about: 'subject',
    oid: '',
    asked: 'CN=…,serialNumber=…,O=Halden Works International',
    profile: 'CN=GW-20417,OU=Plant 4,O=Halden Works',
    sent: 'CN=GW-20417,OU=Plant 4,O=Halden Works',
    verdict: 'kept',
  },
  {
    about: 'key',
    oid: '',
    asked: 'RSA 2048',
    profile: 'EC prime256v1',
    sent: 'EC prime256v1',
    verdict: 'kept',
  },
  {
    about: 'extension',
    oid: '2.5.29.37',
    asked: 'clientAuth, serverAuth',
    profile: '',
    sent: 'clientAuth, serverAuth',
    verdict: 'followed',
  },
  {
    about: 'other',
    oid: '1.3.6.1.4.1.311.20.2',
    asked: '1.3.6.1.4.1.311.20.2',
    profile: '',
    sent: '',
    verdict: 'left-out',
  },
];

const pages: readonly LookedAt[] = [
  ['the trust screen with nobody on it', {}, (page) => toScreen(page, 'trust')],
  ['a long list of trusted servers', { servers: true }, (page) => toScreen(page, 'trust')],
  [
    'a server with an old and a new root',
    { servers: true },
    async (page) => {
      await toScreen(page, 'trust', plant);
      await page.getByTestId(testIds.trust.server).waitFor();
    },
  ],
  [
    'a server nobody has confirmed',
    { servers: true },
    async (page) => {
      await toScreen(page, 'trust', longServer);
      await page.getByTestId(testIds.trust.server).waitFor();
    },
  ],
  [
    'what a server offers now',
    { trusted: true, offersNewRoot: true },
    async (page) => {
      await toScreen(page, 'trust', plant);
      await press(page);
      await page.getByTestId(testIds.compareRoot).waitFor();
    },
  ],
  [
    'a new root to compare',
    { trusted: true, offersNewRoot: true },
    async (page) => {
      await toScreen(page, 'trust', plant);
      await press(page);
      await page.getByTestId(testIds.compareRoot).click();
      await page.getByTestId(testIds.toldFingerprint).fill('A1B060D6');
    },
  ],
  [
    'a root to remove',
    { trusted: true },
    async (page) => {
      await toScreen(page, 'trust', plant);
      await page.getByTestId(testIds.removeRoot).click();
      await page.getByTestId(testIds.trust.remove).waitFor();
    },
  ],
  [
    'a root from a file',
    {},
    async (page) => {
      await toScreen(page, 'trust');
      await page.getByTestId(testIds.addRoot).click();
      await page.getByTestId(testIds.certificateText).fill(pem);
      await page.getByTestId(testIds.knowSource).waitFor();
    },
  ],
  ['no enrollment yet', {}, (page) => toScreen(page, 'enrollments')],
  [
    'a long list of enrollments',
    { openEnrollments: true },
    async (page) => {
      await toScreen(page, 'enrollments');
      await page.getByTestId(rowTestId('fake-lost')).waitFor();
    },
  ],
  [
    'a request the station asks for by itself',
    { openEnrollments: true },
    async (page) => {
      await toScreen(page, 'enrollments', '3f1c0f7e-5a0b-4c39-9a57-0a1b2c3d4e5f');
      await page.getByTestId(testIds.countdown).waitFor();
    },
  ],
  [
    'a request a person asks for',
    { openEnrollments: true },
    async (page) => {
      await toScreen(page, 'enrollments', 'fake-pending-2');
      await page.getByTestId(testIds.proxyPassword).waitFor();
    },
  ],
  [
    'a request under way again',
    { openEnrollments: true, stuckAt: 'issued' },
    async (page) => {
      await toScreen(page, 'enrollments', '3f1c0f7e-5a0b-4c39-9a57-0a1b2c3d4e5f');
      await press(page);
      await page.getByTestId(testIds.cancel).waitFor();
    },
  ],
  [
    'a request that needs the officer’s card too',
    { openEnrollments: true, manyTokens: true },
    async (page) => {
      await toScreen(page, 'enrollments', 'fake-pending-2');
      await page.getByTestId(testIds.tlsTokenPin).waitFor();
    },
  ],
  [
    'a lost answer',
    { openEnrollments: true },
    async (page) => {
      await toScreen(page, 'enrollments', 'fake-lost');
      await page.getByTestId(wayOutTestId('adopt')).check();
      await page.getByTestId(testIds.pin).waitFor();
    },
  ],
  [
    'a certificate to store again',
    { openEnrollments: true },
    async (page) => {
      await toScreen(page, 'enrollments', 'fake-unstored');
      await page.getByTestId(testIds.pin).waitFor();
    },
  ],
  [
    'a refused enrollment of earlier',
    { openEnrollments: true },
    async (page) => {
      await toScreen(page, 'enrollments', 'fake-ended-3');
      await page.getByTestId(testIds.errorCode).waitFor();
    },
  ],
  [
    'names the server leaves open',
    { missing: ['serialNumber', 'DNS'], plan: openPlan },
    async (page) => {
      await walkTo(page, 'review');
      await page.getByTestId(fillTestId('serialNumber')).waitFor();
    },
  ],
  [
    'a proxy that asks for a password',
    { profiles: [proxiedProfile] },
    async (page) => {
      await page.getByTestId(testIds.proxyPassword).waitFor();
    },
  ],
];

describe('trust and enrollments', () => lookAtEach(windows, pages));
