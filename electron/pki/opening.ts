import type { OctetString } from 'asn1js';
import { StationError } from '../../shared/errors/station-error.ts';

/** The octets of an OCTET STRING, also of one in pieces (BER). */
export function octets(value: OctetString | undefined): Buffer {
  return value === undefined ? Buffer.alloc(0) : Buffer.from(value.getValue());
}

/** Why it does not open is not told apart: that would help only whoever forged it. */
export function opening<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw unusable('it does not open with the decryption key', error);
  }
}

/** The message cannot be used (KEY-01). */
export function unusable(detail: string, cause?: unknown): StationError {
  return new StationError('KEY-01', { detail }, { cause });
}

/** An algorithm the station does not have (KEY-06). */
export function unsupported(what: string, oid: string): StationError {
  return new StationError('KEY-06', { detail: `the ${what} ${oid} is not supported` });
}
