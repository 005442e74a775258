/** The window before its pages are painted: the same colours as theirs, so that nothing flashes. */
export const windowLook = {
  title: 'EST Station',
  width: 1280,
  height: 800,
  minWidth: 1024,
  minHeight: 700,
  background: { light: '#fcfcfb', dark: '#121413' },
} as const;
