import { isIPv6 } from 'node:net';
import { StationError } from '../../shared/errors/station-error.ts';
import type { Connection, ConnectionFacts } from '../tls/connector.ts';
import { Authenticator } from './authenticator.ts';
import type { ExchangeOptions } from './exchange.ts';
import { type HttpRequest, type HttpResponse, sendRequest } from './http.ts';
import { KeptConnection } from './kept-connection.ts';
import { OperationTime } from './operation-time.ts';
import { type Redirect, readRedirect } from './redirect.ts';
import { parseHttpDate } from './retry-after.ts';
import { statusFailure } from './status.ts';

const mostRedirects = 3;
const connectingTimedOut: ReadonlySet<string> = new Set(['NET-03', 'TLS-04']);

/** A request as an operation makes it; the rest is added here. */
export interface OperationRequest {
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

/**
 * HTTP with one EST server over one TLS connection at a time: answers challenges, follows redirects.
 */
export class Conversation {
  readonly authenticator: Authenticator;
  readonly #options: ExchangeOptions;
  readonly #endpoint: string;
  readonly #kept: KeptConnection;
  readonly #time: OperationTime;
  #labelKnown = false;
  #serverDate: Date | null = null;
  /** Where requests were redirected to within the origin, by operation. */
  readonly #moved = new Map<string, string>();
  #moves = 0;

  private constructor(options: ExchangeOptions, kept: KeptConnection, time: OperationTime) {
    this.#options = options;
    this.#kept = kept;
    this.#time = time;
    this.authenticator = new Authenticator(options.authentication);
    const { host, port } = options;
    this.#endpoint = isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
  }

  /** Connects. @throws StationError as Connector.connect does. */
  static async open(options: ExchangeOptions): Promise<Conversation> {
    const kept = await KeptConnection.open(options, Number.POSITIVE_INFINITY);
    return new Conversation(options, kept, new OperationTime(options.limits.exchangeMs));
  }

  get facts(): ConnectionFacts {
    return this.#kept.facts;
  }

  /** Date of the latest answer (RFC 9110 §6.6.1); null when it had none, or nobody vouches for the server. */
  get serverDate(): Date | null {
    return this.#serverDate;
  }

  get options(): ExchangeOptions {
    return this.#options;
  }

