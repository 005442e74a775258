/** Why a path was refused (RFC 5280 §6.1). */
export type PathReason =
  | 'no-path'
  | 'expired'
  | 'not-yet-valid'
  | 'signature'
  | 'basic-constraints'
  | 'path-length'
  | 'key-usage'
  | 'name-constraints'
  | 'policy'
  | 'unknown-critical-extension'
  | 'revoked'
  | 'revocation-unknown'
  | 'algorithm'
  | 'purpose'
  | 'malformed';

/** Whether a path with this reason would be good at another time: the clock is the first to be suspected. */
export function isOfTime(reason: PathReason): boolean {
  return reason === 'expired' || reason === 'not-yet-valid';
}

/** Thrown while a path is checked; `validatePath` turns it into a verdict. */
export class PathRefusal extends Error {
  readonly reason: PathReason;

  constructor(reason: PathReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}
