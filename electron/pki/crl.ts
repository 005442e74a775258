import { createHash } from 'node:crypto';
import { certificateFields } from './certificate-fields.ts';
import { isSignedBy } from './certificate-signature.ts';
import { type CrlFields, crlFields } from './crl-fields.ts';
import { keyUsage } from './extensions.ts';
import { formatDistinguishedName } from './name.ts';
import { comparableName } from './name-comparison.ts';
import { reading } from './refusal.ts';

/** A certificate revocation list as the station's other parts see it (RFC 5280 §5). */
export interface Crl {
  readonly der: Buffer;
  /** RFC 4514 text. */
  readonly issuer: string;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  /** CRL number, decimal; null when absent. */
  readonly number: string | null;
  /** It lists changes to another CRL only (RFC 5280 §5.2.4). */
  readonly delta: boolean;
  /** What the CRLs of one series share, whoever signed them: 64 hexadecimal digits. */
  readonly series: string;
  /** How many serial numbers it lists. */
  readonly revoked: number;
}

/**
 * Reads one DER CRL, strictly and bounded.
 * @throws StationError CERT-06 {detail}.
 */
export function readCrl(der: Uint8Array): Crl {
  return reading('CERT-06', () => {
    const fields = crlFields(der);
    return {
      der: Buffer.from(der),
      issuer: formatDistinguishedName(fields.issuer),
      thisUpdate: fields.thisUpdate,
      nextUpdate: fields.nextUpdate,
      number: fields.number?.toString() ?? null,
      delta: fields.base !== null,
      series: seriesOf(fields),
      revoked: fields.revoked.size,
    };
  });
}

function seriesOf({ issuerName, kinship, base }: CrlFields): string {
  const shared = [issuerName, kinship, base === null ? 'complete' : 'delta'].join('\n');
  return createHash('sha256').update(shared).digest('hex');
}

/**
 * The certificate (DER) whose key signed a CRL and that may do so, or null. Names are compared as
 * RFC 5280 §7.1 does; of several CAs with one name the key decides.
 * @throws StationError CERT-06 when the CRL or a certificate cannot be read.
 */
export function crlSigner(der: Uint8Array, certificates: readonly Buffer[]): Buffer | null {
  return reading('CERT-06', () => {
    const crl = crlFields(der);
    const signer = certificates.find((candidate) => {
      const { subject, spki, extensions } = certificateFields(candidate);
      if (comparableName(subject) !== crl.issuerName) return false;
      return (keyUsage(extensions)?.includes('cRLSign') ?? true) && isSignedBy(crl, spki);
    });
    return signer ?? null;
  });
}

/** PEM of one CRL (RFC 7468 §6): lines of 64 characters, a line break at the end. */
export function crlToPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN X509 CRL-----', ...lines, '-----END X509 CRL-----', ''].join('\n');
}
