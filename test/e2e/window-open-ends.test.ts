import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../electron/chromium/chromium-programs.ts';
import { openChromiumStation } from '../../electron/chromium/main.ts';
import { startVirtualDisplay, type VirtualDisplay } from '../../electron/chromium/xvfb.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { rowTestId, testIds } from '../../renderer/test-ids.ts';
import { discardFolder } from '../discard-folder.ts';
import { choose, onStep, press } from './renderer-walk.ts';

const project = path.join(import.meta.dirname, '..', '..');
/** Milliseconds: a real window, a real server and a busy machine. */
const patience = 120_000;

describe('the window, a practice server and its approval', () => {
  let folder = '';
  let display: VirtualDisplay;
  let practice: PracticeServer;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'window-open-ends-'));
    await promisify(execFile)(process.execPath, ['build/bundle.ts', '--quiet'], { cwd: project });
    display = await startVirtualDisplay();
    practice = await startPractice({ dir: path.join(folder, 'practice'), approval: true });
  }, patience);

  afterAll(async () => {
    await practice?.close();
    await display?.stop();
    await discardFolder(folder);
  });

  const open = () =>
    openChromiumStation({
      env: { ...process.env, EST_STATION_HOME: path.join(folder, 'home'), LANGUAGE: 'en' },
      program: findChromium() ?? '',
      sandbox: process.getuid?.() !== 0,
      practice: null,
      display: display.environment,
      viewport: { width: 1280, height: 800 },
      log: () => {},
    });

  async function enroll(page: Page): Promise<void> {
    const { endpoint, caFingerprint, username, password } = practice.facts;
    await onStep(page, 'server');
    await page.getByTestId(testIds.endpoint).fill(endpoint);
    await press(page);
    await page.getByTestId(testIds.toldFingerprint).fill(caFingerprint);
    await press(page);
    await onStep(page, 'token');
    await choose(page, testIds.keystoreKind, 'software');
    await page.getByTestId(testIds.keystorePath).fill(path.join(folder, 'keys'));
    await page.getByTestId(testIds.keystorePassphrase).fill('keystore passphrase');
    await press(page);
    await onStep(page, 'identity');
    await page.getByTestId(testIds.subject).fill('CN=GW-20417');
    await press(page);
    await onStep(page, 'authentication');
    await choose(page, testIds.authScheme, 'basic');
    await page.getByTestId(testIds.username).fill(username);
    await page.getByTestId(testIds.password).fill(password);
    await press(page);
    await onStep(page, 'restrictions');
    await press(page);
    await onStep(page, 'review');
    await press(page);
    await onStep(page, 'result');
  }

  it(
    'shows the anchor of the bootstrap, and finishes after a restart what was put off',
    async () => {
      const first = await open();
      try {
        const { page } = first.window;
        await enroll(page);
        expect(await page.getByTestId(testIds.errorCode).textContent()).toBe('SERVER-13');
        await page.getByTestId(testIds.screen.trust).click();
        await page.getByTestId(rowTestId(practice.facts.endpoint)).click();
        const shown = await page.getByTestId(testIds.resultFingerprint).textContent();
        const digits = practice.facts.caFingerprint.match(/.{4}/g) ?? [];
        for (const group of digits) expect(shown).toContain(group);
      } finally {
        await first.close();
      }

      await writeFile(path.join(folder, 'practice', 'approve'), '');
      const second = await open();
      try {
        const { page } = second.window;
        await page.getByTestId(testIds.screen.enrollments).click();
        await page.locator('.rows button').click();
        await page.getByTestId(testIds.countdown).waitFor();
        await page.getByTestId(testIds.keystorePassphrase).fill('keystore passphrase');
        await page.getByTestId(testIds.password).fill(practice.facts.password);
        await press(page);
        await page.getByTestId(testIds.resultSubject).waitFor();
        expect(await page.getByTestId(testIds.resultSubject).textContent()).toBe('GW-20417');
        expect(await page.locator('.cert .state[data-state="done"]').count()).toBe(1);
      } finally {
        await second.close();
      }
    },
    patience,
  );
});