  /** RFC 7030 §4.1.1: over a connection to nobody known, /cacerts alone may travel. */
  demandVerified(): void {
    if (this.#options.trust.kind === 'provisional') {
      throw new StationError('TRUST-01', { server: this.#endpoint });
    }
  }

  /** An operation begins: `limits.exchangeMs` is for all the requests it takes. */
  begin(): void {
    this.#time.begin();
  }

  /** Does something for the operation that takes its own time. */
  async suspended<Result>(work: () => Promise<Result>): Promise<Result> {
    return await this.#time.suspended(work);
  }

  /**
   * The present connection, or a new one when it is gone.
   * @throws StationError NET-06 when the operation has no time left; as Connector.connect.
   */
  async ready(): Promise<Connection> {
    return await this.#inTime((timeLeft) => this.#kept.ready(timeLeft));
  }

  /** Connects: whatever runs out first, it is the operation's time when that is over too. */
  async #inTime<Result>(connecting: (timeLeft: number) => Promise<Result>): Promise<Result> {
    try {
      return await connecting(this.#timeLeft());
    } catch (error) {
      if (error instanceof StationError && connectingTimedOut.has(error.code)) this.#timeLeft();
      throw error;
    }
  }

  #timeLeft(): number {
    const { left } = this.#time;
    if (left > 0) return left;
    const seconds = this.#options.limits.exchangeMs / 1000;
    throw new StationError('NET-06', { endpoint: this.#endpoint, seconds });
  }

  /** Whether this connection can still carry a request. */
  carries(connection: Connection): boolean {
    return this.#kept.carries(connection);
  }

  /** The path of an operation (RFC 7030 §3.2.2), or where it was redirected to. */
  pathOf(operation: string): string {
    const moved = this.#moved.get(operation);
    if (moved !== undefined) return moved;
    const { label } = this.#options;
    return `/.well-known/est${label === null ? '' : `/${label}`}/${operation}`;
  }

  /**
   * Sends one request over the connection given, with credentials once a challenge is known.
   * @returns the answer, and whether credentials went with the request.
   */
  async send(
    connection: Connection,
    { operation, method, headers, body }: OperationRequest,
    path: string = this.pathOf(operation),
  ): Promise<{ response: HttpResponse; authorized: boolean }> {
    const { limits, signal } = this.#options;
    const message: HttpRequest = { method, path, headers, body };
    const authorization = this.authenticator.authorize(message);
    const authorized = authorization !== null;
    const timeLeft = this.#timeLeft();
    const context = { operation, endpoint: this.#endpoint, limits, timeLeft, signal };
    this.#kept.expectAnswer();
    const response = await sendRequest(
      connection.stream,
      authorized ? { ...message, headers: { ...headers, Authorization: authorization } } : message,
      context,
    );
    this.#kept.answered(connection, response.reusable);
    this.authenticator.note(response);
    if (response.status < 300) this.#labelKnown = true;
    if (this.#options.trust.kind === 'anchors') {
      this.#serverDate = parseHttpDate(response.headers.date ?? '', new Date());
    }
    return { response, authorized };
  }

  /**
   * GETs an operation: redirects within the origin are followed, to another one where allowed, a challenge is answered once
   * (never over a provisional connection), and a connection that the server closed while it was
   * idle is replaced once.
   */
  async get(operation: string, accept: string): Promise<HttpResponse> {
    const request: OperationRequest = {
      operation,
      method: 'GET',
      headers: { Accept: accept },
      body: null,
    };
    this.begin();
    let path = this.pathOf(operation);
    let redirects = 0;
    let challenged = false;
    for (;;) {
      const { response, authorized } = await this.probe(request, path);
      const redirect = this.#redirect(response, path);
      if (redirect?.sameOrigin && redirects < mostRedirects) {
        redirects += 1;
        path = redirect.path;
      } else if (response.status === 401) {
        if (this.#options.trust.kind === 'provisional') throw new StationError('SERVER-17');
        if (challenged) throw new StationError('SERVER-03');
        challenged = true;
        this.authenticator.learn(operation, response, authorized);
      } else {
        return (await this.#askElsewhere(request, redirect)) ?? response;
      }
    }
  }

  /** The error an answer stands for. */
  failure(operation: string, response: HttpResponse): StationError {
    const { label } = this.#options;
    const labelKnown = this.#labelKnown;
    return statusFailure(response, { operation, label, labelKnown, now: new Date() });
  }

  /** The connection was lost too often. */
  lost(): StationError {
    return new StationError('NET-04', { endpoint: this.#endpoint });
  }

  close(): void {
    this.#kept.close();
  }

  /** Sends a request that does no harm when it arrives twice. */
  async probe(request: OperationRequest, path: string = this.pathOf(request.operation)) {
    const connection = await this.ready();
    const wasIdle = this.#kept.idle;
    try {
      return await this.send(connection, request, path);
    } catch (error) {
      const lost = error instanceof StationError && error.code === 'NET-04';
      if (!lost || !wasIdle) throw error;
      return await this.send(await this.ready(), request, path);
    }
  }

  /**
   * Notes where a request (POST) is to be sent instead, within the origin.
   * @returns false when the answer is no such redirect, or one too many.
   */
  moved(operation: string, response: HttpResponse): boolean {
    const redirect = this.#redirect(response, this.pathOf(operation));
    if (!redirect?.sameOrigin || !redirect.keepsMethod) return false;
    if (this.#moves === mostRedirects) return false;
    this.#moves += 1;
    this.#moved.set(operation, redirect.path);
    return true;
  }

  /**
   * Another conversation, with the other origin a request (POST) was redirected to: a new connection with every
   * check, the same client certificate, no other credentials, and no further origin.
   * @returns null where nobody allowed it (RFC 7030 §3.2.1 asks for a person's word), or for another answer.
   */
  async elsewhere(operation: string, response: HttpResponse): Promise<Conversation | null> {
    if (!this.mayLeave(operation, response)) return null;
    const redirect = this.#redirect(response, this.pathOf(operation));
    if (redirect === null) return null;
    const other = await this.#at(redirect, this.#options.credential);
    other.#moved.set(operation, redirect.path);
    return other;
  }

  /** Whether a person's word lets the request follow this redirect to another origin. */
  mayLeave(operation: string, response: HttpResponse): boolean {
    const redirect = this.#redirect(response, this.pathOf(operation));
    const leads = redirect !== null && !redirect.sameOrigin && redirect.keepsMethod;
    return leads && this.#options.otherOrigins === 'requests';
  }

  /** The answer of the other origin a question (GET) was redirected to; null where it may not go there. */
  async #askElsewhere(
    request: OperationRequest,
    redirect: Redirect | null,
  ): Promise<HttpResponse | null> {
    const { trust, otherOrigins = 'never' } = this.#options;
    if (redirect === null || redirect.sameOrigin) return null;
    if (trust.kind === 'provisional' || otherOrigins === 'never') return null;
    const other = await this.#at(redirect, null);
    try {
      return (await other.probe(request, redirect.path)).response;
    } finally {
      other.close();
    }
  }

  async #at(
    { host, port }: Redirect,
    credential: ExchangeOptions['credential'],
  ): Promise<Conversation> {
    const options: ExchangeOptions = {
      ...this.#options,
      host,
      port,
      credential,
      authentication: { scheme: 'none' },
      otherOrigins: 'never',
    };
    const kept = await this.#inTime((timeLeft) => KeptConnection.open(options, timeLeft));
    return new Conversation(options, kept, this.#time);
  }

  #redirect(response: HttpResponse, path: string): Redirect | null {
    return readRedirect(response, `https://${this.#endpoint}`, path);
  }
}
