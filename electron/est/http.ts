import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { StationError } from '../../shared/errors/station-error.ts';
import type { Limits } from '../../shared/profile.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query of the request line. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether another request may follow on the same connection. */
  readonly reusable: boolean;
}

export interface HttpContext {
  /** Names the operation in errors. */
  readonly operation: string;
  /** `host:port`, in errors and as the Host header, IPv6 in brackets. */
  readonly endpoint: string;
  readonly limits: Pick<Limits, 'headerBytes' | 'bodyBytes' | 'exchangeMs'>;
  /** Milliseconds left of `limits.exchangeMs`. */
  readonly timeLeft: number;
  readonly signal?: AbortSignal | undefined;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** What a failure of node:http means; errors of the catalogue pass unchanged. */
function explain(error: unknown, stream: Duplex, context: HttpContext): StationError {
  const { operation, endpoint, limits } = context;
  if (error instanceof StationError) return error;
  // The connection's own reason (an alert, say) is the better one.
  if (stream.errored instanceof StationError) return stream.errored;
  const code = codeOf(error);
  const options = { cause: error };
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new StationError('SERVER-10', { operation, limit: limits.headerBytes }, options);
  }
  if (code === 'HPE_INVALID_EOF_STATE')
    return new StationError('SERVER-12', { operation }, options);
  if (code.startsWith('HPE_')) {
    const detail = `it is not HTTP (${code.slice('HPE_'.length).toLowerCase().replaceAll('_', ' ')})`;
    return new StationError('SERVER-09', { operation, detail }, options);
  }
  return new StationError('NET-04', { endpoint }, options);
}

/** A body as it comes. Pieces are copied together at once: kept apart, pieces of one octet take hundreds each. */
class GrowingBody {
  readonly #most: number;
  #buffer = Buffer.alloc(0);
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns false when there is more than may be; that much is not kept. */
  add(piece: Buffer): boolean {
    const length = this.#length + piece.length;
    if (length > this.#most) return false;
    if (length > this.#buffer.length) {
      const larger = Buffer.alloc(Math.min(this.#most, Math.max(length, 2 * this.#length, 4096)));
      this.#buffer.copy(larger, 0, 0, this.#length);
      // A key may have stood there in clear.
      this.#buffer.fill(0);
      this.#buffer = larger;
    }
    piece.copy(this.#buffer, this.#length);
    this.#length = length;
    return true;
  }

  octets(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}

/** Collects the body within the limit; resolves only when the message is complete. */
function collect(response: IncomingMessage, context: HttpContext): Promise<Buffer> {
  const { operation, limits } = context;
  const tooLarge = () => new StationError('SERVER-10', { operation, limit: limits.bodyBytes });
  return new Promise((resolve, reject) => {
    if (Number(response.headers['content-length'] ?? 0) > limits.bodyBytes) {
      reject(tooLarge());
      return;
    }
    const body = new GrowingBody(limits.bodyBytes);
    response.on('data', (chunk: Buffer) => {
      if (!body.add(chunk)) reject(tooLarge());
    });
    response.on('end', () => {
      if (response.complete) resolve(body.octets());
      else reject(new StationError('SERVER-12', { operation }));
    });
    response.on('error', (error) => {
      const cutOff = codeOf(error) === 'ECONNRESET';
      reject(cutOff ? new StationError('SERVER-12', { operation }, { cause: error }) : error);
    });
  });
}

function headOf({ statusCode = 0, headers }: IncomingMessage) {
  return { status: statusCode, headers };
}

/** RFC 9110 §15.3.5, §15.4.5: the head is the whole answer; what follows it all the same belongs to none. */
function isBodiless({ statusCode }: IncomingMessage): boolean {
  return statusCode === 204 || statusCode === 304;
}

function isReusable(response: IncomingMessage): boolean {
  const { connection, 'content-length': length } = response.headers;
  const delimited = length !== undefined || response.headers['transfer-encoding'] !== undefined;
  // A body announced for a status that has none may still follow and be taken for the next answer.
  const clean = isBodiless(response) ? Number(length ?? 0) === 0 : delimited;
  return clean && response.httpVersion === '1.1' && !/\bclose\b/i.test(connection ?? '');
}

/**
 * Sends one HTTP/1.1 request over a connection and reads the whole answer, bounded in header size,
 * body size and time. The body travels with Content-Length, never chunked (RFC 7030 servers exist
 * that refuse chunks).
 * @throws StationError NET-04, NET-06, SERVER-09, SERVER-10, SERVER-12, CANCEL-01, or what the
 *   connection itself reported (TLS-03). Afterwards the connection must not be used again.
 */
export function sendRequest(
  stream: Duplex,
  message: HttpRequest,
  context: HttpContext,
): Promise<HttpResponse> {
  const { endpoint, limits, timeLeft, signal, operation } = context;
  return new Promise((resolve, reject) => {
    let outgoing: ClientRequest | null = null;
    let answer: HttpResponse | null = null;
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancelled);
    };
    const drop = () => {
      settle();
      outgoing?.on('error', () => undefined);
      outgoing?.destroy();
      stream.destroy();
    };
    const fail = (error: unknown) => {
      const reason = explain(error, stream, context);
      drop();
      // An answer that has arrived whole is never lost.
      if (answer === null) reject(reason);
      else resolve({ ...answer, reusable: false });
    };
    const seconds = limits.exchangeMs / 1000;
    const timer = setTimeout(
      () => fail(new StationError('NET-06', { endpoint, seconds })),
      timeLeft,
    );
    const cancelled = () => fail(new StationError('CANCEL-01', { step: operation }));
    signal?.addEventListener('abort', cancelled, { once: true });
    if (signal?.aborted) {
      cancelled();
      return;
    }
    if (stream.destroyed) {
      fail(new StationError('NET-04', { endpoint }));
      return;
    }
    const sending = request({
      createConnection: () => stream,
      method: message.method,
      path: message.path,
      setHost: false,
      maxHeaderSize: limits.headerBytes,
      insecureHTTPParser: false,
      headers: {
        Host: endpoint,
        Connection: 'keep-alive',
        ...message.headers,
        ...(message.body && { 'Content-Length': String(message.body.length) }),
      },
    });
    outgoing = sending;
    sending.on('error', fail);
    sending.on('response', (response) => {
      if (isBodiless(response))
        answer = { ...headOf(response), body: Buffer.alloc(0), reusable: false };
      collect(response, context).then((body) => {
        const whole = { ...headOf(response), body, reusable: isReusable(response) };
        answer = whole;
        const conclude = () => {
          settle();
          resolve(whole);
        };
        // An answer may overtake the end of its request; until then the stream is not free.
        if (whole.reusable && !sending.writableFinished) {
          sending.once('finish', conclude);
          sending.once('close', conclude);
          return;
        }
        if (!whole.reusable) drop();
        conclude();
      }, fail);
    });
    sending.end(message.body ?? undefined);
  });
}
