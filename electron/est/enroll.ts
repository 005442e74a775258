import { StationError } from '../../shared/errors/station-error.ts';
import type { ChannelBindingKind } from '../../shared/profile.ts';
import type { Connection } from '../tls/connector.ts';
import { readCertificates } from './certificates-answer.ts';
import type { Conversation } from './conversation.ts';
import type { EnrollAnswer, MakeRequest } from './exchange.ts';
import type { HttpResponse } from './http.ts';
import { parseRetryAfter } from './retry-after.ts';
import { encodeBody } from './transfer-encoding.ts';

export type EnrollOperation = 'simpleenroll' | 'simplereenroll';

const requestHeaders = {
  'Content-Type': 'application/pkcs10',
  'Content-Transfer-Encoding': 'base64',
  Accept: 'application/pkcs7-mime',
};

/**
 * Asks for a challenge with a POST that has no body, before a request is bound to the connection:
 * a token that signs twice may ask its holder twice. A server that answers with anything but 401
 * has no challenge to show yet; statuses that an empty body cannot have caused are told at once.
 * @throws StationError SERVER-… and what {@link Conversation.send} throws.
 */
export async function settleAuthentication(
  conversation: Conversation,
  operation: EnrollOperation,
): Promise<void> {
  conversation.demandVerified();
  const { authenticator } = conversation;
  if (authenticator.scheme === 'none' || authenticator.settled) return;
  const { response, authorized } = await conversation.probe({
    operation,
    method: 'POST',
    headers: requestHeaders,
    body: Buffer.alloc(0),
  });
  const { status } = response;
  if (status === 401) authenticator.learn(operation, response, authorized);
  else if (status === 404 || status === 429 || status === 503 || (status >= 300 && status < 400)) {
    throw conversation.failure(operation, response);
  }
}

/** A request and the connection it belongs to. */
interface Prepared {
  readonly connection: Connection;
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
    const body = encodeBody(await makeRequest(value));
    if (conversation.carries(connection)) return { connection, body };
    if (binding === null) return { connection: await conversation.ready(), body };
    if (signings === 2) throw conversation.lost();
  }
}

/**
 * POSTs a request (RFC 7030 §4.2). It is sent a second time only in answer to a 401 that can be
 * answered, never after silence: the CA may have issued.
 * @throws StationError NET-…, TLS-…, TRUST-…, SERVER-…, POP-06, and what `makeRequest` throws.
 */
export async function enroll(
  conversation: Conversation,
  operation: EnrollOperation,
  binding: ChannelBindingKind | null,
  makeRequest: MakeRequest,
): Promise<EnrollAnswer> {
  conversation.demandVerified();
  const post = (connection: Connection, body: Buffer) =>
    conversation.send(connection, { operation, method: 'POST', headers: requestHeaders, body });

  const first = await prepare(conversation, binding, makeRequest);
  const { response, authorized } = await post(first.connection, first.body);
  if (response.status !== 401) return read(conversation, operation, response);
  conversation.authenticator.learn(operation, response, authorized);

  const bound = binding !== null && !conversation.carries(first.connection);
  const second = bound
    ? await prepare(conversation, binding, makeRequest)
    : { connection: await conversation.ready(), body: first.body };
  const repeated = await post(second.connection, second.body);
  if (repeated.response.status === 401) throw new StationError('SERVER-03');
  return read(conversation, operation, repeated.response);
}

function read(
  conversation: Conversation,
  operation: EnrollOperation,
  response: HttpResponse,
): EnrollAnswer {
  if (response.status === 202) {
    const retryAfterSeconds = parseRetryAfter(response.headers['retry-after'], new Date());
    return { kind: 'pending', retryAfterSeconds };
  }
  if (response.status !== 200) throw conversation.failure(operation, response);
  const { certificates } = conversation.options.limits;
  return { kind: 'issued', ...readCertificates(operation, response, certificates, true) };
}
