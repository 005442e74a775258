import { describe, expect, it, vi } from 'vitest';
import { commands } from '../../shared/contract/commands.ts';
import type { StationHandlers } from '../../shared/contract/handlers.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { FakeEvents, fakeDescription, fakeHandlers } from './fake-station.ts';
import { createGate } from './gate.ts';
import { relayEvents } from './relay.ts';
import type { Sender } from './sender.ts';

const allowed = { origin: 'est-station://app', windowId: 1 };
const own: Sender = { url: 'est-station://app/', isMainFrame: true, windowId: 1 };

function gateWith(handlers: Partial<StationHandlers>) {
  const lines: string[] = [];
  const gate = createGate({
    handlers: fakeHandlers(handlers),
    allowed,
    log: (line) => lines.push(line),
  });
  return { gate, lines };
}

const unlocked = {
  module: '/lib/p11.so',
  slot: 0,
  slotDescription: 'slot',
  initialised: true,
  label: 'gateway',
  serial: '01',
  serialUnique: true,
  manufacturer: 'm',
  model: 'm',
  pinState: 'ok',
  soPinState: 'ok',
  pinPad: false,
  writeProtected: false,
  minPinLength: 4,
  maxPinLength: 255,
  canGenerate: ['prime256v1'],
  canSign: ['SHA256WITHECDSA'],
} as const;

function unlockInput(pin: Uint8Array) {
  return { module: '/lib/p11.so', serial: '01', label: 'gateway', pin, finalTryConfirmed: false };
}

describe('the gate', () => {
  it('answers a command with its checked output', async () => {
    const { gate } = gateWith({});
    expect(await gate.answer(own, 'station.describe', {})).toEqual({
      ok: true,
      value: fakeDescription,
    });
  });

  it('has a handler for every command of the contract and for nothing else', () => {
    expect(Object.keys(fakeHandlers()).sort()).toEqual(Object.keys(commands).sort());
  });

  it.each<[string, Sender | null]>([
    ['nobody', null],
    ['a subframe', { ...own, isMainFrame: false }],
    ['another origin', { ...own, url: 'https://evil.example/' }],
  ])('refuses %s without running the command', async (_name, sender) => {
    const describeStation = vi.fn(async () => fakeDescription);
    const { gate, lines } = gateWith({ 'station.describe': describeStation });
    const reply = await gate.answer(sender, 'station.describe', {});
    expect(reply).toMatchObject({ ok: false, error: { code: 'IPC-02' } });
    expect(describeStation).not.toHaveBeenCalled();
    expect(lines).toHaveLength(1);
  });

  it.each<[string, unknown, unknown]>([
    ['an unknown command', 'station.explode', {}],
    ['a name of Object.prototype', 'constructor', {}],
    ['a name that is no text', 7, {}],
    ['an unknown key', 'station.describe', { more: 1 }],
    ['a missing field', 'tokens.list', {}],
    ['a wrong type', 'tokens.list', { module: 7 }],
    ['a path that is too long', 'tokens.list', { module: 'x'.repeat(5000) }],
    ['more modules to watch than a computer has', 'tokens.watch', { modules: Array(33).fill('m') }],
    ['a PIN as text', 'tokens.unlock', { ...unlockInput(new Uint8Array()), pin: '1234' }],
    ['a PIN that is too long', 'tokens.unlock', unlockInput(new Uint8Array(2000))],
    ['no input', 'station.describe', undefined],
    ['an input beyond all bounds', 'profiles.check', { profile: 'x'.repeat(2_000_000) }],
  ])('refuses %s', async (_name, name, input) => {
    const { gate } = gateWith({});
    expect(await gate.answer(own, name, input)).toMatchObject({
      ok: false,
      error: { code: 'IPC-01' },
    });
  });

  it('turns a StationError into data with its texts and parameters, and does not log it', async () => {
    const { gate, lines } = gateWith({
      'tokens.list': () => Promise.reject(new StationError('STORE-02', { path: '/data' })),
    });
    const reply = await gate.answer(own, 'tokens.list', { module: '/lib/p11.so' });
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'STORE-02', params: { path: '/data' } },
    });
    expect(lines).toEqual([]);
  });

  it('turns any other exception into INTERNAL-01, its stack in the log and never in the reply', async () => {
    const { gate, lines } = gateWith({
      'tokens.list': () => Promise.reject(new TypeError('slots is undefined')),
    });
    const reply = await gate.answer(own, 'tokens.list', { module: '/lib/p11.so' });
    expect(reply).toMatchObject({ ok: false, error: { code: 'INTERNAL-01' } });
    expect(JSON.stringify(reply)).not.toContain('gate.test.ts');
    expect(lines.join()).toContain('gate.test.ts');
  });

  it('keeps back an answer that breaks the contract', async () => {
    const leaky = { ...fakeDescription, secret: 'hunter2' };
    const { gate, lines } = gateWith({ 'station.describe': async () => leaky });
    const reply = await gate.answer(own, 'station.describe', {});
    expect(reply).toMatchObject({ ok: false, error: { code: 'INTERNAL-01' } });
    expect(JSON.stringify(reply) + lines.join()).not.toContain('hunter2');
    expect(lines).toHaveLength(1);
  });

  it('gives the handler the PIN and zeroes it once the handler has settled', async () => {
    const pin = new TextEncoder().encode('1234');
    let seen = '';
    const { gate } = gateWith({
      'tokens.unlock': async (input) => {
        await Promise.resolve();
        seen = new TextDecoder().decode(input.pin);
        const { canGenerate, canSign } = unlocked;
        return { token: { ...unlocked, canGenerate: [...canGenerate], canSign: [...canSign] } };
      },
    });
    expect(await gate.answer(own, 'tokens.unlock', unlockInput(pin))).toMatchObject({ ok: true });
    expect(seen).toBe('1234');
    expect([...pin]).toEqual([0, 0, 0, 0]);
  });

  it('zeroes the PIN of a message it refuses', async () => {
    const pin = new TextEncoder().encode('1234');
    const { gate } = gateWith({});
    await gate.answer(null, 'tokens.unlock', unlockInput(pin));
    expect([...pin]).toEqual([0, 0, 0, 0]);
  });

  it('refuses more commands at once than a window can need, and recovers', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { gate } = gateWith({
      'station.describe': async () => {
        await held;
        return fakeDescription;
      },
    });
    const many = Array.from({ length: 70 }, () => gate.answer(own, 'station.describe', {}));
    release();
    const replies = await Promise.all(many);
    expect(replies.filter((reply) => !reply.ok)).toHaveLength(6);
    expect(await gate.answer(own, 'station.describe', {})).toMatchObject({ ok: true });
  });
});

describe('the relay of events', () => {
  it('passes a good event on and keeps a wrong one back, until it is stopped', () => {
    const events = new FakeEvents();
    const sent: unknown[] = [];
    const lines: string[] = [];
    const stop = relayEvents({
      events,
      send: (event) => sent.push(event.name),
      log: (line) => lines.push(line),
    });
    const progress = { state: 'planned' as const, working: null, steps: [], elapsedMs: 0 };
    events.emit({ name: 'enrollment.progress', payload: { enrollmentId: 'e1', ...progress } });
    events.emit({
      name: 'enrollment.progress',
      payload: { enrollmentId: 'x'.repeat(99), ...progress },
    });
    expect(sent).toEqual(['enrollment.progress']);
    expect(lines).toHaveLength(1);
    stop();
    events.emit({ name: 'station.closing', payload: {} });
    expect(sent).toHaveLength(1);
    expect(events.listeners.size).toBe(0);
  });
});
