import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rootFingerprint, type Scenario } from '../../renderer/fake/scenario.ts';
import { fakeModule } from '../../renderer/fake/tokens.ts';
import { testIds, wayOutTestId } from '../../renderer/test-ids.ts';
import { choose, fillStep, onStep, press, walkTo } from './renderer-walk.ts';
import { RendererWindows } from './renderer-window.ts';

let windows: RendererWindows;
beforeAll(async () => {
  windows = await RendererWindows.build();
});
afterEach(async () => windows.closeAll());
afterAll(async () => windows.close());

async function open(scenario: Partial<Scenario> = {}): Promise<Page> {
  const { page } = await windows.open(scenario);
  await onStep(page, 'server');
  return page;
}

const token = 'token-0F417A93C4D20011';

async function toPin(page: Page): Promise<void> {
  await walkTo(page, 'token');
  await page.getByTestId(testIds.module).fill(fakeModule);
  await page.getByTestId(testIds.findTokens).click();
  await page.getByTestId(token).check();
  await press(page);
  await page.getByTestId(testIds.pin).waitFor();
}

/** What the page told the station, by command, in order. */
async function spyOn(page: Page, name: string): Promise<() => Promise<string[]>> {
  await page.evaluate(`{
    const station = window.station;
    const ask = station.command;
    globalThis.seen = [];
    station.command = (name, input) => {
      if (name === ${JSON.stringify(name)}) globalThis.seen.push(JSON.stringify(input));
      return ask(name, input);
    };
  }`);
  return () => page.evaluate('globalThis.seen');
}

const textOf = async (page: Page, id: string) => (await page.getByTestId(id).textContent()) ?? '';

describe('keyboard alone', () => {
  it('walks from the first page to a certificate', async () => {
    const page = await open();
    const { keyboard } = page;
    const tabTo = async (id: string) => {
      for (let tabs = 0; tabs < 40; tabs += 1) {
        const here: boolean = await page.evaluate(
          `document.activeElement?.closest('[data-testid="${id}"]') !== null`,
        );
        if (here) return;
        await keyboard.press('Tab');
      }
      throw new Error(`the keyboard does not reach ${id}`);
    };
    await tabTo(testIds.endpoint);
    await keyboard.type('est.plant4.example:8443');
    await keyboard.press('Enter');
    await page.getByTestId(testIds.toldFingerprint).waitFor();
    await keyboard.type(rootFingerprint.slice(0, -1).toLowerCase());
    // The last digit is held like a finger does, so that this is a person and no scanner.
    await keyboard.press(rootFingerprint.slice(-1), { delay: 100 });
    await keyboard.press('Enter');
    await onStep(page, 'token');
    await tabTo(testIds.module);
    await keyboard.type(fakeModule);
    await keyboard.press('Enter');
    await page.getByTestId(token).waitFor();
    await tabTo(token);
    await keyboard.press('Space');
    await keyboard.press('Enter');
    await page.getByTestId(testIds.pin).waitFor();
    await keyboard.type('123456');
    await keyboard.press('Enter');
    await onStep(page, 'identity');
    await tabTo(testIds.subject);
    await keyboard.type('CN=GW-20417');
    await keyboard.press('Enter');
    await onStep(page, 'authentication');
    await tabTo(testIds.authScheme);
    await keyboard.press('ArrowRight');
    await tabTo(testIds.username);
    await keyboard.type('station-07');
    await tabTo(testIds.password);
    await keyboard.type('not a secret');
    await keyboard.press('Enter');
    await onStep(page, 'restrictions');
    await page.waitForSelector(`[data-testid=${testIds.primary}]:enabled`);
    await keyboard.press('Enter');
    await onStep(page, 'review');
    await keyboard.press('Enter');
    await onStep(page, 'result');
    expect(await textOf(page, testIds.resultSubject)).toBe('GW-20417');
  });

  it('goes back with Escape and puts the focus on the title of each page', async () => {
    const page = await open({ trusted: true });
    await fillStep(page, 'server');
    await press(page);
    await page.getByRole('heading', { name: 'This server is trusted already' }).waitFor();
    await press(page);
    await onStep(page, 'token');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
    await page.keyboard.press('Escape');
    await onStep(page, 'trust');
    await page.keyboard.press('Escape');
    await onStep(page, 'server');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
  });
});

