import type { PracticeAuthority } from './authority.ts';
import type { IssuedCertificates } from './issued-certificates.ts';
import type { PendingRequests } from './pending-requests.ts';
import type { PracticeOptions } from './practice.ts';

/** What the operations of the practice server work with. */
export interface Desk {
  readonly authority: PracticeAuthority;
  readonly issued: IssuedCertificates;
  readonly pending: PendingRequests;
  readonly options: PracticeOptions;
}
