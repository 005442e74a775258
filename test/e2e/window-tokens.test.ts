import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../electron/chromium/chromium-programs.ts';
import { openChromiumStation } from '../../electron/chromium/main.ts';
import { startVirtualDisplay, type VirtualDisplay } from '../../electron/chromium/xvfb.ts';
import { rowTestId, testIds } from '../../renderer/test-ids.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm, type SoftHsm } from '../softhsm.ts';
import { onStep, press } from './renderer-walk.ts';

const run = promisify(execFile);
const project = path.join(import.meta.dirname, '..', '..');
/** Milliseconds: a real window, a real token and a busy machine. */
const patience = 240_000;

describe('the window and a token of SoftHSM', () => {
  let folder = '';
  let display: VirtualDisplay;
  let softHsm: SoftHsm;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'window-tokens-'));
    await run(process.execPath, ['build/bundle.ts', '--quiet'], { cwd: project });
    display = await startVirtualDisplay();
    softHsm = await makeSoftHsm();
  }, patience);

  afterAll(async () => {
    await display?.stop();
    await softHsm?.cleanup();
    await discardFolder(folder);
  });

  const pkcs11Tool = (...args: string[]) =>
    run('pkcs11-tool', ['--module', softHsm.module, ...args], {
      env: { ...process.env, ...softHsm.env },
    });

  it(
    'shows what it holds, changes its PIN, and initialises it only by its own name',
    async () => {
      const token = await softHsm.makeToken({ label: 'GW-20417' });
      const named = ['--token-label', token.label, '--login', '--pin', token.pin];
      const key = [
        '--keypairgen',
        '--key-type',
        'EC:prime256v1',
        '--label',
        'old-key',
        '--id',
        '01',
      ];
      await pkcs11Tool(...named, ...key);
      const { SOFTHSM2_CONF: before } = process.env;
      process.env.SOFTHSM2_CONF = softHsm.conf;
      const opened = await openChromiumStation({
        env: {
          ...process.env,
          ...softHsm.env,
          EST_STATION_HOME: path.join(folder, 'home'),
          LANGUAGE: 'en',
        },
        program: findChromium() ?? '',
        sandbox: process.getuid?.() !== 0,
        practice: null,
        display: display.environment,
        viewport: { width: 1280, height: 800 },
        log: () => {},
      });
      try {
        const { page } = opened.window;
        page.setDefaultTimeout(patience / 2);
        await onStep(page, 'server');
        await page.keyboard.press('Alt+4');
        const row = page.locator(`[data-testid^="row-${token.serial} "]`);
        await row.click();
        await page.getByTestId(rowTestId('old-key')).waitFor();

        await page.getByTestId(testIds.tokenWork['change-pin']).click();
        await page.getByTestId(testIds.pin).fill(token.pin);
        await page.getByTestId(testIds.newPin).fill('654321');
        await page.getByTestId(testIds.newPinAgain).fill('654321');
        await press(page);
        await page.getByTestId(testIds.tokenDone).waitFor();
        const withNew = ['--token-label', token.label, '--login', '--pin', '654321'];
        expect((await pkcs11Tool(...withNew, '--list-objects')).stdout).toContain('old-key');

        await page.getByTestId(testIds.tokenWork.initialise).click();
        await page.getByText('old-key').waitFor();
        await page.getByTestId(testIds.consent).fill(token.label);
        await page.getByTestId(testIds.tokenLabel).fill('GW-20500');
        await page.getByTestId(testIds.soPin).fill(token.soPin);
        await page.getByTestId(testIds.newPin).fill('777777');
        await page.getByTestId(testIds.newPinAgain).fill('777777');
        await press(page);
        await page.getByTestId(testIds.tokenDone).waitFor();
        await page.getByText('Nothing that shows without the PIN').waitFor();
        const afterwards = ['--token-label', 'GW-20500', '--login', '--pin', '777777'];
        expect((await pkcs11Tool(...afterwards, '--list-objects')).stdout).not.toContain('old-key');
      } finally {
        await opened.close();
        if (before === undefined) delete process.env.SOFTHSM2_CONF;
        else process.env.SOFTHSM2_CONF = before;
      }
    },
    patience,
  );
});
