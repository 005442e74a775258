import { StationError } from '../../../shared/errors/station-error.ts';
import { readCertificate } from '../certificate.ts';
import { enterOnly, MalformedDer, tags } from '../der.ts';
import { sequence } from '../der-writer.ts';
import { type PathVerdict, validatePath } from '../path.ts';
import { isOfTime } from '../path-refusal.ts';
import { reading } from '../refusal.ts';
import {
  type Control,
  controlSequence,
  octetsOf,
  readControls,
  recipientNonce,
  senderNonce,
  transactionId,
  transactionIdOf,
} from './controls.ts';
import { cmcPurposes, contentTypes, controls } from './identifiers.ts';
import {
  type CmsSigner,
  provenSigner,
  readSignedData,
  type SignedData,
  writeSignedData,
  writeUnsignedData,
} from './signed-data.ts';
import { type CmcStatus, statusesOf, statusInfo, statusInfoV2 } from './status.ts';

/** What a Full PKI Response must be an answer to, and whom it may come from. */
export interface ResponseDemands {
  /** Octets of the INTEGER that was sent. */
  readonly transactionId: Uint8Array;
  /** The nonce that was sent: it comes back as recipientNonce. */
  readonly senderNonce: Uint8Array;
  /** Only who leads to one of these is believed, DER. */
  readonly anchors: readonly Uint8Array[];
  /** CA certificates known otherwise, DER: material for the path. */
  readonly caCertificates: readonly Uint8Array[];
  readonly at: Date;
  /** What the server says the time is; null when it does not tell. */
  readonly serverDate: Date | null;
  /** Most certificates accepted. */
  readonly limit: number;
}

/** A Full PKI Response that is authentic and answers the request. */
export interface FullResponse {
  /** Never empty; V2 before the older form. */
  readonly statuses: readonly CmcStatus[];
  /** DER, in the order sent. */
  readonly certificates: readonly Buffer[];
  /** RFC 4514 subject of the one who signed. */
  readonly signer: string;
}

const largestMessage = 4 * 1024 * 1024;

/** True when this CMS message is a signed PKIResponse rather than certificates alone; malformed is false. */
export function isFullResponse(der: Uint8Array, limit: number): boolean {
  try {
    return readSignedData(der, limit).contentType === contentTypes.pkiResponse;
  } catch (error) {
    if (error instanceof MalformedDer) return false;
    throw error;
  }
}

/**
 * Reads a Full PKI Response (RFC 5272 §4.2) and believes it only when it was signed by a CA or by an authority
 * marked for CMC (RFC 6402 §2.10) below an anchor, and repeats transaction identifier and nonce of the request.
 * @throws StationError CMC-10 {detail} unsigned, forged, not of this transaction; CMC-12 {detail, now, server} the
 *   signer's path is not valid at this time; CERT-06 {detail} malformed.
 */
export function readFullResponse(der: Uint8Array, demands: ResponseDemands): FullResponse {
  return reading('CERT-06', () => {
    if (der.length > largestMessage) throw new MalformedDer('the message is far too large');
    const message = readSignedData(der, demands.limit);
    if (message.contentType !== contentTypes.pkiResponse) {
      throw new MalformedDer('the message holds no PKIResponse');
    }
    const signer = believedSigner(message, demands);
    const reader = enterOnly(message.content, tags.sequence, 'the PKIResponse');
    const found = readControls(reader.take(tags.sequence, 'the controls').whole);
    reader.take(tags.sequence, 'the nested messages');
    reader.take(tags.sequence, 'the other messages');
    reader.end('the PKIResponse');
    demandSame('transaction identifier', transactionIdOf(found), demands.transactionId);
    demandSame('nonce', octetsOf(found, controls.recipientNonce), demands.senderNonce);
    const statuses = statusesOf(found);
    if (statuses.length === 0) throw new MalformedDer('the response states no status');
    return { statuses, certificates: message.certificates, signer };
  });
}

function demandSame(what: string, returned: Buffer | null, sent: Uint8Array): void {
  if (returned === null) throw disbelieved(`it does not repeat the ${what} of the request`);
  if (!returned.equals(sent)) throw disbelieved(`its ${what} is not that of the request`);
}

function believedSigner(message: SignedData, demands: ResponseDemands): string {
  const { anchors, caCertificates, at } = demands;
  if (message.signers.length === 0) throw disbelieved('it is not signed');
  const known = [...message.certificates, ...caCertificates, ...anchors];
  const signer = provenSigner(message, known);
  if (signer === null) throw disbelieved('its signature does not verify');
  const certificate = readCertificate(signer);
  const { isCa, extendedKeyUsage, keyUsage } = certificate;
  const marked = Object.values(cmcPurposes).some((oid) => extendedKeyUsage?.includes(oid));
  const maySign = keyUsage === null || keyUsage.includes('digitalSignature');
  if (!isCa && !(marked && maySign)) {
    throw disbelieved(`"${certificate.subject}" may not speak for a CA`);
  }
  const isAnchor = anchors.some((anchor) => signer.equals(anchor));
  if (!isAnchor) {
    const question = { certificate: signer, intermediates: known, anchors, at } as const;
    const verdict = validatePath({ ...question, purpose: 'any' });
    if (!verdict.valid) throw untrusted(verdict, demands);
  }
  return certificate.subject;
}

function untrusted(
  { reason, detail }: Extract<PathVerdict, { valid: false }>,
  { at, serverDate }: ResponseDemands,
): StationError {
  if (!isOfTime(reason)) return disbelieved(`its signer is not trusted: ${detail}`);
  const server = serverDate?.toISOString() ?? '–';
  return new StationError('CMC-12', { detail, now: at.toISOString(), server });
}

function disbelieved(detail: string): StationError {
  return new StationError('CMC-10', { detail });
}

/** What a CMC server answers with. */
export interface FullResponseInput {
  readonly status: CmcStatus;
  /** Write the older form of the status, which RFC 2797 has. */
  readonly olderStatus: boolean;
  /** Numbers of the body parts the status speaks of. */
  readonly parts: readonly number[];
  readonly transactionId: Uint8Array | null;
  readonly recipientNonce: Uint8Array | null;
  readonly senderNonce: Uint8Array;
  /** Certificates beside those of the signer, DER. */
  readonly certificates: readonly Uint8Array[];
}

/**
 * A Full PKI Response, DER; `signer` null leaves it unsigned, which no client may accept.
 * @throws StationError as `writeSignedData` does.
 */
export async function writeFullResponse(
  input: FullResponseInput,
  signer: CmsSigner | null,
): Promise<Buffer> {
  const { status, parts, olderStatus } = input;
  const list: Control[] = [
    olderStatus ? statusInfo(status, parts) : statusInfoV2(status, parts),
    ...(input.transactionId === null ? [] : [transactionId(input.transactionId)]),
    ...(input.recipientNonce === null ? [] : [recipientNonce(input.recipientNonce)]),
    senderNonce(input.senderNonce),
  ];
  const response = sequence(controlSequence(list, 1), sequence(), sequence());
  if (signer === null) return writeUnsignedData(contentTypes.pkiResponse, response);
  const chain = [...signer.chain, ...input.certificates];
  return await writeSignedData(contentTypes.pkiResponse, response, { ...signer, chain });
}
