import type { Page } from 'playwright-core';
import { rootFingerprint } from '../../renderer/fake/scenario.ts';
import { fakeModule } from '../../renderer/fake/tokens.ts';
import { testIds } from '../../renderer/test-ids.ts';

export type StepName = keyof typeof testIds.step;

/** Called with the wizard standing on a page, filled in. */
export type Visit = (name: string, page: Page) => Promise<void>;

const nothing: Visit = async () => {};

export async function press(page: Page): Promise<void> {
  await page.getByTestId(testIds.primary).click();
}

export async function onStep(page: Page, step: StepName): Promise<void> {
  await page.getByTestId(testIds.step[step]).waitFor();
}

/** Chooses a value of a row of short alternatives. */
export async function choose(page: Page, testId: string, value: string): Promise<void> {
  await page.getByTestId(testId).locator(`input[value="${value}"]`).check();
}

const way: Readonly<
  Record<Exclude<StepName, 'result'>, (page: Page, visit: Visit) => Promise<void>>
> = {
  async server(page) {
    await page.getByTestId(testIds.endpoint).fill('est.plant4.example:8443');
  },
  async trust(page, visit) {
    const field = page.getByTestId(testIds.toldFingerprint);
    await field.fill(rootFingerprint.slice(0, 46));
    await field.focus();
    await visit('trust', page);
    await field.fill(rootFingerprint);
  },
  async token(page, visit) {
    await page.getByTestId(testIds.module).fill(fakeModule);
    await page.getByTestId(testIds.findTokens).click();
    await page.getByTestId('token-0F417A93C4D20011').check();
    await visit('token', page);
    await press(page);
    await page.getByTestId(testIds.pin).fill('123456');
    await visit('pin', page);
  },
  async identity(page) {
    await page.getByTestId(testIds.subject).fill('CN=GW-20417,OU=Plant 4,O=Halden Works');
  },
  async authentication(page) {
    await choose(page, testIds.authScheme, 'basic');
    await page.getByTestId(testIds.username).fill('station-07');
    await page.getByTestId(testIds.password).fill('not a secret');
  },
  async restrictions(page) {
    await page.getByTestId(testIds.popEnabled).check();
  },
  async review() {},
  async enroll() {},
};

/** Fills in one step and leaves it standing there. */
export async function fillStep(
  page: Page,
  step: keyof typeof way,
  visit: Visit = nothing,
): Promise<void> {
  await onStep(page, step);
  await way[step](page, visit);
}

/** Walks from the first step to `target`, visiting each filled page on the way, and stops on it unfilled. */
export async function walkTo(page: Page, target: StepName, visit: Visit = nothing): Promise<void> {
  for (const step of Object.keys(way) as (keyof typeof way)[]) {
    // The progress page may be over before it is looked at.
    if (step === target || step === 'enroll') break;
    await fillStep(page, step, visit);
    if (step !== 'trust' && step !== 'token') await visit(step, page);
    await press(page);
  }
  await onStep(page, target);
}

/** A profile whose TLS key lies on the token that is enrolled, with proof of possession: one excludes the other. */
export const tokenTlsProfile = {
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

/** The same with the TLS key on the officer's card, which may be had with proof of possession. */
export const officerProfile = {
  ...tokenTlsProfile,
  proofOfPossession: { enabled: true, tokenChannelBinding: true },
  tlsClientAuthentication: {
    enabled: true,
    keystore: { kind: 'pkcs11', module: fakeModule, token: { serial: '0F417A0000C0FFEE' } },
  },
} as const;

/** Walks with a profile that says everything to its sign-in. */
export async function walkProfileToSignIn(page: Page): Promise<void> {
  await press(page);
  await fillStep(page, 'trust');
  await press(page);
  await page.getByTestId('token-0F417A93C4D20011').waitFor();
  await press(page);
  await page.getByTestId(testIds.pin).fill('123456');
  await press(page);
  await onStep(page, 'identity');
  await press(page);
  await onStep(page, 'authentication');
}

/** Walks with {@link tokenTlsProfile} to the restriction that blocks it. */
export async function walkToBlock(page: Page): Promise<void> {
  await walkProfileToSignIn(page);
  await press(page);
  await page.getByText('POP-01').waitFor();
}