/** A scanner's burst while a button has the focus: all keys within a moment, then Enter. */
async function scan(page: Page, text: string): Promise<void> {
  await page.getByTestId(testIds.back).focus();
  await page.evaluate(`for (const key of [...${JSON.stringify(text)}, 'Enter']) {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    if (document.activeElement.dispatchEvent(event) && key === 'Enter') document.activeElement.click();
  }`);
}

describe('the scanner', () => {
  it('puts a fingerprint where it belongs although a button has the focus', async () => {
    const page = await open();
    await walkTo(page, 'trust');
    await page.getByTestId(testIds.toldFingerprint).waitFor();
    await scan(page, rootFingerprint);
    await page.waitForSelector(`[data-testid=${testIds.primary}]:enabled`);
    expect(await textOf(page, testIds.tally)).toContain('16 of 16');
  });

  it('picks the token whose serial is scanned', async () => {
    const page = await open();
    await walkTo(page, 'token');
    await page.getByTestId(testIds.module).fill(fakeModule);
    await page.getByTestId(testIds.findTokens).click();
    await page.getByTestId(token).waitFor();
    await scan(page, '0F417A93C4D20011');
    expect(await page.getByTestId(token).isChecked()).toBe(true);
    await onStep(page, 'token');
  });
});

describe('trust', () => {
  it('needs sixteen groups, and names the one that differs', async () => {
    const page = await open();
    await walkTo(page, 'trust');
    const field = page.getByTestId(testIds.toldFingerprint);
    await field.fill(rootFingerprint.slice(0, 60));
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await field.fill(`${rootFingerprint.slice(0, 24)}6CC1`);
    await page.getByRole('heading', { name: 'One group differs' }).waitFor();
    expect(await textOf(page, testIds.errorCode)).toBe('TRUST-04');
    await press(page);
    await page.keyboard.type(rootFingerprint.slice(24));
    await page.waitForSelector(`[data-testid=${testIds.primary}]:enabled`);
    await press(page);
    await onStep(page, 'token');
  });

  it('refuses a fingerprint copied from its own window', async () => {
    const page = await open();
    await walkTo(page, 'trust');
    await page.evaluate(`{
      document.dispatchEvent(new ClipboardEvent('copy'));
      const field = document.querySelector('[data-testid=${testIds.toldFingerprint}]');
      const copied = document.createRange();
      copied.selectNodeContents(document.querySelector('.sent .fp'));
      document.querySelector('.sent').style.userSelect = 'text';
      for (const group of document.querySelectorAll('.sent .g')) group.style.userSelect = 'text';
      getSelection().removeAllRanges();
      getSelection().addRange(copied);
      document.dispatchEvent(new ClipboardEvent('copy'));
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', getSelection().toString());
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }`);
    await page.getByText('Copied from this window: not a source').waitFor();
    expect(await textOf(page, testIds.tally)).toContain('0 of 16');
  });

  it('lets nobody mark what the server sent', async () => {
    const page = await open();
    await walkTo(page, 'trust');
    const selectable = await page.evaluate(
      `getComputedStyle(document.querySelector('.sent .g')).userSelect`,
    );
    expect(selectable).toBe('none');
  });

  it('does not go on after a person declined', async () => {
    const page = await open();
    await walkTo(page, 'trust');
    await page.getByTestId(testIds.doesNotMatch).click();
    await page.getByRole('heading', { name: 'The root was not trusted' }).waitFor();
    expect(await textOf(page, testIds.errorCode)).toBe('TRUST-08');
    expect(await textOf(page, testIds.lamp)).toContain('Attention');
  });
});

