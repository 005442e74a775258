import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Account } from './authentication.ts';
import { challenge, type DigestAlgorithm, readAlgorithm, realmOf } from './digest-challenge.ts';
import type { PracticeOptions } from './practice.ts';

/** Nonces kept; the oldest is forgotten first and stale from then on. */
const mostNonces = 1024;
const lifetimeMs = 5 * 60 * 1000;
const parameter = /([a-z*]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?:,|$)/gi;

interface Nonce {
  readonly until: number;
  /** The highest count seen (RFC 7616 §3.4, nc). */
  count: number;
  /** The client's nonce a session began with (RFC 7616 §3.4.2). */
  cnonce: string | null;
}

/** A request as Digest protects it. */
export interface ProtectedRequest {
  readonly method: string;
  /** The request target. */
  readonly uri: string;
  /** Read only where qop is auth-int, which protects it too. */
  readonly body: Buffer | null;
}

/** The server's side of HTTP Digest (RFC 7616). */
export class DigestGuard {
  readonly #account: Account;
  readonly #options: PracticeOptions;
  readonly #realm: string;
  readonly #nonces = new Map<string, Nonce>();
  readonly #opaque = randomBytes(12).toString('hex');

  constructor(account: Account, options: PracticeOptions) {
    this.#account = account;
    this.#options = options;
    this.#realm = realmOf(options.faults);
  }

  /** Challenges with a fresh nonce, in the order of the options; `stale` when the credentials were right but the nonce old. */
  challenges(stale: boolean, now: number = Date.now()): string[] {
    const { digestQop, faults } = this.#options;
    const terms = {
      realm: this.#realm,
      nonce: this.freshNonce(now),
      opaque: this.#opaque,
      qop: digestQop,
      stale,
    };
    return this.#algorithms.map((algorithm) => challenge(algorithm, terms, faults));
  }

  /** A nonce that will be taken, for a challenge or for Authentication-Info (RFC 7616 §3.5). */
  freshNonce(now: number = Date.now()): string {
    const nonce = randomBytes(18).toString('base64');
    const [oldest] = this.#nonces.keys();
    if (oldest !== undefined && this.#nonces.size >= mostNonces) this.#nonces.delete(oldest);
    this.#nonces.set(nonce, { until: now + lifetimeMs, count: 0, cnonce: null });
    return nonce;
  }

  /** Judges an Authorization value. A right answer to an old nonce is `stale`. */
  judge(
    authorization: string,
    request: ProtectedRequest,
    now: number = Date.now(),
  ): 'good' | 'stale' | 'wrong' {
    const fields = readFields(authorization);
    const field = (name: string) => fields.get(name) ?? '';
    const named = fields.get('algorithm') ?? null;
    const algorithm = this.#algorithms.find((known) => known === named);
    const expected =
      algorithm !== undefined &&
      field('username') === this.#account.username &&
      field('realm') === this.#realm &&
      field('uri') === request.uri &&
      field('qop') === this.#options.digestQop &&
      /^[0-9a-f]{8}$/i.test(field('nc')) &&
      field('cnonce') !== '' &&
      (this.#bare || field('opaque') === this.#opaque)
        ? this.#response(algorithm, request, fields)
        : null;
    if (expected === null || !same(expected, field('response'))) return 'wrong';
    return this.#take(fields, now) ? 'good' : 'stale';
  }

  get #bare(): boolean {
    return this.#options.faults.includes('digest-md5-bare');
  }

  get #algorithms(): readonly (DigestAlgorithm | null)[] {
    return this.#bare ? [null] : this.#options.digest;
  }

  /** RFC 7616 §3.4.1, lower-case hex. */
  #response(
    algorithm: DigestAlgorithm | null,
    { method, uri, body }: ProtectedRequest,
    fields: ReadonlyMap<string, string>,
  ): string {
    const { hash, session } = readAlgorithm(algorithm);
    const digest = (text: string | Buffer) => createHash(hash).update(text).digest('hex');
    const { username, password } = this.#account;
    const [nonce = '', cnonce = ''] = [fields.get('nonce'), fields.get('cnonce')];
    const secret = digest(`${username}:${this.#realm}:${password}`);
    const first = this.#nonces.get(nonce)?.cnonce ?? cnonce;
    const key = session ? digest(`${secret}:${nonce}:${first}`) : secret;
    const content = body === null ? '' : `:${digest(body)}`;
    const middle = [nonce, fields.get('nc'), cnonce, fields.get('qop')].join(':');
    return digest(`${key}:${middle}:${digest(`${method}:${uri}${content}`)}`);
  }

  /** Each count of a nonce is good once, which keeps a copied request from being repeated. */
  #take(fields: ReadonlyMap<string, string>, now: number): boolean {
    const nonce = this.#nonces.get(fields.get('nonce') ?? '');
    const count = Number.parseInt(fields.get('nc') ?? '', 16);
    if (nonce === undefined || now > nonce.until || count <= nonce.count) return false;
    const { faults } = this.#options;
    const once = faults.includes('digest-stale') || faults.includes('digest-nextnonce');
    if (once && nonce.count > 0) return false;
    nonce.count = count;
    nonce.cnonce ??= fields.get('cnonce') ?? null;
    return true;
  }
}

/** Whether an Authorization value says that it protects the body too (RFC 7616 §3.4.3). */
export function protectsBody(authorization: string | undefined): boolean {
  if (authorization === undefined || !/^digest\s/i.test(authorization)) return false;
  return readFields(authorization).get('qop') === 'auth-int';
}

function readFields(authorization: string): ReadonlyMap<string, string> {
  const text = authorization.replace(/^digest\s+/i, '').slice(0, 4096);
  return new Map(
    Array.from(text.matchAll(parameter), ([, name = '', quoted, plain]): [string, string] => [
      name.toLowerCase(),
      quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '',
    ]),
  );
}

function same(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given.toLowerCase())];
  return one.length === other.length && timingSafeEqual(one, other);
}
