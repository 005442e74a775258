import { type Notice, type NoticeCode, notice } from '../../shared/notices.ts';
import { type CsrAttributesContent, readCsrAttributes } from '../pki/csr-attributes.ts';
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
  warnings: [],
};

/** More than any CA has need of. */
const lengthy = 64;
const mostNamed = 8;

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
  const media = expectMediaType(operation, response.headers['content-type'], attributeTypes);
  const { der, warnings } = decodeBody(operation, response.body, transferEncodingOf(response));
  const content = understand(operation, () => readCsrAttributes(der));
  const { repeated, overridden, ...wishes } = content;
  return { ...wishes, der, warnings: [...media.warnings, ...warnings, ...oddities(content)] };
}

/** What a person should know of a list that was understood none the less. */
function oddities({ repeated, overridden, unknown, oids }: CsrAttributesContent): Notice[] {
  const strange = unknown.filter((oid) => !overridden.includes(oid));
  return [
    ...named('ATTRIBUTES-UNKNOWN', strange),
    ...named('ATTRIBUTES-REPEATED', repeated),
    ...named('ATTRIBUTES-OVERRIDDEN', overridden),
    ...(oids.length > lengthy ? [notice('ATTRIBUTES-MANY', { count: oids.length })] : []),
  ];
}

function named(code: NoticeCode, oids: readonly string[]): Notice[] {
  if (oids.length === 0) return [];
  const rest = oids.length > mostNamed ? [`… (${oids.length})`] : [];
  return [notice(code, { oids: [...oids.slice(0, mostNamed), ...rest].join(', ') })];
}
