import { z } from 'zod';

/**
 * A secret on its way from a person to the station: UTF-8 bytes, because bytes can be zeroed.
 * The receiver zeroes the array as soon as it has been used.
 */
export const secretBytes = z.instanceof(Uint8Array).refine((bytes) => bytes.length <= 1024, {
  error: 'is too long for a PIN or password',
});
