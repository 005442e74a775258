import { describe, expect, it } from 'vitest';
import { FakeEvents, fakeDescription, fakeHandlers } from '../ipc/fake-station.ts';
import { createGate } from '../ipc/gate.ts';
import { relayEvents } from '../ipc/relay.ts';
import { desktopOrigin } from './window.ts';
import {
  acceptCommands,
  type InvokeEvent,
  type InvokeHandlers,
  sendEvent,
} from './window-channel.ts';

type Listener = Parameters<InvokeHandlers['handle']>[1];

function channel(): Map<string, Listener> {
  const listeners = new Map<string, Listener>();
  const gate = createGate({
    handlers: fakeHandlers(),
    allowed: { origin: desktopOrigin, windowId: 5 },
    log: () => {},
  });
  acceptCommands({ handle: (name, listener) => listeners.set(name, listener) }, gate);
  return listeners;
}

const own: InvokeEvent = {
  sender: { id: 5 },
  senderFrame: { url: 'est-station://app/index.html', parent: null },
};

describe('the channel of the window', () => {
  it('is a single one and answers the station’s page', async () => {
    const listeners = channel();
    expect([...listeners.keys()]).toEqual(['station.command']);
    const reply = await listeners.get('station.command')?.(own, 'station.describe', {});
    expect(reply).toEqual({ ok: true, value: fakeDescription });
  });

  it.each<[string, InvokeEvent]>([
    ['a frame that is gone', { ...own, senderFrame: null }],
    ['a subframe', { ...own, senderFrame: { url: 'est-station://app/', parent: {} } }],
    ['another origin', { ...own, senderFrame: { url: 'https://example.com/', parent: null } }],
    ['another window', { ...own, sender: { id: 6 } }],
  ])('refuses %s', async (_name, event) => {
    const reply = await channel().get('station.command')?.(event, 'station.describe', {});
    expect(reply).toMatchObject({ ok: false, error: { code: 'IPC-02' } });
  });

  it('carries events to the window as long as it is there', () => {
    const events = new FakeEvents();
    const sent: unknown[] = [];
    let destroyed = false;
    const target = {
      isDestroyed: () => destroyed,
      send: (...message: unknown[]) => sent.push(message),
    };
    relayEvents({ events, send: (event) => sendEvent(target, event), log: () => {} });
    events.emit({ name: 'station.closing', payload: {} });
    destroyed = true;
    events.emit({ name: 'station.closing', payload: {} });
    expect(sent).toEqual([['station.event', 'station.closing', {}]]);
  });
});
