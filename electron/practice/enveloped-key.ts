import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { fromBER } from 'asn1js';
import { Certificate, ContentInfo, EnvelopedData } from 'pkijs';
import type { CmsSigner } from '../pki/cmc/signed-data.ts';
import { contextPrimitive } from '../pki/der.ts';
import {
  element,
  objectIdentifier,
  octetString,
  sequence,
  unsignedInteger,
} from '../pki/der-writer.ts';
import { certificatesFromPem } from '../pki/pem.ts';
import { signedKeyPackage } from '../pki/signed-key-package.ts';
import { makeAuthority, type PracticeAuthority } from './authority.ts';
import { makeClientCredential } from './issue.ts';
import type { PracticeFault } from './practice.ts';

/** Whom a generated key is encrypted to. */
export type KeyRecipient =
  | { readonly kind: 'certificate'; readonly der: Uint8Array }
  | { readonly kind: 'secret'; readonly key: Uint8Array; readonly identifier: Uint8Array };

const contentEncryption = { name: 'AES-CBC', length: 256 };

const cms = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  encryptedData: '1.2.840.113549.1.7.6',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
} as const;

/**
 * EnvelopedData(SignedData(AsymmetricKeyPackage)) of a private key (RFC 7030 §4.4.2), ContentInfo in DER; or what
 * the chosen faults make of it.
 * @param pkcs8 PrivateKeyInfo, DER.
 */
export async function envelopedKey(
  authority: PracticeAuthority,
  pkcs8: Uint8Array,
  recipient: KeyRecipient,
  faults: readonly PracticeFault[],
): Promise<Buffer> {
  if (faults.includes('key-in-encrypted-data')) return encryptedData();
  const unsigned = faults.includes('key-unsigned');
  const signer = keyGenerator(
    faults.includes('key-signed-by-stranger') ? makeAuthority() : authority,
  );
  const content = unsigned ? Buffer.from(pkcs8) : await signedKeyPackage(pkcs8, signer);
  const enveloped = new EnvelopedData({ version: 2 });
  addRecipient(enveloped, recipient);
  await enveloped.encrypt(contentEncryption, exactly(content));
  enveloped.encryptedContentInfo.contentType = unsigned ? cms.data : cms.signedData;
  const info = new ContentInfo({
    contentType: ContentInfo.ENVELOPED_DATA,
    content: enveloped.toSchema(),
  });
  return Buffer.from(info.toSchema().toBER());
}

function addRecipient(enveloped: EnvelopedData, recipient: KeyRecipient): void {
  if (recipient.kind === 'secret') {
    const keyIdentifier = exactly(recipient.identifier);
    enveloped.addRecipientByPreDefinedData(exactly(recipient.key), { keyIdentifier }, 1);
    return;
  }
  const { result } = fromBER(exactly(recipient.der));
  const certificate = new Certificate({ schema: result });
  enveloped.addRecipientByCertificate(certificate, {
    oaepHashAlgorithm: 'SHA-256',
    kdfAlgorithm: 'SHA-256',
    kekEncryptionLength: 256,
  });
}

/** Signs generated keys in the CA's name, with a certificate of its own. */
function keyGenerator(authority: PracticeAuthority): CmsSigner {
  const { keyPem, chainPem } = makeClientCredential(authority, 'Practice Key Generator', false);
  const key = createPrivateKey(keyPem);
  return {
    chain: certificatesFromPem(chainPem),
    signatureAlgorithm: 'SHA256WITHECDSA',
    sign: async (data) => sign('sha256', data, key),
  };
}

/** EncryptedData (RFC 5652 §8) under a key nobody was told. */
function encryptedData(): Buffer {
  const algorithm = sequence(objectIdentifier(cms.aes256Cbc), octetString(randomBytes(16)));
  const info = sequence(
    objectIdentifier(cms.data),
    algorithm,
    element(contextPrimitive(0), randomBytes(160)),
  );
  const body = sequence(unsignedInteger(Buffer.of(0)), info);
  return sequence(objectIdentifier(cms.encryptedData), element(0xa0, body));
}

function exactly(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
