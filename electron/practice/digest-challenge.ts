import type { PracticeFault } from './practice.ts';

/** Hashes of RFC 7616 §6.1, by the names the digest and node:crypto give them; `-sess` binds them to a session. */
const hashes = { 'SHA-512-256': 'sha512-256', 'SHA-256': 'sha256', MD5: 'md5' } as const;

/** Algorithms a challenge can name, strongest first. */
export const digestAlgorithms = [
  'SHA-512-256',
  'SHA-512-256-sess',
  'SHA-256',
  'SHA-256-sess',
  'MD5',
  'MD5-sess',
] as const;

export type DigestAlgorithm = (typeof digestAlgorithms)[number];

/** True for the name of an algorithm. */
export function isDigestAlgorithm(name: string): name is DigestAlgorithm {
  return (digestAlgorithms as readonly string[]).includes(name);
}

/** The hash of an algorithm and whether it is bound to a session; none named means MD5 (RFC 7616 §3.3). */
export function readAlgorithm(algorithm: DigestAlgorithm | null) {
  const [name = 'MD5', session] = (algorithm ?? 'MD5').split(/-(?=sess$)/);
  const hash = Object.entries(hashes).find(([known]) => known === name)?.[1] ?? hashes.MD5;
  return { hash, session: session !== undefined };
}

/** What every challenge of one answer shares. */
export interface ChallengeTerms {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string;
  readonly qop: 'auth' | 'auth-int';
  readonly stale: boolean;
}

/** The realm; one fault puts quotes and a comma into it. */
export function realmOf(faults: readonly PracticeFault[]): string {
  return faults.includes('digest-quoting') ? 'EST "practice", room 4' : 'EST practice';
}

const quoted = (text: string) => `"${text.replace(/(["\\])/g, '\\$1')}"`;

/** One challenge (RFC 7616 §3.3), in the usual form or in another that RFC 9110 §11.2 allows as well. */
export function challenge(
  algorithm: DigestAlgorithm | null,
  { realm, nonce, opaque, qop, stale }: ChallengeTerms,
  faults: readonly PracticeFault[],
): string {
  const end = stale ? ', stale=true' : '';
  if (algorithm === null) {
    return `Digest realm=${quoted(realm)}, nonce="${nonce}", qop="${qop}"${end}`;
  }
  if (faults.includes('digest-quoting')) {
    const upper = stale ? ',STALE="TRUE"' : '';
    return `DIGEST  qop=${qop} ,Realm = ${quoted(realm)},  algorithm="${algorithm}",NONCE="${nonce}" , opaque="${opaque}"${upper}`;
  }
  return `Digest realm=${quoted(realm)}, qop="${qop}", algorithm=${algorithm}, nonce="${nonce}", opaque="${opaque}"${end}`;
}
