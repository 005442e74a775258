import { randomInt } from 'node:crypto';
import type { Account } from './authentication.ts';

/** No letters or digits that look alike on paper. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const groups = 4;
const groupLength = 4;

/** An account for one run of the practice server: `trainee` and a password of 79 random bits in groups. */
export function makeAccount(): Account {
  const group = () =>
    Array.from({ length: groupLength }, () => alphabet[randomInt(alphabet.length)]).join('');
  return { username: 'trainee', password: Array.from({ length: groups }, group).join('-') };
}
