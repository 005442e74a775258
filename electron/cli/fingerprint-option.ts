import { InvalidArgumentError } from 'commander';
import { normaliseFingerprint } from '../../shared/profile.ts';

/** Reads a SHA-256 fingerprint as people write it. @returns 64 hexadecimal digits, upper case. */
export function fingerprintOption(text: string): string {
  const digits = normaliseFingerprint(text);
  if (/^[0-9A-F]{64}$/.test(digits)) return digits;
  throw new InvalidArgumentError(
    `A SHA-256 fingerprint has 64 hexadecimal digits; separators do not count. These are ${digits.length} characters.`,
  );
}