describe('the PIN', () => {
  it('is sent once, and the field is empty afterwards', async () => {
    const page = await open();
    await toPin(page);
    const seen = await spyOn(page, 'tokens.unlock');
    await page.getByTestId(testIds.pin).fill('9999');
    await press(page);
    await page.getByTestId(testIds.problem).waitFor();
    expect(await textOf(page, testIds.errorCode)).toBe('PIN-01');
    expect(await seen()).toHaveLength(1);
    expect(await page.getByTestId(testIds.pin).inputValue()).toBe('');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByRole('heading', { name: 'Few tries left on GW-20417' }).waitFor();
  });

  it('wants the end of the serial before the last try', async () => {
    const page = await open({ pinState: 'final' });
    await toPin(page);
    await page.getByTestId(testIds.pin).fill('123456');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByTestId(testIds.serialCheck).fill('0012');
    expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
    await page.getByTestId(testIds.serialCheck).fill('0011');
    await press(page);
    await onStep(page, 'identity');
  });

  it.each([
    ['locked', 'GW-20417 is locked'],
    ['not-set', 'GW-20417 has no PIN yet'],
  ] as const)('is not asked for when it is %s', async (pinState, title) => {
    const page = await open({ pinState });
    await walkTo(page, 'token');
    await page.getByTestId(testIds.module).fill(fakeModule);
    await page.getByTestId(testIds.findTokens).click();
    await page.getByTestId(token).check();
    if (pinState === 'locked') {
      expect(await page.getByTestId(testIds.primary).isDisabled()).toBe(true);
      return;
    }
    await press(page);
    await page.getByRole('heading', { name: title }).waitFor();
    expect(await page.getByTestId(testIds.pin).count()).toBe(0);
  });

  it('of a blank token is set and opens it without being typed again', async () => {
    const page = await open();
    await walkTo(page, 'token');
    await page.getByTestId(testIds.module).fill(fakeModule);
    await page.getByTestId(testIds.findTokens).click();
    await page.getByTestId('token-slot-5').check();
    await press(page);
    await page.getByTestId(testIds.tokenLabel).fill('GW-20500');
    const fill = async (again: string) => {
      await page.getByTestId(testIds.newPin).fill('123456');
      await page.getByTestId(testIds.newPinAgain).fill(again);
      await page.getByTestId(testIds.soPin).fill('87654321');
      await page.getByTestId(testIds.soPinAgain).fill('87654321');
      await press(page);
    };
    await fill('123457');
    await page.getByText('The two PINs differ').waitFor();
    expect(await page.getByTestId(testIds.soPin).inputValue()).toBe('');
    await fill('123456');
    await onStep(page, 'identity');
    expect(await page.locator('.strip').textContent()).toContain('GW-20500');
  });

  it('and every other secret stays out of storage', async () => {
    const page = await open();
    await walkTo(page, 'result');
    const stored: string = await page.evaluate(
      'JSON.stringify({ ...localStorage, ...sessionStorage }) + document.body.innerHTML',
    );
    expect(stored).not.toContain('123456');
    expect(stored).not.toContain('not a secret');
  });
});

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
    const officer = { kind: 'pkcs11', module: fakeModule, token: { serial: '0F417A6E00010002' } };
    const tlsClientAuthentication = { enabled: true, keystore: officer };
    const allowed = { enabled: true, tokenChannelBinding: true };
    const page = await open({
      ...tokenTls,
      profiles: [{ ...profile, tlsClientAuthentication, proofOfPossession: allowed }],
    } as Partial<Scenario>);
    await press(page);
    await fillStep(page, 'trust');
    await press(page);
    await page.getByTestId(token).waitFor();
    expect(await page.getByText('GW-20398').count()).toBe(0);
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
    expect((await opened()).map((input) => JSON.parse(input).serial)).toEqual(['0F417A6E00010002']);
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

describe('the progress', () => {
  it('names a stall after ten seconds', async () => {
    const page = await open({ stuckAt: 'issued' });
    await page.clock.install();
    await walkTo(page, 'enroll');
    await page.clock.runFor(3000);
    await page.getByRole('heading', { name: 'Waiting for the certificate' }).waitFor();
    expect(await page.getByTestId(testIds.stall).count()).toBe(0);
    await page.clock.runFor(9000);
    await page.getByTestId(testIds.stall).waitFor();
    expect(await textOf(page, testIds.lamp)).toContain('Busy');
    expect(Number.parseFloat(await textOf(page, testIds.elapsed))).toBeGreaterThan(10);
  });

  it('is cancelled with Escape', async () => {
    const page = await open({ stuckAt: 'issued', endCode: 'CANCEL-01' });
    await walkTo(page, 'enroll');
    await page.keyboard.press('Escape');
    await onStep(page, 'result');
    expect(await textOf(page, testIds.resultState)).toContain('Cancelled');
  });

  it('is usual once there was a run', async () => {
    const page = await open();
    await walkTo(page, 'result');
    const timings: string = await page.evaluate(`localStorage.getItem('est-station.timings')`);
    expect(JSON.parse(timings)[0]).toHaveLength(10);
  });
});

