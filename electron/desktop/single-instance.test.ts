import { describe, expect, it } from 'vitest';
import { claimSingleInstance, type RaisableWindow } from './single-instance.ts';

class FakeApp {
  second: (() => void) | null = null;
  private readonly free: boolean;

  constructor(free: boolean) {
    this.free = free;
  }

  requestSingleInstanceLock(): boolean {
    return this.free;
  }

  on(_event: 'second-instance', listener: () => void): void {
    this.second = listener;
  }
}

function fakeWindow(minimised: boolean): RaisableWindow & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    isMinimized: () => minimised,
    restore: () => calls.push('restore'),
    show: () => calls.push('show'),
    focus: () => calls.push('focus'),
  };
}

describe('the single instance', () => {
  it('gives way to one that already runs', () => {
    const app = new FakeApp(false);
    expect(claimSingleInstance(app, () => null)).toBe(false);
    expect(app.second).toBeNull();
  });

  it.each([
    [true, ['restore', 'show', 'focus']],
    [false, ['show', 'focus']],
  ])('comes to the front when started again (minimised: %s)', (minimised, calls) => {
    const app = new FakeApp(true);
    const window = fakeWindow(minimised);
    expect(claimSingleInstance(app, () => window)).toBe(true);
    app.second?.();
    expect(window.calls).toEqual(calls);
  });

  it('does nothing when started again before its window stands', () => {
    const app = new FakeApp(true);
    claimSingleInstance(app, () => null);
    expect(() => app.second?.()).not.toThrow();
  });
});
