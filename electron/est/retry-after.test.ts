import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestWaitSeconds, parseRetryAfter } from './retry-after.ts';

const now = new Date('2026-11-21T08:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120],
    [' 3600 ', 3600],
    ['999999999999999999999999', longestWaitSeconds],
    ['Sat, 21 Nov 2026 08:01:00 GMT', 60],
    ['Saturday, 21-Nov-26 08:01:00 GMT', 60],
    ['Sat Nov 21 08:01:00 2026', 60],
    ['Tue Dec  1 08:00:00 2026', longestWaitSeconds],
    ['Sat, 21 Nov 2026 07:00:00 GMT', 0],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
    ['Fri, 21 Nov 2036 08:00:00 GMT', longestWaitSeconds],
  ])('%s means %i seconds', (header, seconds) => {
    expect(parseRetryAfter(header, now)).toBe(seconds);
  });

  it.each([
    undefined,
    '',
    '-5',
    '1.5',
    '0x10',
    'soon',
    '2026-11-21T08:01:00Z',
    'Sat, 31 Feb 2026 08:01:00 GMT',
    'Sat, 21 Foo 2026 08:01:00 GMT',
    'Sat, 21 Nov 2026 08:01:00 CET',
  ])('%s is no wish at all', (header) => {
    expect(parseRetryAfter(header, now)).toBeNull();
  });

  it('reads every IMF-fixdate within the next week', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: longestWaitSeconds }), (seconds) => {
        const date = new Date(now.getTime() + seconds * 1000);
        expect(parseRetryAfter(date.toUTCString(), now)).toBe(seconds);
      }),
    );
  });

  it('is never more than a week nor less than nothing, whatever comes', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const seconds = parseRetryAfter(header, now) ?? 0;
        expect(seconds).toBeGreaterThanOrEqual(0);
        expect(seconds).toBeLessThanOrEqual(longestWaitSeconds);
      }),
    );
  });
});
