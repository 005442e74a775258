import 'reflect-metadata';
import { type KeyObject, randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  type Extension,
  Name,
  PublicKey,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { signingKey } from './signing-key.ts';

/** Who signs: a name (DER), its private EC key, and the key that belongs to it by rights (SPKI, DER). */
interface Issuer {
  readonly name: Uint8Array;
  readonly key: KeyObject;
  readonly spki: Uint8Array;
}

/** What a certificate says. Names and keys are DER and taken over byte for byte. */
interface Contents {
  readonly subject: Uint8Array;
  /** SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Besides the two key identifiers. */
  readonly extensions: readonly Extension[];
}

/** Signs a version 3 certificate (RFC 5280 §4.1); returns its DER. */
export async function signedCertificate(contents: Contents, issuer: Issuer): Promise<Buffer> {
  const { subject, spki, notBefore, notAfter, extensions } = contents;
  const { key, algorithm } = await signingKey(issuer.key);
  const publicKey = new PublicKey(new Uint8Array(spki));
  const issuerKey = new PublicKey(new Uint8Array(issuer.spki));
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: `40${randomBytes(15).toString('hex')}`,
      subject: new Name(new Uint8Array(subject)),
      issuer: new Name(new Uint8Array(issuer.name)),
      notBefore,
      notAfter,
      publicKey,
      signingKey: key,
      signingAlgorithm: algorithm,
      extensions: [
        ...extensions,
        await SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
        await AuthorityKeyIdentifierExtension.create(issuerKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return Buffer.from(certificate.rawData);
}
