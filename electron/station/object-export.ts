import { StationError } from '../../shared/errors/station-error.ts';
import type { KeystoreEntry } from '../keystore/keystore.ts';
import { readCertificate } from '../pki/certificate.ts';
import { certificateBag } from '../pki/certificate-bag.ts';
import { certificateToPem, publicKeyToPem } from '../pki/pem.ts';

/**
 * What is exported, and how: a certificate or public key as PEM (RFC 7468) or DER; a certificate with those above it
 * as PEM, leaf first, or as PKCS#7 certs-only, DER.
 */
export type ExportForm =
  | { readonly what: 'certificate' | 'public-key'; readonly format: 'pem' | 'der' }
  | { readonly what: 'chain'; readonly format: 'pem' | 'p7' };

export interface ExportedObject {
  readonly content: Buffer;
  /** Ending of a file name, without the dot. */
  readonly extension: 'pem' | 'cer' | 'der' | 'p7c';
}

/** @throws StationError TOKEN-09 when the alias has no such object. */
export function exportedObject(
  entries: readonly KeystoreEntry[],
  alias: string,
  { what, format }: ExportForm,
): ExportedObject {
  const entry = entries.find((candidate) => candidate.alias === alias);
  if (what === 'public-key') {
    const spki = entry?.key?.spki;
    if (spki === undefined) throw new StationError('TOKEN-09', { object: 'public key', alias });
    return format === 'pem' ? pem(publicKeyToPem(spki)) : { content: spki, extension: 'der' };
  }
  const certificate = entry?.certificate ?? null;
  if (certificate === null) throw new StationError('TOKEN-09', { object: 'certificate', alias });
  if (format === 'der') return { content: certificate, extension: 'cer' };
  const chain = what === 'chain' ? chainOf(certificate, entries) : [certificate];
  if (format === 'p7') return { content: certificateBag(chain), extension: 'p7c' };
  return pem(chain.map(certificateToPem).join(''));
}

function pem(text: string): ExportedObject {
  return { content: Buffer.from(text), extension: 'pem' };
}

/** No honest chain is longer. */
const longest = 16;

/** The certificate and those of the keystore that lead up from it, by name; nothing is verified here. */
function chainOf(leaf: Buffer, entries: readonly KeystoreEntry[]): Buffer[] {
  const others = entries.flatMap(({ certificate }) => certificate ?? []);
  const chain = [leaf];
  while (chain.length < longest) {
    const { issuerDer } = readCertificate(chain.at(-1) ?? leaf);
    const above = others.find(
      (der) =>
        readCertificate(der).subjectDer.equals(issuerDer) && !chain.some((own) => own.equals(der)),
    );
    if (above === undefined) break;
    chain.push(above);
  }
  return chain;
}
