import { StationError } from '../../shared/errors/station-error.ts';
import { contentTypes } from './cmc/identifiers.ts';
import {
  type CmsSigner,
  provenSigner,
  readSignedData,
  writeSignedData,
} from './cmc/signed-data.ts';
import type { Opened } from './content-decryption.ts';
import { contextConstructed, enterOnly, tags } from './der.ts';
import { element, objectIdentifier, sequence } from './der-writer.ts';
import { validatePath } from './path.ts';
import { isOfTime } from './path-refusal.ts';
import { onlyKeyOfPackage } from './private-key-info.ts';
import { reading } from './refusal.ts';

/** id-ct-KP-aKeyPackage (RFC 5958 §4). */
const keyPackage = '2.16.840.1.101.2.1.2.78.5';
const mostCertificates = 16;

/** What the signer of a generated key is held against; certificates are DER. */
export interface SignerQuestion {
  readonly anchors: readonly Uint8Array[];
  /** May hold the signer and what leads to its root. */
  readonly certificates: readonly Uint8Array[];
  readonly at: Date;
}

/**
 * The key inside opened EnvelopedData: SignedData over an AsymmetricKeyPackage, whose signer leads to an anchor
 * (RFC 7030 §4.4.2, RFC 5958 §4).
 * @returns PrivateKeyInfo, DER; the caller zeroes it.
 * @throws StationError KEY-01 when it is malformed, KEY-07 when it is not signed or not by somebody trusted.
 */
export function verifiedKeyOf({ contentType, content }: Opened, question: SignerQuestion): Buffer {
  if (contentType !== contentTypes.signedData) {
    throw new StationError('KEY-07', { detail: 'there is none' });
  }
  const signed = reading('KEY-01', () => readSignedData(asContentInfo(content), mostCertificates));
  try {
    if (signed.contentType !== keyPackage) {
      throw new StationError('KEY-01', { detail: 'what is signed is no package of keys' });
    }
    const certificates = [...signed.certificates, ...question.certificates];
    const signer = provenSigner(signed, certificates);
    if (signer === null) {
      throw new StationError('KEY-07', { detail: 'it was made by none of the certificates sent' });
    }
    const { anchors, at } = question;
    const verdict = validatePath({
      certificate: signer,
      intermediates: certificates,
      anchors,
      at,
      purpose: 'any',
    });
    if (!verdict.valid) {
      const clock = isOfTime(verdict.reason) ? `; this computer says ${at.toISOString()}` : '';
      const detail = `its signer is not trusted: ${verdict.detail}${clock}`;
      throw new StationError('KEY-07', { detail });
    }
    return Buffer.from(onlyKeyOfPackage(signed.content));
  } finally {
    signed.content.fill(0);
  }
}

/** The content of EnvelopedData is the bare SignedData; some writers leave its ContentInfo around it. */
function asContentInfo(content: Buffer): Buffer {
  const first = enterOnly(content, tags.sequence, 'the signed key', 'BER').nextTag;
  return first === tags.objectIdentifier ? content : contentInfo(content);
}

function contentInfo(signedData: Buffer): Buffer {
  const type = objectIdentifier(contentTypes.signedData);
  return sequence(type, element(contextConstructed(0), signedData));
}

/**
 * A private key (PrivateKeyInfo, DER) as a signed AsymmetricKeyPackage: the bare SignedData, DER.
 * @throws StationError as `writeSignedData` does.
 */
export async function signedKeyPackage(pkcs8: Uint8Array, signer: CmsSigner): Promise<Buffer> {
  const whole = await writeSignedData(keyPackage, sequence(pkcs8), signer);
  const reader = enterOnly(whole, tags.sequence, 'a signed package');
  reader.take(tags.objectIdentifier, 'its type');
  return Buffer.from(reader.take(contextConstructed(0), 'its content').contents);
}
