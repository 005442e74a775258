import type { MenuItemConstructorOptions } from 'electron';

/**
 * The application menu. Editing roles keep copy and paste working on macOS, where they come from
 * the menu; elsewhere the station shows none. Reload and developer tools are left out: a reload
 * in the middle of an enrollment helps nobody.
 */
export function menuTemplate(platform: NodeJS.Platform): MenuItemConstructorOptions[] | null {
  if (platform !== 'darwin') return null;
  return [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }];
}
