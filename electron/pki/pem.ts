import { StationError } from '../../shared/errors/station-error.ts';
import { readCertificate } from './certificate.ts';

const longestText = 4_194_304;
const mostCertificates = 1024;
const block =
  /-----BEGIN (?<label>[A-Z0-9 ]{1,64})-----\r?\n?(?<body>[A-Za-z0-9+/=\s]*)-----END (?<end>[A-Z0-9 ]{1,64})-----/g;

/** Labels a certificate goes by (RFC 7468 §5.1, with the older forms its §5.3 mentions). */
const certificateLabels: ReadonlySet<string> = new Set([
  'CERTIFICATE',
  'X509 CERTIFICATE',
  'X.509 CERTIFICATE',
]);

/**
 * The certificates of a PEM text, DER, in their order; other blocks and words between them are passed over
 * (RFC 7468 §5). Each is read as a certificate before it is returned.
 * @throws StationError PROFILE-06 {detail} when there is none, or one is damaged.
 */
export function certificatesFromPem(text: string): Buffer[] {
  if (text.length > longestText) throw refusal(`it is longer than ${longestText} characters`);
  const certificates: Buffer[] = [];
  for (const { groups } of text.matchAll(block)) {
    const { label = '', body = '', end = '' } = groups ?? {};
    if (label !== end) throw refusal(`a block begins as ${label} and ends as ${end}`);
    if (!certificateLabels.has(label)) continue;
    if (certificates.length === mostCertificates) throw refusal('it holds too many certificates');
    certificates.push(certificateOf(body));
  }
  if (certificates.length === 0) throw refusal(whyNone(text));
  return certificates;
}

/** PEM of one certificate (RFC 7468 §5.1): lines of 64 characters, a line break at the end. */
export function certificateToPem(der: Uint8Array): string {
  return toPem('CERTIFICATE', der);
}

/** PEM of a SubjectPublicKeyInfo (RFC 7468 §13). */
export function publicKeyToPem(spki: Uint8Array): string {
  return toPem('PUBLIC KEY', spki);
}

/** PEM of a CMS message (RFC 7468 §9). */
export function cmsToPem(contentInfo: Uint8Array): string {
  return toPem('CMS', contentInfo);
}

/** PEM of an EncryptedPrivateKeyInfo (RFC 7468 §11) with certificates after it. */
export function encryptedKeyToPem(der: Uint8Array, certificates: readonly Uint8Array[]): string {
  return [toPem('ENCRYPTED PRIVATE KEY', der), ...certificates.map(certificateToPem)].join('');
}

/** The first EncryptedPrivateKeyInfo (DER) in a PEM text; null when there is none, or a damaged one. */
export function encryptedKeyFromPem(text: string): Buffer | null {
  const [, body] =
    /-----BEGIN ENCRYPTED PRIVATE KEY-----([A-Za-z0-9+/=\s]{1,100000})-----END ENCRYPTED PRIVATE KEY-----/.exec(
      text,
    ) ?? [];
  return body === undefined ? null : Buffer.from(body, 'base64');
}

function toPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function certificateOf(body: string): Buffer {
  const base64 = body.replace(/\s+/g, '');
  const der = Buffer.from(base64, 'base64');
  if (der.toString('base64') !== base64) throw refusal('a block is not base64');
  try {
    return readCertificate(der).der;
  } catch (error) {
    const detail = StationError.from(error).params.detail ?? 'a certificate cannot be read';
    throw refusal(String(detail), error);
  }
}

function whyNone(text: string): string {
  if (text.trim() === '') return 'it is empty';
  if (/-----BEGIN (?:X\.?509 )?CERTIFICATE-----/.test(text)) return 'a block is cut off or damaged';
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return 'it holds a private key instead';
  return 'it holds no block -----BEGIN CERTIFICATE-----';
}

function refusal(detail: string, cause?: unknown): StationError {
  return new StationError('PROFILE-06', { detail }, { cause });
}
