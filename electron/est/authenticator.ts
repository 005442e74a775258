import { StationError } from '../../shared/errors/station-error.ts';
import { basicAuthorization } from './basic-authentication.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import {
  chooseDigest,
  type DigestChallenge,
  digestAuthorization,
  freshClientNonce,
} from './digest-authentication.ts';
import type { HttpAuthentication } from './exchange.ts';
import type { HttpRequest, HttpResponse } from './http.ts';

function challengesOf(response: HttpResponse): Challenge[] {
  return parseChallenges([response.headers['www-authenticate'] ?? ''].flat());
}

function schemesOf(challenges: readonly Challenge[]): string {
  return [...new Set(challenges.map(({ scheme }) => scheme))].join(', ');
}

/**
 * Answers the HTTP challenges of one server in one exchange. Nothing is sent before the server has
 * shown a challenge of the profile's own scheme: digest never falls back to basic, and credentials
 * that were refused are not sent again.
 */
export class Authenticator {
  readonly #credentials: HttpAuthentication;
  #basic = false;
  #digest: DigestChallenge | null = null;
  #digestCount = 0;
  /** One for a whole session, which is bound to the first (RFC 7616 §3.4.2). */
  #cnonce = freshClientNonce();

  constructor(credentials: HttpAuthentication) {
    this.#credentials = credentials;
  }

  /** True once the server has shown a challenge that can be answered. */
  get settled(): boolean {
    return this.#basic || this.#digest !== null;
  }

  get scheme(): HttpAuthentication['scheme'] {
    return this.#credentials.scheme;
  }

  /** The Authorization value for a request, or null while no challenge is known. */
  authorize({ method, path, body }: HttpRequest): string | null {
    const credentials = this.#credentials;
    if (credentials.scheme === 'none') return null;
    const { username, password } = credentials;
    if (this.#basic) return basicAuthorization(username, password);
    if (this.#digest === null) return null;
    this.#digestCount += 1;
    return digestAuthorization(this.#digest, {
      username,
      password,
      method,
      uri: path,
      body: body ?? Buffer.alloc(0),
      count: this.#digestCount,
      cnonce: this.#digest.session ? this.#cnonce : freshClientNonce(),
    });
  }

  /**
   * Learns from a 401, so that the request can be sent once more.
   * @param authorized the refused request carried credentials.
   * @throws StationError SERVER-03 when they were refused, SERVER-04 without a challenge,
   *   SERVER-09 when it is malformed, SERVER-15 when the scheme is not offered, SERVER-16 when
   *   the profile has no credentials.
   */
  learn(operation: string, response: HttpResponse, authorized: boolean): void {
    const challenges = challengesOf(response);
    const { scheme } = this.#credentials;
    if (authorized) {
      const next = chooseDigest(challenges);
      const stale = next !== null && typeof next !== 'string' && next.stale;
      if (scheme !== 'digest' || !stale) throw new StationError('SERVER-03');
      this.#adoptDigest(next);
      return;
    }
    if (challenges.length === 0) throw new StationError('SERVER-04');
    if (scheme === 'none') throw new StationError('SERVER-16');
    if (scheme === 'basic') this.#learnBasic(challenges);
    else this.#learnDigest(operation, challenges);
  }

  /** RFC 7616 §3.5: the server may name the nonce for the next request. */
  note(response: HttpResponse): void {
    const info = response.headers['authentication-info'];
    if (this.#digest === null || typeof info !== 'string') return;
    const [fields] = parseChallenges([`Info ${info}`]);
    const nonce = fields?.parameters.get('nextnonce');
    if (nonce) this.#adoptDigest({ ...this.#digest, nonce });
  }

  #learnBasic(challenges: readonly Challenge[]): void {
    this.#basic = challenges.some(({ scheme }) => scheme === 'basic');
    if (!this.#basic) throw this.#notOffered(schemesOf(challenges));
  }

  #learnDigest(operation: string, challenges: readonly Challenge[]): void {
    const chosen = chooseDigest(challenges);
    if (chosen === null) throw this.#notOffered(schemesOf(challenges));
    if (typeof chosen === 'string') {
      throw new StationError('SERVER-09', { operation, detail: chosen });
    }
    this.#adoptDigest(chosen);
  }

  #adoptDigest(challenge: DigestChallenge): void {
    if (challenge.nonce !== this.#digest?.nonce) {
      this.#digestCount = 0;
      this.#cnonce = freshClientNonce();
    }
    this.#digest = challenge;
  }

  #notOffered(offered: string): StationError {
    return new StationError('SERVER-15', { scheme: this.#credentials.scheme, offered });
  }
}
