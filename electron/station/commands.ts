import type { CommandOutput } from '../../shared/contract/commands.ts';
import type { StationHandlers } from '../../shared/contract/handlers.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { Profile } from '../../shared/profile.ts';
import { checkProfile } from '../../shared/profile-check.ts';
import { enrollmentCommands } from './enrollment-commands.ts';
import { keptPassphraseCommands } from './kept-passphrases.ts';
import { attributeOf, checkProfileContents } from './profile-contents.ts';
import type { Station } from './station.ts';
import { tokenCommands } from './token-commands.ts';
import { trustCommands } from './trust-commands.ts';

/** What the host of the window knows and the station does not. */
export type HostDescription = Omit<CommandOutput<'station.describe'>, 'operator' | 'station'>;

/** Binds every command of the contract to the station. */
export function stationCommands(station: Station, host: HostDescription): StationHandlers {
  const { ports, secrets } = station;
  return {
    'station.describe': async () => ({
      ...host,
      operator: ports.operator,
      station: ports.station,
    }),
    'profiles.list': async () => [...(await ports.store.profiles.list())],
    'profiles.check': async ({ profile }) => {
      const verdict = checkProfile(profile);
      if (!verdict.valid) {
        const problems = verdict.problems.map((problem) => ({ ...problem, error: null }));
        return { valid: false, problems };
      }
      const problem = contentsProblem(verdict.profile);
      if (problem !== null) return { valid: false, problems: [problem] };
      return { valid: true, profile: verdict.profile };
    },
    'profiles.save': async ({ profile }) => {
      await ports.store.profiles.save(profile);
      return {};
    },
    ...tokenCommands(station),
    ...trustCommands(station),
    'credentials.hold': async ({ purpose, secret }) => {
      secrets.hold(purpose, secret);
      return {};
    },
    'secret.give': async ({ id, secret }) => {
      station.wanted.give(id, secret);
      return {};
    },
    'credentials.forget': async () => {
      secrets.forget();
      return {};
    },
    ...keptPassphraseCommands(ports),
    ...enrollmentCommands(station),
    'journal.read': async ({ enrollmentId, limit }) => {
      await station.settleInterrupted();
      const of = enrollmentId === null ? {} : { enrollmentId };
      return [...(await ports.store.journal.read({ limit, ...of }))];
    },
  };
}

type ProfileProblem = Extract<
  CommandOutput<'profiles.check'>,
  { valid: false }
>['problems'][number];

function contentsProblem(profile: Profile): ProfileProblem | null {
  try {
    checkProfileContents(profile);
    return null;
  } catch (caught) {
    const error = StationError.from(caught);
    return { path: attributeOf(error), message: error.message, error: error.toData() };
  }
}
