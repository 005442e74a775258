import type { PracticeAuthority } from './authority.ts';
import type { DigestGuard } from './digest.ts';
import type { HeldRequests } from './held-requests.ts';
import type { IssuedCertificates } from './issued-certificates.ts';
import type { KeyEncryptionKey } from './key-encryption-key.ts';
import type { PendingRequests } from './pending-requests.ts';
import type { PracticeOptions } from './practice.ts';
import type { Rollover } from './rollover.ts';

/** What the operations of the practice server work with. */
export interface Desk {
  /** Issues; during a rollover the new one. */
  readonly authority: PracticeAuthority;
  readonly rollover: Rollover | null;
  readonly issued: IssuedCertificates;
  readonly pending: PendingRequests;
  /** Full PKI Requests that wait. */
  readonly held: HeldRequests;
  /** Shared with clients that want generated keys encrypted with it. */
  readonly keyEncryptionKey: KeyEncryptionKey;
  readonly digest: DigestGuard;
  /** Serial number of the server's own certificate, hex. */
  readonly ownSerial: string;
  readonly options: PracticeOptions;
}
