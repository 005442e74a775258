/** Flags of the runner that the shim understands, by what follows them (ssl/test/test_config.cc of BoringSSL). */
const switches = [
  // Asynchronous and synchronous callbacks are all one here.
  '-async',
  '-implicit-handshake',
  '-use-old-client-cert-callback',
  '-use-custom-verify-callback',
  // keyUsage is always enforced.
  '-enforce-rsa-key-usage',
  // Sessions are never kept.
  '-expect-no-session',
  '-check-close-notify',
  '-expect-extended-master-secret',
  '-expect-hrr',
  '-expect-no-hrr',
  '-expect-secure-renegotiation',
  '-expect-no-secure-renegotiation',
  '-no-tls1',
  '-no-tls11',
  '-no-tls12',
  '-no-tls13',
  // Nothing is ever renegotiated, and a HelloRequest ends nothing.
  '-renegotiate-ignore',
  '-shim-shuts-down',
  '-shim-writes-first',
  '-tls-unique',
  '-use-export-context',
  '-verify-fail',
  '-verify-peer',
] as const;
const numbers = [
  '-port',
  '-expect-curve-id',
  '-expect-peer-signature-algorithm',
  '-expect-total-renegotiations',
  '-expect-version',
  '-export-keying-material',
  '-max-version',
  '-min-version',
  '-read-size',
] as const;
const lists = ['-curves', '-signing-prefs', '-verify-prefs'] as const;
const texts = [
  '-advertise-alpn',
  '-cert-file',
  '-expect-alpn',
  '-expect-peer-cert-file',
  '-export-context',
  '-export-label',
  '-host-name',
  '-key-file',
] as const;

export type Switch = (typeof switches)[number];
type NumberFlag = (typeof numbers)[number];
type ListFlag = (typeof lists)[number];
type TextFlag = (typeof texts)[number];

/** One run's wishes. */
export interface Flags {
  has(flag: Switch): boolean;
  number(flag: NumberFlag): number | null;
  list(flag: ListFlag): readonly number[] | null;
  text(flag: TextFlag): string | null;
}

const isOneOf = <T extends string>(all: readonly T[], flag: string): flag is T =>
  (all as readonly string[]).includes(flag);

/**
 * Reads the shim's command line.
 * @throws Error for a flag that is neither known here nor listed in features.ts.
 */
export function parseFlags(args: readonly string[]): Flags {
  const on = new Set<Switch>();
  const numbered = new Map<NumberFlag, number>();
  const listed = new Map<ListFlag, number[]>();
  const worded = new Map<TextFlag, string>();
  const rest = [...args];
  for (let flag = rest.shift(); flag !== undefined; flag = rest.shift()) {
    if (isOneOf(switches, flag)) {
      on.add(flag);
      continue;
    }
    const value = rest.shift();
    if (value === undefined) throw new Error(`${flag} has no value or is unknown`);
    if (isOneOf(numbers, flag)) numbered.set(flag, Number(value));
    else if (isOneOf(lists, flag)) listed.set(flag, [...(listed.get(flag) ?? []), Number(value)]);
    else if (isOneOf(texts, flag)) worded.set(flag, value);
    else throw new Error(`unknown flag ${flag}`);
  }
  return {
    has: (flag) => on.has(flag),
    number: (flag) => numbered.get(flag) ?? null,
    list: (flag) => listed.get(flag) ?? null,
    text: (flag) => worded.get(flag) ?? null,
  };
}
