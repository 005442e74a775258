import { describe, expect, it } from 'vitest';
import { isAllowedSender, type Sender } from './sender.ts';

const allowed = { origin: 'est-station://app', windowId: 7 };
const own: Sender = { url: 'est-station://app/index.html', isMainFrame: true, windowId: 7 };

describe('the sender check', () => {
  it('lets the main frame of the station window through', () => {
    expect(isAllowedSender(own, allowed)).toBe(true);
    expect(isAllowedSender({ ...own, url: 'est-station://app/#/review' }, allowed)).toBe(true);
  });

  it.each<[string, Sender | null]>([
    ['a frame that is gone', null],
    ['a subframe', { ...own, isMainFrame: false }],
    ['another window', { ...own, windowId: 8 }],
    ['another host of the scheme', { ...own, url: 'est-station://other/' }],
    ['another scheme', { ...own, url: 'https://app/' }],
    ['a host that only begins alike', { ...own, url: 'est-station://app.example/' }],
    ['a port', { ...own, url: 'est-station://app:8443/' }],
    ['a user name in front of the host', { ...own, url: 'est-station://someone@app/' }],
    ['a blank page', { ...own, url: 'about:blank' }],
    ['a data URL', { ...own, url: 'data:text/html,est-station://app/' }],
    ['an empty URL', { ...own, url: '' }],
    ['no URL at all', { ...own, url: '//app/' }],
  ])('refuses %s', (_name, sender) => {
    expect(isAllowedSender(sender, allowed)).toBe(false);
  });
});
