import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rootFingerprint, type Scenario } from '../../renderer/fake/scenario.ts';
import { fakeModule } from '../../renderer/fake/tokens.ts';
import { fillTestId, rowTestId, testIds, wayOutTestId } from '../../renderer/test-ids.ts';
import { choose, fillStep, onStep, press, walkTo } from './renderer-walk.ts';
import { type Look, RendererWindows } from './renderer-window.ts';

const full = process.env.EST_STATION_FULL === '1';
const allLooks: readonly Look[] = (['small', 'large'] as const).flatMap((size) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    (['en', 'de'] as const).map((language) => ({ size, theme, language })),
  ),
);
/** Every size, theme and language is in the sample, each page sees the narrowest case: small and German. */
const sample: readonly Look[] = [
  { size: 'small', theme: 'light', language: 'de' },
  { size: 'large', theme: 'dark', language: 'en' },
];
const looks = full ? allLooks : sample;
const nameOf = ({ size, theme, language }: Look) => `${size} ${theme} ${language}`;

/** What is wrong with the page as it stands: accessibility, anything wider than its frame. */
async function faults(page: Page): Promise<string[]> {
  const { violations, passes } = await new AxeBuilder({ page })
    .options({
      resultTypes: ['violations'],
      runOnly: {
        type: 'tag',
        values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      },
    })
    .analyze();
  const overflowing: string[] = await page.evaluate(`
    ['html', '.page', '.stepper', '.panel', '.actions', '.rail', '.cert', '.compare > div']
      .flatMap((selector) => [...document.querySelectorAll(selector)]
        .filter((box) => box.scrollWidth > box.clientWidth + 1)
        .map((box) => selector + ' is ' + box.scrollWidth + ' wide in ' + box.clientWidth))`);
  const untranslated: string[] = await page.evaluate(
    `(document.body.innerText.match(/\\b[a-z]+(?:\\.[a-zA-Z]+){1,3}(?=\\s|$)|\\{\\{\\w+\\}\\}|PLACEHOLDER/g) ?? [])
      .filter((text) => !/example|est-|station|gw-|\\.so$/.test(text))`,
  );
  return [
    ...(passes.length > 10 ? [] : [`only ${passes.length} rules were tried`]),
    ...violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
    ...overflowing,
    ...untranslated.map((text) => `not a text: ${text}`),
  ];
}

let windows: RendererWindows;
let looked = 0;
beforeAll(async () => {
  windows = await RendererWindows.build();
});
afterEach(async () => windows.closeAll());
afterAll(async () => {
  await windows.close();
  process.stdout.write(
    `renderer pages: ${looked} looks taken, ${looks.length} of ${allLooks.length} combinations of size, theme and language\n`,
  );
});

describe.each(looks.map((look) => [nameOf(look), look] as const))('in %s', (_name, look) => {
  it('every step of the ordinary way is accessible, translated and fits', async () => {
    const found: Record<string, string[]> = {};
    const { page, complaints } = await windows.open({ warnings: true }, look);
    await onStep(page, 'server');
    await walkTo(page, 'result', async (name) => {
      found[name] = await faults(page);
    });
    found.result = await faults(page);
    looked += Object.keys(found).length;
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
    expect(Object.keys(found)).toHaveLength(9);
    expect(complaints).toEqual([]);
  });
});

type Way = (page: Page) => Promise<void>;

async function toTokenList(page: Page): Promise<void> {
  await walkTo(page, 'token');
  await page.getByTestId(testIds.module).fill(fakeModule);
  await page.getByTestId(testIds.findTokens).click();
  await page.getByTestId('token-slot-5').waitFor();
}

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

/** Opens a screen of the rail and, there, one row of its list. */
async function toScreen(page: Page, name: 'trust' | 'enrollments', item?: string): Promise<void> {
  await page.getByTestId(testIds.screen[name]).click();
  await page.getByTestId(testIds[name].list).waitFor();
  if (item !== undefined) await page.getByTestId(rowTestId(item)).click();
}

const plant = 'est.plant4.example:8443';
const longServer = 'registration.manufacturing-devices.halden-works.example:8443/gateways-class-3';

const screenPages: readonly [name: string, scenario: Partial<Scenario>, way: Way][] = [
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

const practiceProfile = {
  name: 'Practice',
  server: { endpoint: '127.0.0.1:43211' },
  keystore: { kind: 'pkcs11', module: fakeModule, token: { serial: '0F417A93C4D20011' } },
  request: { subject: 'CN=GW-20417' },
  proofOfPossession: { enabled: true },
  tlsClientAuthentication: {
    enabled: true,
    keystore: { kind: 'pkcs11', module: fakeModule, token: { serial: '0F417A93C4D20011' } },
  },
} as const;

const sidePages: readonly [name: string, scenario: Partial<Scenario>, way: Way][] = [
  [
    'the list of profiles in practice mode',
    { practice: true, profiles: [practiceProfile] },
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
  [
    'proof of possession blocked',
    { practice: true, profiles: [practiceProfile] },
    async (page) => {
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
      await page.getByTestId(wayOutTestId('turn-pop-off')).waitFor();
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
];

describe.each([
  ['beside the ordinary way', sidePages],
  ['on the other screens', screenPages],
] as const)('%s', (_group, pages) => {
  it.each(pages)('%s is accessible, translated and fits', async (name, scenario, way) => {
    const place = pages.findIndex(([other]) => other === name);
    const sampled = full ? allLooks : allLooks.slice(place % 8, (place % 8) + 1);
    for (const look of sampled) {
      const { page, complaints } = await windows.open(scenario, look);
      await way(page);
      expect({ look: nameOf(look), faults: await faults(page) }).toEqual({
        look: nameOf(look),
        faults: [],
      });
      expect(complaints).toEqual([]);
      looked += 1;
    }
  });
});
