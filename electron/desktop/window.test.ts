import { describe, expect, it } from 'vitest';
import { menuTemplate } from './menu.ts';
import { windowOptions } from './window.ts';

describe('the station window', () => {
  const { webPreferences, ...options } = windowOptions('/app/dist/preload.cjs', true);

  it.each([
    ['contextIsolation', true],
    ['sandbox', true],
    ['webSecurity', true],
    ['nodeIntegration', false],
    ['nodeIntegrationInWorker', false],
    ['nodeIntegrationInSubFrames', false],
    ['allowRunningInsecureContent', false],
    ['experimentalFeatures', false],
    ['webviewTag', false],
    ['devTools', false],
  ] as const)('sets %s to %s', (name, value) => {
    expect(webPreferences?.[name]).toBe(value);
  });

  it('stays hidden until painted, in the colour of its theme', () => {
    expect(options.show).toBe(false);
    expect(options.backgroundColor).toBe('#121413');
    expect(windowOptions('/p', false).backgroundColor).toBe('#fcfcfb');
  });

  it('has a menu only where copy and paste come from it', () => {
    expect(menuTemplate('linux')).toBeNull();
    expect(menuTemplate('win32')).toBeNull();
    expect(menuTemplate('darwin')).toContainEqual({ role: 'editMenu' });
  });
});
