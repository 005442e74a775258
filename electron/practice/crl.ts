import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { Name, X509CrlGenerator, X509CrlReason } from '@peculiar/x509';
import type { CertificateAuthority } from './authority.ts';
import { signingKey } from './signing-key.ts';

const week = 7 * 24 * 3600 * 1000;
const lagging = 5 * 60_000;

/**
 * Signs the CRL of a practice CA, DER: in force from a few minutes ago, for clocks that lag, for one week.
 * @param revoked serial numbers, hex.
 */
export async function issueCrl(
  issuer: CertificateAuthority,
  revoked: readonly string[],
): Promise<Buffer> {
  const now = Date.now();
  const { key, algorithm } = await signingKey(issuer.key);
  const thisUpdate = new Date(now - lagging);
  const crl = await X509CrlGenerator.create(
    {
      issuer: new Name(issuer.name),
      thisUpdate,
      nextUpdate: new Date(now + week),
      entries: revoked.map((serialNumber) => ({
        serialNumber,
        revocationDate: thisUpdate,
        reason: X509CrlReason.keyCompromise,
      })),
      signingAlgorithm: algorithm,
      signingKey: key,
    },
    webcrypto,
  );
  return Buffer.from(crl.rawData);
}
