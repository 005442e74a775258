import { expect, test } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import { sameKeyRefusal } from './renewal.ts';

test.each<
  [
    code: 'SERVER-05' | 'SERVER-06' | 'SERVER-07',
    status: number,
    excerpt: string,
    told: string,
    notices: number,
  ]
>([
  ['SERVER-06', 400, 'A certificate for this public key already exists', 'CERT-11', 0],
  ['SERVER-06', 400, 'User has already a certificate using the same public key', 'CERT-11', 0],
  ['SERVER-06', 409, 'Key reuse is not permitted: existing key', 'CERT-11', 0],
  ['SERVER-05', 403, 'Public key is not unique', 'CERT-11', 0],
  ['SERVER-06', 400, 'Invalid subject', 'SERVER-06', 1],
  ['SERVER-06', 415, 'Unsupported type', 'SERVER-06', 0],
  ['SERVER-05', 403, 'Forbidden', 'SERVER-05', 0],
  ['SERVER-07', 500, 'The key store already exists', 'SERVER-07', 0],
])('%s %i "%s" is told as %s', (code, status, excerpt, told, notices) => {
  const refusal = sameKeyRefusal(new StationError(code, { status, excerpt }));
  expect(refusal.error.code).toBe(told);
  expect(refusal.notices).toHaveLength(notices);
});
