import { describe, expect, it } from 'vitest';
import type { BridgeTransport } from '../shared/contract/station-api.ts';
import { StationError } from '../shared/errors/station-error.ts';
import { bridge } from './bridge.ts';
import { fakeDescription } from './ipc/fake-station.ts';

class FakeTransport implements BridgeTransport {
  readonly sent: unknown[] = [];
  readonly listeners = new Map<string, (payload: unknown) => void>();
  reply: () => Promise<unknown> = async () => ({ ok: true, value: {} });

  async invoke(name: string, input: unknown): Promise<unknown> {
    this.sent.push(structuredClone({ name, input }));
    return this.reply();
  }

  on(name: string, listener: (payload: unknown) => void): () => void {
    this.listeners.set(name, listener);
    return () => this.listeners.delete(name);
  }
}

/** Calls the bridge the way a script without types would. */
function untyped(transport: FakeTransport, name: string, input: unknown): Promise<unknown> {
  return Reflect.apply(bridge(transport).command, undefined, [name, input]);
}

describe('the bridge', () => {
  it('shows two functions and nothing else, and cannot be changed', () => {
    const api = bridge(new FakeTransport());
    expect(Object.keys(api).sort()).toEqual(['command', 'subscribe']);
    expect(Object.isFrozen(api)).toBe(true);
  });

  it('sends a command and gives back its checked reply', async () => {
    const transport = new FakeTransport();
    transport.reply = async () => ({ ok: true, value: fakeDescription });
    const reply = await bridge(transport).command('station.describe', {});
    expect(reply).toEqual({ ok: true, value: fakeDescription });
    expect(transport.sent).toEqual([{ name: 'station.describe', input: {} }]);
  });

  it.each<[string, string, unknown]>([
    ['an unknown command', 'fs.readFile', {}],
    ['a name of Object.prototype', 'toString', {}],
    ['an input of the wrong form', 'tokens.list', { module: 1 }],
    ['a key the contract does not know', 'station.describe', { x: 1 }],
  ])('refuses %s before anything is sent', async (_name, name, input) => {
    const transport = new FakeTransport();
    expect(await untyped(transport, name, input)).toMatchObject({
      ok: false,
      error: { code: 'IPC-01' },
    });
    expect(transport.sent).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a value of the wrong form', { ok: true, value: { version: 1 } }],
    ['a value with more than the contract says', { ok: true, value: { ...fakeDescription, x: 1 } }],
    ['an error of the wrong form', { ok: false, error: 'no' }],
  ])('refuses a reply that is %s', async (_name, reply) => {
    const transport = new FakeTransport();
    transport.reply = async () => reply;
    expect(await bridge(transport).command('station.describe', {})).toMatchObject({
      ok: false,
      error: { code: 'IPC-01' },
    });
  });

  it('passes the station’s errors on as they are', async () => {
    const error = new StationError('STORE-05').toData();
    const transport = new FakeTransport();
    transport.reply = async () => ({ ok: false, error });
    expect(await bridge(transport).command('station.describe', {})).toEqual({ ok: false, error });
  });

  it('answers with an error when the station is gone', async () => {
    const transport = new FakeTransport();
    transport.reply = () => Promise.reject(new Error('channel closed'));
    expect(await bridge(transport).command('station.describe', {})).toMatchObject({
      ok: false,
      error: { code: 'INTERNAL-01' },
    });
  });

  it('carries a secret as bytes and zeroes it afterwards', async () => {
    const transport = new FakeTransport();
    const secret = new TextEncoder().encode('pw');
    await bridge(transport).command('credentials.hold', { purpose: 'http-password', secret });
    expect(transport.sent).toEqual([
      {
        name: 'credentials.hold',
        input: { purpose: 'http-password', secret: new TextEncoder().encode('pw') },
      },
    ]);
    expect([...secret]).toEqual([0, 0]);
  });

  it('delivers events of the right form until the subscription is stopped', () => {
    const transport = new FakeTransport();
    const seen: unknown[] = [];
    const stop = bridge(transport).subscribe('station.closing', (payload) => seen.push(payload));
    transport.listeners.get('station.closing')?.({});
    transport.listeners.get('station.closing')?.({ unexpected: true });
    expect(seen).toEqual([{}]);
    stop();
    expect(transport.listeners.size).toBe(0);
  });

  it('refuses to subscribe to what is no event', () => {
    const api = bridge(new FakeTransport());
    expect(() => Reflect.apply(api.subscribe, undefined, ['__proto__', () => {}])).toThrow(
      StationError,
    );
  });
});
