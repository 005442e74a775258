import { createHash, randomBytes } from 'node:crypto';
import type { Challenge } from './challenge.ts';

/** Hash algorithms of RFC 7616 §6.1 and RFC 2617, strongest first. */
const algorithms: readonly { readonly name: string; readonly hash: string }[] = [
  { name: 'sha-512-256', hash: 'sha512-256' },
  { name: 'sha-256', hash: 'sha256' },
  { name: 'md5', hash: 'md5' },
];

/** A Digest challenge that can be answered. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | null;
  /** As the server wrote it; null when it named none, which means MD5. */
  readonly algorithm: string | null;
  readonly hash: string;
  readonly session: boolean;
  /** null: the server knows RFC 2069 only. */
  readonly qop: 'auth' | 'auth-int' | null;
  readonly userhash: boolean;
  readonly stale: boolean;
  /** Position in {@link algorithms}; less is stronger. */
  readonly rank: number;
}

/** Reads one challenge; a problem is told as a clause in words. */
function readDigest(challenge: Challenge): DigestChallenge | string {
  const { parameters } = challenge;
  const realm = parameters.get('realm');
  const nonce = parameters.get('nonce');
  if (!realm) return 'the Digest challenge has no realm';
  if (!nonce) return 'the Digest challenge has no nonce';
  const algorithm = parameters.get('algorithm') ?? null;
  const wanted = (algorithm ?? 'md5').toLowerCase();
  const session = wanted.endsWith('-sess');
  const rank = algorithms.findIndex(({ name }) => name === wanted.replace(/-sess$/, ''));
  const known = algorithms[rank];
  if (known === undefined) return `the Digest algorithm ${algorithm ?? ''} is not known`;
  const offered = parameters
    .get('qop')
    ?.toLowerCase()
    .split(/[\s,]+/);
  const qop = (['auth', 'auth-int'] as const).find((name) => offered?.includes(name)) ?? null;
  if (offered !== undefined && qop === null) return 'the Digest challenge has no usable qop';
  return {
    realm,
    nonce,
    opaque: parameters.get('opaque') ?? null,
    algorithm,
    hash: known.hash,
    session,
    qop,
    userhash: parameters.get('userhash')?.toLowerCase() === 'true',
    stale: parameters.get('stale')?.toLowerCase() === 'true',
    rank,
  };
}

/**
 * Chooses the strongest Digest challenge (RFC 7616 §3.7).
 * @returns the problem in words when there is a Digest challenge but none can be answered,
 *   null when there is none at all.
 */
export function chooseDigest(challenges: readonly Challenge[]): DigestChallenge | string | null {
  const read = challenges.filter(({ scheme }) => scheme === 'digest').map(readDigest);
  const usable = read.filter((candidate) => typeof candidate !== 'string');
  usable.sort((a, b) => a.rank - b.rank);
  return usable[0] ?? read[0] ?? null;
}

/** What one Authorization value of Digest is made of. */
export interface DigestInput {
  readonly username: string;
  /** UTF-8, read only. */
  readonly password: Uint8Array;
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly uri: string;
  readonly body: Uint8Array;
  /** How often this nonce was used, from 1. */
  readonly count: number;
  /** The client's nonce. */
  readonly cnonce: string;
}

/** A client nonce nobody can foresee. */
export function freshClientNonce(): string {
  return randomBytes(18).toString('base64url');
}

const quoted = (text: string) => `"${text.replace(/(["\\])/g, '\\$1')}"`;
/** RFC 8187 §3.2 value-chars. */
const extended = (text: string) =>
  `UTF-8''${encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`;

/**
 * The Authorization value of HTTP Digest (RFC 7616 §3.4). The password's bytes go straight into
 * the hash and nowhere else.
 */
export function digestAuthorization(challenge: DigestChallenge, input: DigestInput): string {
  const { realm, nonce, hash, qop } = challenge;
  const { username, method, uri } = input;
  const digest = (...parts: readonly (string | Uint8Array)[]) => {
    const state = createHash(hash);
    for (const part of parts) state.update(part);
    return state.digest('hex');
  };
  const { cnonce } = input;
  const count = input.count.toString(16).padStart(8, '0');

  const secret = digest(`${username}:${realm}:`, input.password);
  const key = challenge.session ? digest(`${secret}:${nonce}:${cnonce}`) : secret;
  const action =
    qop === 'auth-int'
      ? digest(`${method}:${uri}:`, digest(input.body))
      : digest(`${method}:${uri}`);
  const response =
    qop === null
      ? digest(`${key}:${nonce}:${action}`)
      : digest(`${key}:${nonce}:${count}:${cnonce}:${qop}:${action}`);

  const fields = [userField(challenge, username, digest)];
  fields.push(`realm=${quoted(realm)}`, `nonce=${quoted(nonce)}`, `uri=${quoted(uri)}`);
  if (challenge.algorithm !== null) fields.push(`algorithm=${challenge.algorithm}`);
  fields.push(`response="${response}"`);
  if (challenge.opaque !== null) fields.push(`opaque=${quoted(challenge.opaque)}`);
  if (qop !== null) fields.push(`qop=${qop}`, `nc=${count}`, `cnonce="${cnonce}"`);
  else if (challenge.session) fields.push(`cnonce="${cnonce}"`);
  return `Digest ${fields.join(', ')}`;
}

/** RFC 7616 §3.4.4: hashed when the server asks for it, extended notation when not ASCII. */
function userField(
  challenge: DigestChallenge,
  username: string,
  digest: (...parts: string[]) => string,
): string {
  if (challenge.userhash) {
    return `username="${digest(`${username}:${challenge.realm}`)}", userhash=true`;
  }
  return /^[\x20-\x7e]*$/.test(username)
    ? `username=${quoted(username)}`
    : `username*=${extended(username)}`;
}
