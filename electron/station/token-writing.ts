import { randomBytes } from 'node:crypto';
import { StationError } from '../../shared/errors/station-error.ts';
import { type Notice, notice } from '../../shared/notices.ts';
import type { SignatureAlgorithm } from '../../shared/profile.ts';
import { aliases, type Keystore, type KeystoreEntry } from '../keystore/keystore.ts';
import { keyStrength, sameKey } from '../pki/public-key.ts';
import { verifySignature } from '../pki/signature.ts';

/** What is written on the keystore after a certificate was issued. */
export interface Issued {
  /** DER. */
  readonly certificate: Buffer;
  readonly spki: Buffer;
  /** DER, in the order they are numbered. */
  readonly caCertificates: readonly Buffer[];
  readonly bootstrapCa: Buffer | null;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** Alias of the key the certificate was issued for. */
  readonly keyAlias: string;
}

/**
 * Writes the certificate beside its key and promotes both to `est-enrolled-key-pair`; the generation before
 * stays as `…-previous` until the new one has been verified. CA certificates come last: without them nothing is lost.
 * @returns words about what did not fit.
 */
export async function writeIssued(keystore: Keystore, issued: Issued): Promise<Notice[]> {
  const { keyAlias, certificate } = issued;
  const entries = await keystore.entries();
  const enrolled = entries.find(({ alias }) => alias === aliases.enrolledKey);
  const promoted = enrolled?.certificate?.equals(certificate) ?? false;
  if (!promoted) await keystore.storeCertificate(keyAlias, certificate);
  if (keyAlias !== aliases.enrolledKey) {
    // What stands there may be of this generation: a promotion that was cut short is completed.
    if (enrolled && !promoted) await keystore.rename(aliases.enrolledKey, aliases.previousKey);
    await keystore.rename(keyAlias, aliases.enrolledKey);
  }
  return await writeCaCertificates(keystore, entries, issued);
}

async function writeCaCertificates(
  keystore: Keystore,
  before: readonly KeystoreEntry[],
  issued: Issued,
): Promise<Notice[]> {
  try {
    for (const [index, der] of issued.caCertificates.entries()) {
      await keystore.storeCertificate(`${aliases.caCertificatePrefix}${index}`, der);
    }
    if (issued.bootstrapCa !== null) {
      await keystore.storeCertificate(aliases.bootstrapCa, issued.bootstrapCa);
    }
    await removeOlderCaCertificates(keystore, before, issued.caCertificates.length);
    return [];
  } catch (error) {
    if (error instanceof StationError && error.code === 'TOKEN-06') {
      return [notice('CA-NO-ROOM')];
    }
    throw error;
  }
}

async function removeOlderCaCertificates(
  keystore: Keystore,
  before: readonly KeystoreEntry[],
  count: number,
): Promise<void> {
  for (const { alias } of before) {
    const number = caCertificateNumber(alias);
    if (number !== null && number >= count) await keystore.remove(alias);
  }
}

/** The `<n>` of `est-cacerts_<n>`, or null for another alias. */
export function caCertificateNumber(alias: string): number | null {
  const number = alias.startsWith(aliases.caCertificatePrefix)
    ? alias.slice(aliases.caCertificatePrefix.length)
    : '';
  return /^\d{1,4}$/.test(number) ? Number(number) : null;
}

/**
 * Reads everything back: the certificate and the CA certificates byte for byte, the key by a test signature.
 * Only then the generation before is removed.
 * @returns words about CA certificates that are not there.
 * @throws StationError CERT-04, CERT-05
 */
export async function verifyWritten(keystore: Keystore, issued: Issued): Promise<Notice[]> {
  const entries = await keystore.entries();
  const enrolled = entries.find(({ alias }) => alias === aliases.enrolledKey);
  if (!enrolled?.certificate?.equals(issued.certificate)) {
    throw new StationError('CERT-04', { keystore: keystore.name });
  }
  await proveKey(keystore, enrolled, issued);
  const notices = caCertificatesThere(keystore, entries, issued);
  await keystore.remove(aliases.previousKey);
  return notices;
}

/** A CA certificate that is missing stands in the record; one that was altered may mislead whoever uses the token. */
function caCertificatesThere(
  { name }: Keystore,
  entries: readonly KeystoreEntry[],
  { caCertificates }: Issued,
): Notice[] {
  const found = caCertificates.map((der, index) => {
    const alias = `${aliases.caCertificatePrefix}${index}`;
    const stored = entries.find((entry) => entry.alias === alias)?.certificate ?? null;
    if (stored !== null && !stored.equals(der))
      throw new StationError('CERT-04', { keystore: name });
    return stored;
  });
  return found.includes(null) ? [notice('CA-NO-ROOM')] : [];
}

/** RFC 5280 says nothing of tokens: that key and certificate belong together is shown by signing and checking. */
async function proveKey(
  keystore: Keystore,
  enrolled: KeystoreEntry,
  { spki, signatureAlgorithm }: Issued,
): Promise<void> {
  const challenge = randomBytes(32);
  const signature = await keystore.sign(aliases.enrolledKey, signatureAlgorithm, challenge);
  const belongs =
    enrolled.key !== null &&
    sameKey(enrolled.key.spki, spki) &&
    verifySignature(spki, signatureAlgorithm, challenge, signature);
  if (!belongs) throw new StationError('CERT-05', { keystore: keystore.name });
}

/** An algorithm for the test signature of a key (SubjectPublicKeyInfo, DER) whose kind the server chose. */
export function provingAlgorithm(spki: Buffer): SignatureAlgorithm {
  const { algorithm } = keyStrength(spki);
  if (algorithm === 'EdDSA') return 'ED25519';
  return algorithm === 'RSA' ? 'SHA256WITHRSA' : 'SHA256WITHECDSA';
}
