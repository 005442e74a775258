import { StationError } from '../../shared/errors/station-error.ts';
import { readCertsOnly } from '../pki/certs-only.ts';
import { readCrl } from '../pki/crl.ts';
import { transferEncodingOf, understand } from './certificates-answer.ts';
import type { Conversation } from './conversation.ts';
import type { RevocationLists } from './exchange.ts';
import { certificateTypes, expectMediaType } from './media-type.ts';
import { decodeBody } from './transfer-encoding.ts';

/** RFC 7030 §3.2.2: an operation of another document may be left out. */
const notOffered: ReadonlySet<number> = new Set([404, 501]);

/**
 * GET /crls (RFC 8295): a CMS message without signers that holds CRLs alone. 204 says that there are none.
 * Each CRL is read before it is returned; whether its issuer signed it is not decided here.
 * @throws StationError SERVER-02 when the server does not offer it, else NET-…, TLS-…, TRUST-…, SERVER-….
 */
export async function crls(conversation: Conversation): Promise<RevocationLists> {
  conversation.demandVerified();
  const operation = 'crls';
  const response = await conversation.get(operation, 'application/pkcs7-mime');
  const { status, headers, body } = response;
  if (status === 204) return { crls: [], warnings: [] };
  if (notOffered.has(status)) throw new StationError('SERVER-02', { operation });
  if (status !== 200) throw conversation.failure(operation, response);
  if (body.length === 0) {
    throw new StationError('SERVER-09', { operation, detail: 'it is empty' });
  }
  const media = expectMediaType(operation, headers['content-type'], certificateTypes);
  const decoded = decodeBody(operation, body, transferEncodingOf(response));
  const { certificates: limit } = conversation.options.limits;
  const lists = understand(operation, () => readCertsOnly(decoded.der, limit).crls);
  if (lists.length === 0) {
    throw new StationError('SERVER-09', { operation, detail: 'it holds no CRL' });
  }
  understand(operation, () => lists.map(readCrl));
  return { crls: lists, warnings: [...media.warnings, ...decoded.warnings] };
}
