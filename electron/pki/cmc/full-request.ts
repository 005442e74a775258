import { contextConstructed, DerReader, enterOnly, MalformedDer, tags } from '../der.ts';
import { smallInteger } from '../der-values.ts';
import { element, sequence } from '../der-writer.ts';
import { reading } from '../refusal.ts';
import {
  bodyPartId,
  type Control,
  controlSequence,
  octetsOf,
  queryPending,
  readControls,
  regInfo,
  senderNonce,
  transactionId,
  transactionIdOf,
} from './controls.ts';
import { contentTypes, controls } from './identifiers.ts';
import { type CmsSigner, provenSigner, readSignedData, writeSignedData } from './signed-data.ts';

/** What a Full PKI Request asks. */
export interface FullRequestInput {
  /** Octets of a positive INTEGER, the same in every message of one transaction (RFC 5272 §6.6). */
  readonly transactionId: Uint8Array;
  /** Fresh in every message. */
  readonly senderNonce: Uint8Array;
  /** UTF-8 words the CA's policy wants beside the request (RFC 5272 §6.12), or null. */
  readonly regInfo: Uint8Array | null;
  /** A new request, PKCS#10 DER; or the question after one that waits, by its token (RFC 5272 §6.14). */
  readonly ask:
    | { readonly kind: 'certificate'; readonly request: Uint8Array }
    | { readonly kind: 'pending'; readonly token: Uint8Array };
}

/** A Full PKI Request as its receiver sees it. */
export interface FullRequest {
  readonly transactionId: Buffer | null;
  readonly senderNonce: Buffer | null;
  readonly regInfo: Buffer | null;
  readonly queryPending: Buffer | null;
  /** PKCS#10, DER, with the number of its body part; null when there is none. */
  readonly request: { readonly bodyPart: number; readonly der: Buffer } | null;
  /** Certificate of the one who signed the message, DER; null when no signature could be proven. */
  readonly signer: Buffer | null;
}

/** Body part of the one certification request. */
export const requestBodyPart = 1;
const firstControl = 2;
const largestMessage = 262_144;

/**
 * A Full PKI Request: PKIData with one PKCS#10 in a SignedData (RFC 5272 §3.2), DER.
 * @throws StationError as `writeSignedData` does.
 */
export async function writeFullRequest(
  input: FullRequestInput,
  signer: CmsSigner,
): Promise<Buffer> {
  const { ask } = input;
  const list: Control[] = [
    transactionId(input.transactionId),
    senderNonce(input.senderNonce),
    ...(input.regInfo === null ? [] : [regInfo(input.regInfo)]),
    ...(ask.kind === 'pending' ? [queryPending(ask.token)] : []),
  ];
  const requests =
    ask.kind === 'pending'
      ? []
      : [element(contextConstructed(0), bodyPartId(requestBodyPart), ask.request)];
  const data = sequence(
    controlSequence(list, firstControl),
    sequence(...requests),
    sequence(),
    sequence(),
  );
  return await writeSignedData(contentTypes.pkiData, data, signer);
}

/**
 * Reads a Full PKI Request with at most one PKCS#10.
 * @throws StationError CERT-06 {detail}.
 */
export function readFullRequest(der: Uint8Array, limit: number): FullRequest {
  return reading('CERT-06', () => {
    if (der.length > largestMessage) throw new MalformedDer('the message is far too large');
    const message = readSignedData(der, limit);
    if (message.contentType !== contentTypes.pkiData) {
      throw new MalformedDer('the message holds no PKIData');
    }
    const reader = enterOnly(message.content, tags.sequence, 'the PKIData');
    const found = readControls(reader.take(tags.sequence, 'the controls').whole);
    const requests = reader.enter(tags.sequence, 'the requests').rest();
    reader.take(tags.sequence, 'the nested messages');
    reader.take(tags.sequence, 'the other messages');
    reader.end('the PKIData');
    const [request, ...others] = requests;
    if (others.length > 0) throw new MalformedDer('there is more than one request');
    return {
      transactionId: transactionIdOf(found),
      senderNonce: octetsOf(found, controls.senderNonce),
      regInfo: octetsOf(found, controls.regInfo),
      queryPending: octetsOf(found, controls.queryPending),
      request: request === undefined ? null : taggedRequest(request),
      signer: provenSigner(message, message.certificates),
    };
  });
}

/** tcr of RFC 5272 §3.2.1.2.1: the one form of request the station and its practice server speak. */
function taggedRequest({ tag, contents }: { readonly tag: number; readonly contents: Buffer }) {
  if (tag !== contextConstructed(0)) throw new MalformedDer('the request is no PKCS#10');
  const reader = new DerReader(contents);
  const bodyPart = smallInteger(reader.take(tags.integer, 'the number of a request').contents);
  const der = Buffer.from(reader.take(tags.sequence, 'a certification request').whole);
  reader.end('a request');
  return { bodyPart, der };
}
