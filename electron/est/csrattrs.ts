import { readCsrAttributes } from '../pki/csr-attributes.ts';
import { transferEncodingOf, understand } from './certificates-answer.ts';
import type { Conversation } from './conversation.ts';
import type { CsrAttributes } from './exchange.ts';
import { attributeTypes, expectMediaType } from './media-type.ts';
import { decodeBody } from './transfer-encoding.ts';

/** RFC 7030 §4.5.2: 204 and 404 say that there are none; 501 that the operation is not offered. */
const withoutAttributes: ReadonlySet<number> = new Set([204, 404, 501]);
const none: CsrAttributes = {
  der: null,
  asksForPop: false,
  oids: [],
  key: null,
  signatureAlgorithm: null,
  signatureName: null,
  template: false,
  subject: null,
  subjectAltNames: null,
  subjectAltNameValue: null,
  extensions: [],
  unknown: [],
};

/**
 * GET /csrattrs (RFC 7030 §4.5).
 * @throws StationError NET-…, TLS-…, TRUST-…, SERVER-….
 */
export async function csrattrs(conversation: Conversation): Promise<CsrAttributes> {
  conversation.demandVerified();
  const operation = 'csrattrs';
  const response = await conversation.get(operation, 'application/csrattrs');
  if (withoutAttributes.has(response.status)) return none;
  if (response.status !== 200) throw conversation.failure(operation, response);
  if (response.body.length === 0) return none;
  expectMediaType(operation, response.headers['content-type'], attributeTypes);
  const { der } = decodeBody(operation, response.body, transferEncodingOf(response));
  return { ...understand(operation, () => readCsrAttributes(der)), der };
}
