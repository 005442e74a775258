import { describe, expect, it } from 'vitest';
import { fakeModule } from '../../renderer/fake/tokens.ts';
import { testIds } from '../../renderer/test-ids.ts';
import { windowsOfThisFile } from './renderer-bench.ts';
import { textOf } from './renderer-hands.ts';
import { choose, onStep, press, walkTo } from './renderer-walk.ts';

const { open } = windowsOfThisFile();

const token = 'token-0F417A93C4D20011';

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
    // Its clock must not stand still for the next test.
    await page.close();
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
