import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import type { Scenario } from '../../renderer/fake/scenario.ts';
import { onStep } from './renderer-walk.ts';
import { type Look, patience, RendererWindows } from './renderer-window.ts';

/** One browser for the tests of a file; every window is closed after its test. */
export function windowsOfThisFile(testTimeout = patience): {
  readonly windows: () => RendererWindows;
  /** A window on the first step. */
  readonly open: (scenario?: Partial<Scenario>, look?: Look) => Promise<Page>;
} {
  vi.setConfig({ testTimeout });
  let windows: RendererWindows;
  beforeAll(async () => {
    windows = await RendererWindows.launch();
  }, patience);
  afterEach(async () => windows.closeAll());
  afterAll(async () => windows.close());
  return {
    windows: () => windows,
    async open(scenario = {}, look) {
      const { page } = await windows.open(scenario, look);
      await onStep(page, 'server');
      return page;
    },
  };
}
