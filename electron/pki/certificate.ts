import { createHash } from 'node:crypto';
import type { CertificateSummary } from '../../shared/enrollment.ts';
import { type CertificateFields, certificateFields } from './certificate-fields.ts';
import { isSelfMade } from './certificate-signature.ts';
import type { Extensions } from './extension-list.ts';
import { basicConstraints, extendedKeyUsage, extensionOids, keyUsage } from './extensions.ts';
import { formatGeneralName, generalNames } from './general-names.ts';
import { formatDistinguishedName } from './name.ts';
import { sameName } from './name-comparison.ts';
import { certificateToPem } from './pem.ts';
import { describeKey } from './public-key.ts';
import { reading } from './refusal.ts';

/** A certificate as the station's other parts see it. */
export interface Certificate {
  readonly der: Buffer;
  /** RFC 4514 text; empty when the subject is. */
  readonly subject: string;
  /** DER Name. */
  readonly subjectDer: Buffer;
  readonly issuer: string;
  readonly issuerDer: Buffer;
  /** Upper-case hex of the number; a negative one has a minus sign. */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256 of the DER, upper-case hex. */
  readonly fingerprint: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  /** `DNS:…`, `IP:…`, `email:…`, `URI:…`, `DN:…`, `RID:…`, `other:…`. */
  readonly subjectAltNames: string[];
  /** GeneralNames, DER, as they stand in the extension; null when it is absent. */
  readonly subjectAltNameDer: Buffer | null;
  /** Basic constraints say cA. */
  readonly isCa: boolean;
  /** Subject and issuer are the same name. */
  readonly selfIssued: boolean;
  /** Self-issued, and the signature (SHA-1 of old roots included) verifies with the certificate's own key. */
  readonly selfSigned: boolean;
  /** Names of RFC 5280 §4.2.1.3; null when the extension is absent. */
  readonly keyUsage: string[] | null;
  /** Dotted OIDs; null when the extension is absent. */
  readonly extendedKeyUsage: string[] | null;
  readonly extensions: Extensions;
}

/**
 * Reads one DER certificate, strictly: bounded size, nothing after it, the extensions the station uses well-formed.
 * @throws StationError CERT-06 {detail}.
 */
export function readCertificate(der: Uint8Array): Certificate {
  return reading('CERT-06', () => {
    const fields = certificateFields(der);
    const { extensions, issuer, subject } = fields;
    const alternatives = extensions.get(extensionOids.subjectAltName)?.value ?? null;
    const selfIssued = sameName(subject, issuer);
    return {
      der: fields.der,
      subject: formatDistinguishedName(subject),
      subjectDer: subject,
      issuer: formatDistinguishedName(issuer),
      issuerDer: issuer,
      serialNumber: serialNumberText(fields),
      notBefore: fields.notBefore,
      notAfter: fields.notAfter,
      fingerprint: createHash('sha256').update(fields.der).digest('hex').toUpperCase(),
      spki: fields.spki,
      subjectAltNames:
        alternatives === null ? [] : generalNames(alternatives).map(formatGeneralName),
      subjectAltNameDer: alternatives,
      isCa: basicConstraints(extensions)?.cA ?? false,
      selfIssued,
      selfSigned: selfIssued && isSelfMade(fields, fields.spki),
      keyUsage: keyUsage(extensions),
      extendedKeyUsage: extendedKeyUsage(extensions),
      extensions,
    };
  });
}

function serialNumberText({ serialNumber }: CertificateFields): string {
  const hex = serialNumber.toString('hex');
  const negative = (serialNumber[0] ?? 0) >= 0x80;
  const magnitude = negative
    ? (1n << BigInt(serialNumber.length * 8)) - BigInt(`0x${hex}`)
    : BigInt(`0x${hex}`);
  const digits = magnitude.toString(16).toUpperCase();
  return `${negative ? '-' : ''}${digits.padStart(digits.length + (digits.length % 2), '0')}`;
}

const longestName = 4096;
const longestAlternative = 512;
const mostAlternatives = 256;

/**
 * The certificate as a person reads it; texts that are too long for the contract are cut.
 * @throws StationError CERT-06 {detail}.
 */
export function summariseCertificate(der: Uint8Array): CertificateSummary {
  const certificate = readCertificate(der);
  return {
    subject: cut(certificate.subject, longestName),
    issuer: cut(certificate.issuer, longestName),
    serialNumber: certificate.serialNumber,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    fingerprint: certificate.fingerprint,
    publicKey: describeKey(certificate.spki),
    subjectAltNames: certificate.subjectAltNames
      .slice(0, mostAlternatives)
      .map((name) => cut(name, longestAlternative)),
    pem: certificateToPem(certificate.der),
  };
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
