import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { type Profile, profileSchema } from '../../shared/profile.ts';
import type { Store } from '../store/store.ts';
import { isOf } from './earlier-request.ts';

/** The settings of an enrollment as its journal keeps them: a profile holds no secret. */
export function settingsEvidence(profile: Profile): { readonly settings: string } {
  return { settings: JSON.stringify(profile) };
}

/**
 * The settings an enrollment was begun with, from the journal; a saved profile may have been changed since, for
 * another token perhaps, and only stands in where the journal has none.
 */
export async function settingsOf(store: Store, record: EnrollmentRecord): Promise<Profile | null> {
  const { enrollmentId } = record;
  const entries = await store.journal.read({ enrollmentId, state: 'planned', limit: 1 });
  const kept = profileSchema.safeParse(readJson(entries[0]?.evidence.settings));
  if (kept.success && isOf(kept.data, record)) return kept.data;
  return (await store.profiles.list()).find((profile) => isOf(profile, record)) ?? null;
}

/** @throws StationError USAGE-01 when neither the journal nor a saved profile has them. */
export async function demandSettings(store: Store, record: EnrollmentRecord): Promise<Profile> {
  const settings = await settingsOf(store, record);
  if (settings !== null) return settings;
  const detail = `The settings of the enrollment ${record.enrollmentId} are not known here.`;
  throw new StationError('USAGE-01', { detail });
}

function readJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
