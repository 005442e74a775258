import type { AllowedSender } from '../ipc/sender.ts';

/** The station's window under Chromium; `.invalid` never resolves (RFC 2606 §2). */
export const chromiumWindow: AllowedSender = { origin: 'https://est-station.invalid', windowId: 1 };

/** The function the host gives to the page; the page's bridge is its only user. */
export const commandBinding = 'estStationCommand';

/** The DOM event by which the host tells the page the station's news. */
export const newsEvent = 'est-station-news';
