import { fromBER } from 'asn1js';
import { Certificate, ContentInfo, EnvelopedData } from 'pkijs';
import { StationError } from '../../shared/errors/station-error.ts';
import { readCertificate } from './certificate.ts';
import { keyStrength } from './public-key.ts';

const contentEncryption = { name: 'AES-CBC', length: 256 };

/**
 * Encrypts `content` to the holder of a certificate: EnvelopedData (RFC 5652 §6) with AES-256-CBC; the key travels by
 * RSAES-OAEP with SHA-256 (RFC 4055) or ephemeral-static ECDH (RFC 5753).
 * @param recipient certificate, DER.
 * @returns ContentInfo, DER.
 * @throws StationError SHEET-02 for a certificate that may not be encrypted to, or is not valid at `at`.
 */
export async function sealContent(
  content: Uint8Array,
  recipient: Uint8Array,
  at: Date,
): Promise<Buffer> {
  demandRecipient(recipient, at);
  const enveloped = new EnvelopedData({ version: 2 });
  const { result } = fromBER(exactly(recipient));
  enveloped.addRecipientByCertificate(new Certificate({ schema: result }), {
    oaepHashAlgorithm: 'SHA-256',
    kdfAlgorithm: 'SHA-256',
    kekEncryptionLength: 256,
  });
  const clear = exactly(content);
  try {
    await enveloped.encrypt(contentEncryption, clear);
  } finally {
    new Uint8Array(clear).fill(0);
  }
  const info = new ContentInfo({
    contentType: ContentInfo.ENVELOPED_DATA,
    content: enveloped.toSchema(),
  });
  return Buffer.from(info.toSchema().toBER());
}

/** @throws StationError SHEET-02 */
export function demandRecipient(der: Uint8Array, at: Date): void {
  const { spki, keyUsage, notBefore, notAfter } = readCertificate(der);
  const { algorithm, bits } = keyStrength(spki);
  const needed = algorithm === 'RSA' ? 'keyEncipherment' : 'keyAgreement';
  const usable = algorithm === 'RSA' ? bits >= 2048 : algorithm === 'EC' && bits > 0;
  if (!usable) throw unusable(`its key is ${algorithm} with ${bits} bits`);
  if (keyUsage !== null && !keyUsage.includes(needed)) {
    throw unusable(`its key usage does not have ${needed}`);
  }
  if (at < notBefore || at > notAfter) throw unusable('it is not valid now');
}

function unusable(detail: string): StationError {
  return new StationError('SHEET-02', { detail });
}

function exactly(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
