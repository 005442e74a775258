import { type CertificateFields, certificateFields } from './certificate-fields.ts';
import { MalformedDer } from './der.ts';
import { formatDistinguishedName } from './name.ts';
import { comparableName } from './name-comparison.ts';

/** A certificate on its way through path validation. */
export interface PathCertificate extends CertificateFields {
  /** Names in comparable form (RFC 5280 §7.1). */
  readonly subjectName: string;
  readonly issuerName: string;
  readonly selfIssued: boolean;
  /** For a person: the subject, or the issuer and serial number where there is none. */
  readonly title: string;
}

/** @throws MalformedDer. */
export function pathCertificate(der: Uint8Array): PathCertificate {
  const fields = certificateFields(der);
  const subjectName = comparableName(fields.subject);
  const issuerName = comparableName(fields.issuer);
  const title =
    formatDistinguishedName(fields.subject) ||
    `number ${fields.serialNumber.toString('hex')} of ${formatDistinguishedName(fields.issuer)}`;
  return { ...fields, subjectName, issuerName, selfIssued: subjectName === issuerName, title };
}

/** The certificates that can be read, each once: what others send beside the path must not break it. */
export function readableCertificates(ders: readonly Uint8Array[]): PathCertificate[] {
  const distinct = new Map<string, Uint8Array>();
  for (const der of ders) distinct.set(Buffer.from(der).toString('base64'), der);
  return [...distinct.values()].flatMap((der) => {
    try {
      return [pathCertificate(der)];
    } catch (error) {
      if (error instanceof MalformedDer) return [];
      throw error;
    }
  });
}
