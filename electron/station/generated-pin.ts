import { randomBytes } from 'node:crypto';
import type { TokenInfo } from '../../shared/token.ts';

/** Digits of a generated PIN, where the token sets no other bounds: guessing ends at the token's counter. */
const usual = { user: 8, so: 16 } as const;

/**
 * A PIN of random decimal digits (they can be typed on every PIN pad), as ASCII; the caller zeroes it.
 * As long as usual, within what the token allows.
 */
export function generatedPin(token: TokenInfo, whose: keyof typeof usual): Uint8Array {
  const { minPinLength, maxPinLength } = token;
  const bounded = maxPinLength > 0 && maxPinLength >= minPinLength;
  const length = bounded
    ? Math.min(Math.max(usual[whose], minPinLength), maxPinLength)
    : usual[whose];
  const pin = new Uint8Array(length);
  for (let index = 0; index < length; ) {
    const [byte = 255] = randomBytes(1);
    // 250 is the largest multiple of ten in an octet: above, the digits would not be equally likely.
    if (byte < 250) pin[index++] = 0x30 + (byte % 10);
  }
  return pin;
}
