import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Account } from './authentication.ts';
import type { PracticeFault } from './practice.ts';

const realm = 'EST practice';
/** Nonces kept; the oldest is forgotten first and stale from then on. */
const mostNonces = 1024;
const lifetimeMs = 5 * 60 * 1000;
const parameter = /([a-z*]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?:,|$)/gi;

/** How RFC 7616 names a hash, and how the challenge does: `null` says nothing and means MD5. */
interface Variant {
  readonly algorithm: 'SHA-256' | 'MD5' | null;
  readonly hash: 'sha256' | 'md5';
}

const variants: readonly Variant[] = [
  { algorithm: 'SHA-256', hash: 'sha256' },
  { algorithm: 'MD5', hash: 'md5' },
];
const bare: Variant = { algorithm: null, hash: 'md5' };

interface Nonce {
  readonly until: number;
  /** The highest count seen (RFC 7616 §3.4, nc). */
  count: number;
}

/** The server's side of HTTP Digest (RFC 7616) with qop auth. */
export class DigestGuard {
  readonly #account: Account;
  readonly #faults: readonly PracticeFault[];
  readonly #nonces = new Map<string, Nonce>();
  readonly #opaque = randomBytes(12).toString('hex');

  constructor(account: Account, faults: readonly PracticeFault[]) {
    this.#account = account;
    this.#faults = faults;
  }

  /** Challenges with a fresh nonce, strongest first; `stale` when the credentials were right but the nonce old. */
  challenges(stale: boolean, now: number = Date.now()): string[] {
    const nonce = randomBytes(18).toString('base64');
    const [oldest] = this.#nonces.keys();
    if (oldest !== undefined && this.#nonces.size >= mostNonces) this.#nonces.delete(oldest);
    this.#nonces.set(nonce, { until: now + lifetimeMs, count: 0 });
    const end = stale ? ', stale=true' : '';
    if (this.#bare) return [`Digest realm="${realm}", nonce="${nonce}", qop="auth"${end}`];
    return variants.map(
      ({ algorithm }) =>
        `Digest realm="${realm}", qop="auth", algorithm=${algorithm}, nonce="${nonce}", opaque="${this.#opaque}"${end}`,
    );
  }

  /** Judges an Authorization value; `uri` is the request target. A right answer to an old nonce is `stale`. */
  judge(
    authorization: string,
    method: string,
    uri: string,
    now: number = Date.now(),
  ): 'good' | 'stale' | 'wrong' {
    const fields = readFields(authorization);
    const field = (name: string) => fields.get(name) ?? '';
    const named = fields.get('algorithm')?.toUpperCase() ?? null;
    const variant = (this.#bare ? [bare] : variants).find(({ algorithm }) => algorithm === named);
    const expected =
      variant !== undefined &&
      field('username') === this.#account.username &&
      field('realm') === realm &&
      field('uri') === uri &&
      field('qop') === 'auth' &&
      /^[0-9a-f]{8}$/i.test(field('nc')) &&
      field('cnonce') !== '' &&
      (this.#bare || field('opaque') === this.#opaque)
        ? responseOf(variant, this.#account, method, fields)
        : null;
    if (expected === null || !same(expected, field('response'))) return 'wrong';
    return this.#take(field('nonce'), Number.parseInt(field('nc'), 16), now) ? 'good' : 'stale';
  }

  get #bare(): boolean {
    return this.#faults.includes('digest-md5-bare');
  }

  /** Each count of a nonce is good once, which keeps a copied request from being repeated. */
  #take(name: string, count: number, now: number): boolean {
    const nonce = this.#nonces.get(name);
    if (nonce === undefined || now > nonce.until || count <= nonce.count) return false;
    if (this.#faults.includes('digest-stale') && nonce.count > 0) return false;
    nonce.count = count;
    return true;
  }
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

/** RFC 7616 §3.4.1, lower-case hex. */
function responseOf(
  { hash }: Variant,
  { username, password }: Account,
  method: string,
  fields: ReadonlyMap<string, string>,
): string {
  const digest = (text: string) => createHash(hash).update(text, 'utf8').digest('hex');
  const secret = digest(`${username}:${realm}:${password}`);
  const request = digest(`${method}:${fields.get('uri')}`);
  const middle = ['nonce', 'nc', 'cnonce', 'qop'].map((name) => fields.get(name)).join(':');
  return digest(`${secret}:${middle}:${request}`);
}

function same(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given.toLowerCase())];
  return one.length === other.length && timingSafeEqual(one, other);
}
