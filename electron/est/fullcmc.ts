import type { ChannelBindingKind } from '../../shared/profile.ts';
import { isFullResponse } from '../pki/cmc/full-response.ts';
import { readCertificates, transferEncodingOf } from './certificates-answer.ts';
import type { Conversation } from './conversation.ts';
import { createdNotice, pendingAnswer, submitRequest } from './enroll.ts';
import type { FullCmcAnswer, MakeRequest } from './exchange.ts';
import type { HttpResponse } from './http.ts';
import { certificateTypes, parseMediaType } from './media-type.ts';
import { decodeBody } from './transfer-encoding.ts';

const operation = 'fullcmc';

/**
 * Sends a Full PKI Request (RFC 7030 §4.3). A response that is CMC comes back unread, also with an error status
 * (§4.3.2): who may believe it is decided where the request is known.
 * @throws StationError as enroll does.
 */
export async function fullcmc(
  conversation: Conversation,
  binding: ChannelBindingKind | null,
  makeRequest: MakeRequest,
): Promise<FullCmcAnswer> {
  const { certificates: limit } = conversation.options.limits;
  const response = await submitRequest(conversation, operation, binding, makeRequest, (refusal) =>
    isCmcRefusal(refusal, limit),
  );
  const pending = pendingAnswer(response);
  if (pending !== null) return pending;
  const message = fullResponse(response, limit);
  const created = createdNotice(operation, response);
  if (message !== null) {
    return { kind: 'response', der: message.der, warnings: [...created, ...message.warnings] };
  }
  const { certificates, warnings } = readCertificates(operation, response, limit, false);
  return { kind: 'issued', certificates, warnings: [...created, ...warnings] };
}

/** The body as a PKIResponse with the oddities tolerated around it; null for anything else. */
function fullResponse(response: HttpResponse, limit: number) {
  const media = parseMediaType(response.headers['content-type'] ?? '');
  const isCms = media === null || (certificateTypes as readonly string[]).includes(media.type);
  if (!isCms || response.body.length === 0) return null;
  const { der, warnings } = decodeBody(operation, response.body, transferEncodingOf(response));
  return isFullResponse(der, limit) ? { der, warnings } : null;
}

/** RFC 7030 §4.3.2: a rejection carries a CMC response; one that cannot be read is an ordinary HTTP error. */
function isCmcRefusal(response: HttpResponse, limit: number): boolean {
  // A challenge is answered before anything else is read into it.
  if (response.status < 400 || response.status === 401) return false;
  try {
    return fullResponse(response, limit) !== null;
  } catch {
    return false;
  }
}
