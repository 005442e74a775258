import { StationError } from '../../shared/errors/station-error.ts';
import { type Notice, notice } from '../../shared/notices.ts';
import type { ChannelBindingKind } from '../../shared/profile.ts';
import { readCertificates } from './certificates-answer.ts';
import type { Conversation } from './conversation.ts';
import { createdNotice, pendingAnswer, submitRequest } from './enroll.ts';
import type { DeliveredKeyData, MakeRequest, ServerKeygenAnswer } from './exchange.ts';
import { certificateTypes, parseMediaType } from './media-type.ts';
import { type BodyPart, parseMultipart } from './multipart.ts';
import { decodeBody } from './transfer-encoding.ts';

const operation = 'serverkeygen';
const serverGeneratedKey = 'server-generated-key';

/**
 * Asks the server for a key pair and its certificate (RFC 7030 §4.4). The key comes as it was sent, neither opened
 * nor compared with the certificate.
 * @throws StationError as enroll does.
 */
export async function serverkeygen(
  conversation: Conversation,
  binding: ChannelBindingKind | null,
  makeRequest: MakeRequest,
): Promise<ServerKeygenAnswer> {
  const response = await submitRequest(conversation, operation, binding, makeRequest);
  const pending = pendingAnswer(response);
  if (pending !== null) return pending;
  try {
    const parts = parseMultipart(operation, response.headers['content-type'], response.body);
    const answer = readParts(parts, conversation.options.limits.certificates);
    if (answer.kind === 'pending') return answer;
    return { ...answer, warnings: [...createdNotice(operation, response), ...answer.warnings] };
  } finally {
    // A key may have stood there in clear; what is handed on was decoded into memory of its own.
    response.body.fill(0);
  }
}

interface KeyPart extends DeliveredKeyData {
  readonly warnings: readonly Notice[];
}

/** The parts are told apart by their media types: either may come first. */
function readParts(parts: readonly BodyPart[], limit: number): ServerKeygenAnswer {
  const kinds = parts.map((part) => ({ part, kind: kindOf(part) }));
  const keys = kinds.filter(({ kind }) => kind === 'clear' || kind === 'enveloped');
  const others = kinds.filter(({ kind }) => kind === 'certificates');
  const [key] = keys;
  const [certificates] = others;
  if (key === undefined || certificates === undefined || keys.length + others.length !== 2) {
    throw new StationError('SERVER-09', {
      operation,
      detail: 'it must hold one private key and one part with certificates',
    });
  }
  const bag = readCertificates(operation, asResponse(certificates.part), limit, true);
  const { form, der, warnings } = readKey(key.part, key.kind === 'clear' ? 'clear' : 'enveloped');
  return {
    kind: 'issued',
    certificates: bag.certificates,
    key: { form, der },
    warnings: [...surplus(kinds.length), ...warnings, ...bag.warnings],
  };
}

function surplus(count: number): Notice[] {
  if (count === 2) return [];
  return [notice('ANSWER-TOLERATED', { detail: `${operation} with ${count} parts instead of 2` })];
}

function kindOf({ headers }: BodyPart): 'clear' | 'enveloped' | 'certificates' | null {
  const media = parseMediaType(headers.get('content-type') ?? '');
  if (media === null) return null;
  if (media.type === 'application/pkcs8') return 'clear';
  if (!(certificateTypes as readonly string[]).includes(media.type)) {
    return media.type === 'application/pkix-cert' ? 'certificates' : null;
  }
  const smimeType = media.parameters.get('smime-type')?.toLowerCase();
  const enveloped = smimeType === serverGeneratedKey || smimeType === 'enveloped-data';
  return enveloped ? 'enveloped' : 'certificates';
}

function readKey({ headers, body }: BodyPart, form: DeliveredKeyData['form']): KeyPart {
  const encoding = headers.get('content-transfer-encoding') ?? null;
  const { der, warnings } = decodeBody(operation, body, encoding);
  // With `binary` the octets are still those of the answer.
  return { form, der: Buffer.from(der), warnings };
}

/** A part in the shape of an answer of its own: its certificates are read like those of simpleenroll (§4.4.2). */
function asResponse({ headers, body }: BodyPart) {
  return {
    status: 200,
    headers: Object.fromEntries(headers),
    body: Buffer.from(body),
    reusable: true,
  };
}
