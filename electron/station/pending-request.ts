import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import type { Profile } from '../../shared/profile.ts';
import { serverKey } from '../../shared/server-key.ts';
import type { Store } from '../store/store.ts';

/** Records looked through; a pending request is a recent one. */
const recent = 200;

/**
 * The key identifier of the newest request of this profile that the server asked to repeat (202),
 * or null when the last one ended otherwise. The request must come again with the same key (RFC 7030 §4.2.3).
 */
export async function pendingKeyId(
  store: Store,
  profile: Profile,
  operation: EnrollmentRecord['operation'],
): Promise<string | null> {
  const server = serverKey(profile);
  const records = await store.enrollments.list({ limit: recent });
  const latest = records
    .filter(
      (record) =>
        record.server === server &&
        record.profile === profile.name &&
        record.operation === operation,
    )
    .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))[0];
  if (latest?.state !== 'pending') return null;
  const { enrollmentId } = latest;
  const journal = await store.journal.read({ enrollmentId, limit: 100 });
  const made = journal.findLast(({ state, phase }) => state === 'key-made' && phase === 'after');
  const keyId = made?.evidence.publicKey;
  return typeof keyId === 'string' ? keyId : null;
}
