import { describe, expect, test } from 'vitest';
import { catalogue } from '../../shared/errors/catalogue.ts';
import { type Attempt, retryAfter } from './retry-policy.ts';

const rules = { intervalSeconds: 60, resubmitUnknownOutcome: false };

describe('another attempt', () => {
  test.each<[string, Attempt, number | null]>([
    ['connection refused', { state: 'failed', code: 'NET-01', retryAfterSeconds: null }, 60],
    ['name not found', { state: 'failed', code: 'NET-02', retryAfterSeconds: null }, 60],
    ['no answer in time', { state: 'failed', code: 'NET-03', retryAfterSeconds: null }, 60],
    ['reset before the POST', { state: 'failed', code: 'NET-04', retryAfterSeconds: null }, 60],
    ['slow before the POST', { state: 'failed', code: 'NET-06', retryAfterSeconds: null }, 60],
    ['slow handshake', { state: 'failed', code: 'TLS-04', retryAfterSeconds: null }, 60],
    ['429 with 5 s', { state: 'refused', code: 'SERVER-08', retryAfterSeconds: 5 }, 60],
    ['503 with 300 s', { state: 'refused', code: 'SERVER-08', retryAfterSeconds: 300 }, 300],
    ['500', { state: 'refused', code: 'SERVER-07', retryAfterSeconds: null }, 60],
    ['202 with 7 s', { state: 'pending', code: 'SERVER-13', retryAfterSeconds: 7 }, 7],
    ['202 with no time', { state: 'pending', code: 'SERVER-13', retryAfterSeconds: null }, 60],
    ['202 with a past time', { state: 'pending', code: 'SERVER-13', retryAfterSeconds: 0 }, 60],
    ['400 label', { state: 'refused', code: 'SERVER-01', retryAfterSeconds: null }, null],
    ['404', { state: 'refused', code: 'SERVER-02', retryAfterSeconds: null }, null],
    ['401', { state: 'refused', code: 'SERVER-03', retryAfterSeconds: null }, null],
    ['403', { state: 'refused', code: 'SERVER-05', retryAfterSeconds: null }, null],
    ['400, 409, 415', { state: 'refused', code: 'SERVER-06', retryAfterSeconds: null }, null],
    ['unknown CA', { state: 'failed', code: 'TRUST-07', retryAfterSeconds: null }, null],
    ['client certificate', { state: 'failed', code: 'TLS-03', retryAfterSeconds: null }, null],
    ['wrong PIN', { state: 'failed', code: 'PIN-01', retryAfterSeconds: null }, null],
    ['not TLS', { state: 'failed', code: 'NET-05', retryAfterSeconds: null }, null],
    ['a lost answer', { state: 'outcome-unknown', code: 'NET-04', retryAfterSeconds: null }, null],
    ['a person', { state: 'cancelled', code: 'CANCEL-01', retryAfterSeconds: null }, null],
    ['success', { state: 'done', code: null, retryAfterSeconds: null }, null],
  ])('after %s comes as the rules say', (_, attempt, expected) => {
    expect(retryAfter(attempt, rules)).toBe(expected);
  });

  test('after a lost answer comes only where the profile allows it', () => {
    const lost: Attempt = { state: 'outcome-unknown', code: 'NET-04', retryAfterSeconds: null };
    expect(retryAfter(lost, { ...rules, resubmitUnknownOutcome: true })).toBe(60);
  });

  test('never comes sooner than the interval unless the server itself said so', () => {
    for (const code of Object.keys(catalogue)) {
      for (const state of ['failed', 'refused'] as const) {
        const seconds = retryAfter({ state, code, retryAfterSeconds: 1 }, rules);
        expect(seconds === null || seconds >= 60, code).toBe(true);
      }
    }
  });
});
