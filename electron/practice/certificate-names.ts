import 'reflect-metadata';
import { X509Certificate } from '@peculiar/x509';
import { subjectAltNameOid } from './extensions.ts';
import { membersOf } from './sequence.ts';

/** Whom a certificate names. */
interface CertificateNames {
  /** Name, DER. */
  readonly subject: Buffer;
  /** GeneralNames, DER, null for none. */
  readonly subjectAltName: Buffer | null;
}

/** RFC 5280 §4.1: version, serial number, signature, issuer and validity come first in version 3. */
const subjectIndex = 5;

/**
 * Reads the names of a version 3 certificate (DER), byte for byte.
 * @throws Error when it is none.
 */
export function certificateNames(der: Buffer): CertificateNames {
  const [toBeSigned] = membersOf(der);
  const subject = toBeSigned && membersOf(toBeSigned.whole)[subjectIndex];
  if (subject === undefined) throw new Error('a certificate has no subject');
  const names = new X509Certificate(der).getExtension(subjectAltNameOid);
  return {
    subject: subject.whole,
    subjectAltName: names === null ? null : Buffer.from(names.value),
  };
}
