import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from './answer.ts';
import { parseRoute } from './routes.ts';

test.each([
  { target: '/.well-known/est/cacerts', route: { label: null, operation: 'cacerts' } },
  {
    target: '/.well-known/est/devices/csrattrs',
    route: { label: 'devices', operation: 'csrattrs' },
  },
  {
    target: '/.well-known/est/simpleenroll?x=1',
    route: { label: null, operation: 'simpleenroll' },
  },
])('$target is understood', ({ target, route }) => {
  expect(parseRoute(target)).toEqual(route);
});

test.each([
  { target: '/.well-known/est/nowhere/cacerts', status: 400 },
  { target: '/.well-known/est/cacerts/cacerts', status: 400 },
  { target: '/.well-known/est/', status: 404 },
  { target: '/.well-known/est', status: 404 },
  { target: '/.well-known/est/nothing', status: 404 },
  { target: '/.well-known/est/toString', status: 404 },
  { target: '/.well-known/est/devices/nothing', status: 404 },
  { target: '/.well-known/est/devices/cacerts/more', status: 404 },
  { target: '/.well-known/estate/cacerts', status: 404 },
  { target: '/', status: 404 },
  { target: `/.well-known/est/${'a'.repeat(1024)}`, status: 414 },
])('$target is refused with $status', ({ target, status }) => {
  expect(statusOf(target)).toBe(status);
});

test('any target is either understood or refused', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('/', '.well-known', 'est', 'devices', 'cacerts', '%2e', '?', 'x')),
      (parts) => {
        expect([200, 400, 404, 414]).toContain(statusOf(parts.join('')));
      },
    ),
  );
});

function statusOf(target: string): number {
  try {
    parseRoute(target);
    return 200;
  } catch (error) {
    if (error instanceof Refusal) return error.answer.status;
    throw error;
  }
}
