import { StationError } from '../../../shared/errors/station-error.ts';
import { type AskedDecryption, askedDecryption } from '../../pki/key-delivery-attributes.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import { type Answer, Refusal } from '../answer.ts';
import { spkiOf } from '../authority.ts';
import { issueCertificate, pendingAnswer } from '../certification.ts';
import { writeCertsOnly } from '../certs-only.ts';
import type { Desk } from '../desk.ts';
import { envelopedKey, type KeyRecipient } from '../enveloped-key.ts';
import { generateLike, privateKeyDer } from '../generated-key.ts';
import { type AnswerPart, multipartAnswer } from '../multipart-answer.ts';
import type { Submission } from '../submission.ts';

/**
 * RFC 7030 §4.4: makes a key pair of the kind of the request's key, certifies it under the requested names and sends
 * both, the key encrypted where the request asks for it. The key of the request is forgotten.
 */
export async function serverkeygen(desk: Desk, submission: Submission): Promise<Answer> {
  const { request } = submission;
  const recipient = recipientOf(desk, submission);
  const pending = await pendingAnswer(desk, request.spki);
  if (pending !== null) return pending;
  const { faults } = desk.options;
  const { publicKey, privateKey } = await generateLike(request.spki);
  const other = faults.includes('key-of-another-pair');
  const sent = other ? (await generateLike(request.spki)).privateKey : privateKey;
  const certificate = await issueCertificate(desk, { ...request, spki: spkiOf(publicKey) });
  const key: AnswerPart =
    recipient === null || faults.includes('key-in-clear')
      ? {
          contentType: 'application/pkcs8',
          der: privateKeyDer(sent, faults.includes('traditional-key')),
        }
      : {
          contentType: 'application/pkcs7-mime; smime-type=server-generated-key',
          der: await envelopedKey(desk.authority, privateKeyDer(sent, false), recipient, faults),
        };
  const chain: AnswerPart = {
    contentType: 'application/pkcs7-mime; smime-type=certs-only',
    der: writeCertsOnly([certificate]),
  };
  const parts = faults.includes('key-after-certificate') ? [chain, key] : [key, chain];
  return multipartAnswer(parts, faults.includes('odd-multipart'));
}

/**
 * The key the request names, null when it asks for no encryption.
 * @throws Refusal 400 for a key nobody here knows, or without the client's capabilities (RFC 7030 §4.4.1).
 */
function recipientOf(desk: Desk, submission: Submission): KeyRecipient | null {
  const asked = readAsked(submission);
  if (asked === null) return null;
  if (asked.algorithms.length === 0) {
    throw new Refusal(400, 'The request asks for an encrypted key without SMIMECapabilities.');
  }
  const recipient = knownRecipient(desk, submission, asked);
  if (recipient === null) {
    const shown = asked.identifier.toString('hex').slice(0, 80);
    throw new Refusal(400, `No decryption key with the identifier ${shown} is known here.`);
  }
  return desk.options.faults.includes('key-for-another-recipient')
    ? { kind: 'secret', key: Buffer.alloc(32, 1), identifier: Buffer.from('somebody else') }
    : recipient;
}

function readAsked({ request }: Submission): AskedDecryption | null {
  try {
    return askedDecryption(request.attributes);
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    throw new Refusal(400, 'The attributes about the decryption key are malformed.');
  }
}

/** Secret keys by the server's own register; public keys by the client's certificate or one issued here. */
function knownRecipient(
  { issued, keyEncryptionKey }: Desk,
  { authentication }: Submission,
  { kind, identifier }: AskedDecryption,
): KeyRecipient | null {
  if (kind === 'symmetric') {
    return keyEncryptionKey.identifier.equals(identifier)
      ? { kind: 'secret', ...keyEncryptionKey }
      : null;
  }
  const wanted = identifier.toString('hex');
  const shown = authentication.clientCertificate;
  const own = shown !== null && keyIdentifier(spkiOf(shown.publicKey)) === wanted;
  const der = own ? shown.raw : issued.certificateOf(wanted);
  return der === null ? null : { kind: 'certificate', der };
}
