import { StationError } from '../../shared/errors/station-error.ts';
import type { Profile } from '../../shared/profile.ts';
import { checkProfile } from '../../shared/profile-check.ts';
import { boundedFile } from './given-file.ts';

/**
 * Reads a JSON file of at most 1 MiB.
 * @throws StationError PROFILE-01 when it cannot be read or is not JSON.
 */
export async function readJsonFile(file: string): Promise<unknown> {
  try {
    return JSON.parse((await boundedFile(file)).toString('utf8'));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new StationError('PROFILE-01', { file, detail }, { cause: error });
  }
}

/**
 * Reads and checks a profile; `subject` overrides the one in the file.
 * @throws StationError PROFILE-01, PROFILE-02, PROFILE-03, PROFILE-05, PROFILE-06
 */
export async function readProfile(file: string, subject?: string): Promise<Profile> {
  const verdict = checkProfile(withSubject(await readJsonFile(file), subject));
  if (!verdict.valid) throw verdict.error;
  // Loaded here: commands that need no profile start without it.
  const { checkProfileContents } = await import('../station/profile-contents.ts');
  checkProfileContents(verdict.profile);
  return verdict.profile;
}

function withSubject(profile: unknown, subject: string | undefined): unknown {
  if (subject === undefined || typeof profile !== 'object' || profile === null) return profile;
  const request = 'request' in profile ? profile.request : {};
  const present = typeof request === 'object' && request !== null ? request : {};
  return { ...profile, request: { ...present, subject } };
}
