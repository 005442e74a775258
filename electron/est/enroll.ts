import { StationError } from '../../shared/errors/station-error.ts';
import { type Notice, notice } from '../../shared/notices.ts';
import type { ChannelBindingKind } from '../../shared/profile.ts';
import type { Connection } from '../tls/connector.ts';
import { readCertificates } from './certificates-answer.ts';
import type { Conversation } from './conversation.ts';
import type { EnrollAnswer, MakeRequest } from './exchange.ts';
import type { HttpResponse } from './http.ts';
import { parseRetryAfter } from './retry-after.ts';
import { encodeBody } from './transfer-encoding.ts';

export type EnrollOperation = 'simpleenroll' | 'simplereenroll';
/** Operations that carry a request. */
type RequestOperation = EnrollOperation | 'serverkeygen' | 'fullcmc';

const requestHeaders = (operation: RequestOperation) => ({
  'Content-Type':
    operation === 'fullcmc'
      ? 'application/pkcs7-mime; smime-type=CMC-request'
      : 'application/pkcs10',
  'Content-Transfer-Encoding': 'base64',
  Accept: operation === 'serverkeygen' ? 'multipart/mixed' : 'application/pkcs7-mime',
});

/**
 * Asks for a challenge with a POST that has no body, before a request is bound to the connection:
 * a token that signs twice may ask its holder twice. A server that answers with anything but 401
 * has no challenge to show yet; statuses that an empty body cannot have caused are told at once.
 * @throws StationError SERVER-… and what {@link Conversation.send} throws.
 */
export async function settleAuthentication(
  conversation: Conversation,
  operation: RequestOperation,
): Promise<void> {
  conversation.demandVerified();
  const { authenticator } = conversation;
  if (authenticator.scheme === 'none' || authenticator.settled) return;
  conversation.begin();
  await settle(conversation, operation);
}

async function settle(conversation: Conversation, operation: RequestOperation): Promise<void> {
  const { authenticator } = conversation;
  const { response, authorized } = await conversation.probe({
    operation,
    method: 'POST',
    headers: requestHeaders(operation),
    body: Buffer.alloc(0),
  });
  const { status } = response;
  if (conversation.moved(operation, response)) {
    await settle(conversation, operation);
    return;
  }
  // The request itself will be sent on, without these credentials.
  if (conversation.mayLeave(operation, response)) return;
  if (status === 401) authenticator.learn(operation, response, authorized);
  else if (status === 404 || status === 429 || status === 503 || (status >= 300 && status < 400)) {
    throw conversation.failure(operation, response);
  }
}

/** A request and the connection it belongs to. */
interface Prepared {
  readonly connection: Connection;
  /** PKCS#10 or CMC, DER. */
  readonly der: Uint8Array;
  readonly body: Buffer;
}

/**
 * Makes the request on the present connection. When the server closes the connection while the
 * token signs, an unbound request simply takes the next connection; a bound one is made anew, once.
 */
async function prepare(
  conversation: Conversation,
  binding: ChannelBindingKind | null,
  makeRequest: MakeRequest,
): Promise<Prepared> {
  for (let signings = 1; ; signings++) {
    const connection = await conversation.ready();
    const value = binding === null ? null : connection.channelBinding(binding);
    const der = await conversation.suspended(() => makeRequest(value));
    const body = encodeBody(der);
    if (conversation.carries(connection)) return { connection, der, body };
    if (binding === null) return { connection: await conversation.ready(), der, body };
    if (signings === 2) throw conversation.lost();
  }
}

/**
 * Enrolls (RFC 7030 §4.2).
 * @throws StationError as {@link submitRequest} does, SERVER-….
 */
export async function enroll(
  conversation: Conversation,
  operation: EnrollOperation,
  binding: ChannelBindingKind | null,
  makeRequest: MakeRequest,
): Promise<EnrollAnswer> {
  const response = await submitRequest(conversation, operation, binding, makeRequest);
  const pending = pendingAnswer(response);
  if (pending !== null) return pending;
  const { certificates: limit } = conversation.options.limits;
  const { certificates, warnings } = readCertificates(operation, response, limit, true);
  return {
    kind: 'issued',
    certificates,
    warnings: [...createdNotice(operation, response), ...warnings],
  };
}

/** RFC 7030 §4.2.3 knows 200 and 202 alone. */
export function createdNotice(operation: RequestOperation, { status }: HttpResponse): Notice[] {
  if (status !== 201) return [];
  return [notice('ANSWER-TOLERATED', { detail: `${operation} with status 201 instead of 200` })];
}

/**
 * POSTs a request (RFC 7030 §4.2, §4.4). It is sent again only in answer to a 401 that can be answered or to a
 * redirect that may be followed, never after silence: the CA may have issued.
 * @throws StationError NET-…, TLS-…, TRUST-…, SERVER-…, POP-06, and what `makeRequest` throws.
 * @param alsoAccepted answers with another status that belong to the operation all the same.
 * @returns the answer of status 200 or 202, of 201 where that is allowed, or one also accepted.
 */
export async function submitRequest(
  conversation: Conversation,
  operation: RequestOperation,
  binding: ChannelBindingKind | null,
  makeRequest: MakeRequest,
  alsoAccepted: (response: HttpResponse) => boolean = () => false,
): Promise<HttpResponse> {
  conversation.demandVerified();
  conversation.begin();
  return await submit(conversation, operation, binding, makeRequest, alsoAccepted);
}

async function submit(
  conversation: Conversation,
  operation: RequestOperation,
  binding: ChannelBindingKind | null,
  makeRequest: MakeRequest,
  alsoAccepted: (response: HttpResponse) => boolean,
): Promise<HttpResponse> {
  const headers = requestHeaders(operation);
  const post = (connection: Connection, body: Buffer) =>
    conversation.send(connection, { operation, method: 'POST', headers, body });

  let prepared = await prepare(conversation, binding, makeRequest);
  for (let challenged = false; ; ) {
    const { response, authorized } = await post(prepared.connection, prepared.body);
    if (alsoAccepted(response)) return response;
    if (response.status === 401) {
      if (challenged) throw new StationError('SERVER-03');
      challenged = true;
      conversation.authenticator.learn(operation, response, authorized);
    } else if (!conversation.moved(operation, response)) {
      const other = await conversation.elsewhere(operation, response);
      if (other === null) return accepted(conversation, operation, response);
      const { der } = prepared;
      const same = binding === null ? async () => der : makeRequest;
      try {
        return await submit(other, operation, binding, same, alsoAccepted);
      } finally {
        other.close();
      }
    }
    const bound = binding !== null && !conversation.carries(prepared.connection);
    prepared = bound
      ? await prepare(conversation, binding, makeRequest)
      : { ...prepared, connection: await conversation.ready() };
  }
}

function accepted(
  conversation: Conversation,
  operation: RequestOperation,
  response: HttpResponse,
): HttpResponse {
  const { acceptCreated = false } = conversation.options;
  const { status } = response;
  if (status === 200 || status === 202 || (status === 201 && acceptCreated)) return response;
  throw conversation.failure(operation, response);
}

/** RFC 7030 §4.2.3: 202 asks to come back; null for another status. */
export function pendingAnswer(
  response: HttpResponse,
): Extract<EnrollAnswer, { kind: 'pending' }> | null {
  if (response.status !== 202) return null;
  const retryAfterSeconds = parseRetryAfter(response.headers['retry-after'], new Date());
  return { kind: 'pending', retryAfterSeconds };
}
