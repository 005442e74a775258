import type { Page } from 'playwright-core';
import { testIds } from '../../renderer/test-ids.ts';

/** What a person types on the way through the wizard. Practice values: they are printed for trainees. */
export interface TypedValues {
  /** The practice root's fingerprint, as it would be read over the phone. */
  readonly fingerprint: string;
  /** Path of the PKCS#11 module. */
  readonly module: string;
  readonly tokenLabel: string;
  readonly pin: string;
  readonly soPin: string;
  readonly subject: string;
  readonly password: string;
}

type StepName = keyof typeof testIds.step;

/** The wizard as a person uses it: by its controls alone. */
class Wizard {
  readonly #page: Page;
  readonly #picture: (name: string) => Promise<void>;

  constructor(page: Page, picture: (name: string) => Promise<void>) {
    this.#page = page;
    this.#picture = picture;
  }

  async arriveAt(step: StepName): Promise<void> {
    await this.#page.getByTestId(testIds.step[step]).waitFor();
  }

  async type(testId: string, text: string): Promise<void> {
    const field = this.#page.getByTestId(testId);
    await field.click();
    await field.press('ControlOrMeta+A');
    await field.pressSequentially(text);
  }

  async click(testId: string): Promise<void> {
    await this.#page.getByTestId(testId).click();
  }

  async waitFor(testId: string): Promise<void> {
    await this.#page.getByTestId(testId).waitFor();
  }

  /** Takes a picture of the page as it stands, then presses its one primary button. */
  async goOn(picture: string): Promise<void> {
    await this.#page.locator(`[data-testid=${testIds.primary}]:enabled`).waitFor();
    await this.#picture(picture);
    await this.click(testIds.primary);
  }

  async picture(name: string): Promise<void> {
    await this.#picture(name);
  }
}

/**
 * Walks the whole wizard: bootstrap by fingerprint, a blank token initialised, a key made on it,
 * a certificate enrolled with password and proof of possession.
 * @param picture keeps a picture of the window under a name.
 * @throws Error of Playwright when a control does not come up in time.
 */
export async function walkWizard(
  page: Page,
  values: TypedValues,
  picture: (name: string) => Promise<void>,
): Promise<void> {
  const wizard = new Wizard(page, picture);
  await wizard.arriveAt('server');
  await wizard.goOn('01-server');

  await wizard.arriveAt('trust');
  await wizard.waitFor(testIds.toldFingerprint);
  await wizard.picture('02-trust');
  await wizard.type(testIds.toldFingerprint, values.fingerprint);
  await wizard.goOn('03-trust-compared');

  await wizard.arriveAt('token');
  await wizard.type(testIds.module, values.module);
  await wizard.click(testIds.findTokens);
  await wizard.waitFor('token-slot-0');
  await wizard.click('token-slot-0');
  await wizard.goOn('04-token-blank');
  await wizard.type(testIds.tokenLabel, values.tokenLabel);
  await wizard.type(testIds.newPin, values.pin);
  await wizard.type(testIds.newPinAgain, values.pin);
  await wizard.type(testIds.soPin, values.soPin);
  await wizard.type(testIds.soPinAgain, values.soPin);
  await wizard.goOn('05-token-prepared');

  await wizard.arriveAt('identity');
  await wizard.type(testIds.subject, values.subject);
  await wizard.goOn('06-identity');

  await wizard.arriveAt('authentication');
  await wizard.type(testIds.password, values.password);
  await wizard.goOn('07-authentication');

  await wizard.arriveAt('restrictions');
  await wizard.click(testIds.popEnabled);
  await wizard.goOn('08-restrictions');

  await wizard.arriveAt('review');
  await wizard.goOn('09-review');

  await wizard.arriveAt('enroll');
  await wizard.picture('10-enroll');
  await wizard.arriveAt('result');
  await wizard.waitFor(testIds.resultFingerprint);
  await wizard.picture('11-result');
}

/** What the window says went wrong, if it says anything. */
export async function problemShown(page: Page): Promise<string | null> {
  const texts = await page.getByTestId(testIds.problem).allInnerTexts();
  return texts.length === 0 ? null : texts.join(' ').replace(/\s+/g, ' ').trim();
}