describe('the result', () => {
  it.each([
    ['refused', 'SERVER-06', 'Refused', 'Review and try again'],
    ['failed', 'NET-04', 'Failed', 'Check the server'],
    ['failed', 'TOKEN-05', 'Failed', 'Go to the token'],
    ['refused', 'SERVER-03', 'Refused', 'Change the sign-in'],
    ['pending', 'SERVER-13', 'Waiting for approval', 'Open the waiting request'],
  ] as const)(
    '%s with %s says what, why, and where to go on',
    async (ends, endCode, word, next) => {
      const page = await open({ ends, endCode });
      await walkTo(page, 'result');
      expect(await textOf(page, testIds.resultState)).toContain(word);
      expect(await textOf(page, testIds.errorCode)).toBe(endCode);
      expect(await page.locator('.ways-out li').count()).toBeGreaterThan(0);
      expect(await textOf(page, testIds.primary)).toContain(next);
    },
  );

  it.each([
    ['issued-not-stored', 'CERT-07', 'Store it again'],
    ['outcome-unknown', 'NET-06', 'Settle it'],
  ] as const)('%s offers no second request as the way to go', async (ends, endCode, way) => {
    const page = await open({ ends, endCode });
    await walkTo(page, 'result');
    expect(await textOf(page, testIds.primary)).toContain(way);
    expect(await textOf(page, testIds.errorCode)).toBe(endCode);
  });

  it('keeps what stands when the sign-in was wrong: one step, then the review again', async () => {
    const page = await open({ ends: 'refused', endCode: 'SERVER-03' });
    await walkTo(page, 'result');
    await press(page);
    await onStep(page, 'authentication');
    await page.getByTestId(testIds.password).fill('another one');
    await press(page);
    await onStep(page, 'review');
  });

  it('asks for the PIN again when the token was the trouble', async () => {
    const page = await open({ ends: 'failed', endCode: 'TOKEN-05' });
    await walkTo(page, 'result');
    await press(page);
    await page.getByTestId(token).waitFor();
    await press(page);
    await page.getByTestId(testIds.pin).fill('123456');
    await press(page);
    await onStep(page, 'review');
  });

  it('leads to the next token with the same settings', async () => {
    const page = await open();
    await walkTo(page, 'result');
    await press(page);
    await onStep(page, 'token');
    expect(await page.getByTestId(testIds.module).inputValue()).toBe(fakeModule);
    expect(await textOf(page, testIds.lamp)).toContain('Ready');
  });
});

describe('the window', () => {
  it('remembers language and appearance', async () => {
    const page = await open();
    await choose(page, testIds.language, 'de');
    await choose(page, testIds.theme, 'dark');
    await page
      .getByRole('heading', { name: 'Welcher Server stellt das Zertifikat aus?' })
      .waitFor();
    await page.reload();
    await page
      .getByRole('heading', { name: 'Welcher Server stellt das Zertifikat aus?' })
      .waitFor();
    expect(
      await page.evaluate('document.documentElement.dataset.theme + document.documentElement.lang'),
    ).toBe('darkde');
  });

  it('starts as if nothing had been when a reload finds no enrollment', async () => {
    const page = await open({ stuckAt: 'issued' });
    await walkTo(page, 'enroll');
    await page.reload();
    await onStep(page, 'server');
  });

  it.each([
    ['http://est.example', 'a scheme'],
    ['est.example/path', 'a path'],
    ['est.example:99999', 'no such port'],
  ])('does not take %s as a server: %s', async (endpoint) => {
    const page = await open();
    await page.getByTestId(testIds.endpoint).fill(endpoint);
    await press(page);
    await page.getByText('Write host:port').waitFor();
    await onStep(page, 'server');
  });

  it('shows a subject the station cannot use at its field', async () => {
    const page = await open();
    await walkTo(page, 'identity');
    await page.getByTestId(testIds.subject).fill('no name at all');
    await press(page);
    await page.getByText('This is not a distinguished name').waitFor();
    await onStep(page, 'identity');
  });

  it('offers only keys the token can make', async () => {
    const page = await open({ canGenerate: ['prime256v1'] });
    await walkTo(page, 'identity');
    const offered = await page.evaluate(
      `[...document.querySelectorAll('[data-testid=${testIds.keyParameterSet}] option:enabled')].map((one) => one.value)`,
    );
    expect(offered).toEqual(['prime256v1']);
  });
});
