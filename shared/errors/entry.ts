/** How an error is told to a person: what happened, why, and what can be done about it. */
export interface ErrorText {
  /** One sentence: what happened. `{name}` is replaced from the error's parameters. */
  readonly what: string;
  /** One sentence: why. */
  readonly why: string;
  /** What a person can do now, most useful first. Never empty. */
  readonly waysOut: readonly string[];
}

/** The exit codes of the command line, by meaning (documented in README.md). */
export const exitCodes = {
  done: 0,
  internal: 1,
  usage: 2,
  profile: 3,
  token: 4,
  pin: 5,
  network: 6,
  trust: 7,
  server: 8,
  pending: 9,
  'issued-not-stored': 10,
  interrupted: 130,
} as const;

export type ExitName = keyof typeof exitCodes;

/** One line of the catalogue. */
export interface ErrorEntry {
  readonly exit: ExitName;
  /** The clause of the standard the rule comes from, e.g. `RFC 7030 §4.1.1`. */
  readonly clause?: string;
  readonly en: ErrorText;
  readonly de: ErrorText;
}

/** Checks the shape of a part of the catalogue while keeping its codes as literal types. */
export function defineErrors<const Code extends string>(
  entries: Record<Code, ErrorEntry>,
): Readonly<Record<Code, ErrorEntry>> {
  return entries;
}
