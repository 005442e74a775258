import type { z } from 'zod';
import { StationError } from './errors/station-error.ts';
import { nearestName } from './nearest-name.ts';
import { type Profile, profileSchema } from './profile.ts';

/** One thing wrong with a profile: where (dotted path) and what, both ready to be read. */
export interface ProfileProblem {
  readonly path: string;
  readonly message: string;
}

export type ProfileVerdict =
  | { readonly valid: true; readonly profile: Profile }
  | {
      readonly valid: false;
      readonly problems: readonly ProfileProblem[];
      /** PROFILE-03 when one unknown key is the only problem, else PROFILE-02. */
      readonly error: StationError;
    };

type Issue = z.core.$ZodIssue;

/** A file with more problems than this is not a profile with mistakes but something else. */
const mostProblems = 100;
const shownProblems = 3;

/** Checks any value as a profile and fills in the defaults. Never throws. */
export function checkProfile(value: unknown): ProfileVerdict {
  const result = profileSchema.safeParse(value);
  if (result.success) return { valid: true, profile: result.data };
  const problems = result.error.issues
    .slice(0, mostProblems)
    .flatMap((issue) => problemsOf(issue, value))
    .slice(0, mostProblems);
  return { valid: false, problems, error: errorOf(result.error.issues, problems, value) };
}

function errorOf(
  issues: readonly Issue[],
  problems: readonly ProfileProblem[],
  value: unknown,
): StationError {
  const [issue] = issues;
  if (issue?.code === 'unrecognized_keys' && problems.length === 1) {
    const key = issue.keys[0] ?? '';
    const path = issue.path.map(String);
    return new StationError('PROFILE-03', {
      key: dotted([...path, key]),
      nearest: nearestName(path, key, value),
    });
  }
  const shown = problems.slice(0, shownProblems).map(({ path, message }) => `${path} ${message}`);
  const rest = problems.length - shown.length;
  return new StationError('PROFILE-02', {
    problems: rest > 0 ? `${shown.join('; ')}; and ${rest} more` : shown.join('; '),
  });
}

function problemsOf(issue: Issue, value: unknown): readonly ProfileProblem[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') {
    return [{ path: dotted(path), message: sentence(issue, valueAt(value, path)) }];
  }
  return issue.keys.slice(0, mostProblems).map((key) => ({
    path: dotted([...path, key]),
    message: `is not a known key; the nearest is ${nearestName(path, key, value)}`,
  }));
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  int: 'a whole number',
  number: 'a number',
};

function sentence(issue: Issue, value: unknown): string {
  // A rule between attributes may concern one that was left to its default.
  if (value === undefined && issue.code !== 'custom') return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${issue.values.join('')}`
        : `must be one of ${issue.values.join(', ')}`;
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? `must be one of ${issue.options.join(', ')}`
        : 'has the wrong form';
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    default:
      return issue.message;
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' entries long' : '';
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let part = value;
  for (const name of path) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, name)) return undefined;
    part = Reflect.get(part, name);
  }
  return part;
}

/** Names that cannot stand in a dotted path bare are quoted and cut. */
function dotted(path: readonly string[]): string {
  if (path.length === 0) return 'profile';
  return path
    .map((name) => (/^[\w-]{1,64}$/.test(name) ? name : JSON.stringify(name.slice(0, 64))))
    .join('.');
}
