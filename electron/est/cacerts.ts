import { readCertificates } from './certificates-answer.ts';
import type { Conversation } from './conversation.ts';
import type { CaCertificates } from './exchange.ts';

/**
 * GET /cacerts (RFC 7030 §4.1). Which of the certificates deserve trust is not decided here.
 * @throws StationError NET-…, TLS-…, TRUST-…, SERVER-….
 */
export async function cacerts(conversation: Conversation): Promise<CaCertificates> {
  const operation = 'cacerts';
  const response = await conversation.get(operation, 'application/pkcs7-mime');
  if (response.status !== 200) throw conversation.failure(operation, response);
  return readCertificates(operation, response, conversation.options.limits.certificates, false);
}
