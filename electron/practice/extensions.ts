import 'reflect-metadata';
import { createHash } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  Extension,
  GeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
} from '@peculiar/x509';
import { membersOf } from './sequence.ts';

type KeyUsageName = 'digitalSignature' | 'keyEncipherment' | 'keyCertSign' | 'cRLSign';

/** RFC 5280 §4.2.1.12, RFC 6402 §2.10. */
const purposes = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  cmcRA: '1.3.6.1.5.5.7.3.28',
} as const;

export type PurposeName = keyof typeof purposes;

/** RFC 5280 §4.2.1.6. */
export const subjectAltNameOid = '2.5.29.17';

/** A CA certificate: critical, with the number of CA certificates that may follow (RFC 5280 §4.2.1.9). */
export const caConstraints = (pathLength: number): Extension =>
  new BasicConstraintsExtension(true, pathLength, true);

/** An end entity: cA is FALSE by default and therefore absent. */
export const endEntityConstraints = (): Extension =>
  new BasicConstraintsExtension(false, undefined, true);

export const keyUsage = (names: readonly KeyUsageName[]): Extension =>
  new KeyUsagesExtension(
    names.reduce((flags, name) => flags | KeyUsageFlags[name], 0),
    true,
  );

export const extendedKeyUsage = (names: readonly PurposeName[]): Extension =>
  new ExtendedKeyUsageExtension(names.map((name) => purposes[name]));

export const subjectKeyIdentifier = (spki: Uint8Array): Extension =>
  new SubjectKeyIdentifierExtension(identifierOf(spki));

export const authorityKeyIdentifier = (issuerSpki: Uint8Array): Extension =>
  new AuthorityKeyIdentifierExtension(identifierOf(issuerSpki));

/** SHA-1 of the key's bits, without the count of unused ones (RFC 5280 §4.2.1.2 method 1), hex. */
function identifierOf(spki: Uint8Array): string {
  const [, key] = membersOf(spki);
  if (key === undefined) throw new Error('a public key has no bits');
  const bits = key.contents.subarray(1);
  return createHash('sha1').update(bits).digest('hex');
}

/**
 * A SubjectAltName from its finished GeneralNames, DER.
 * Critical when the subject is empty (RFC 5280 §4.2.1.6).
 */
export const subjectAltName = (generalNames: Uint8Array, critical: boolean): Extension =>
  new Extension(subjectAltNameOid, critical, Buffer.from(generalNames));

/** GeneralNames, DER, of DNS names and IP addresses in text. */
export function generalNames(dns: readonly string[], addresses: readonly string[]): Buffer {
  const names = new GeneralNames([
    ...dns.map((value) => ({ type: 'dns' as const, value })),
    ...addresses.map((value) => ({ type: 'ip' as const, value })),
  ]);
  return Buffer.from(names.rawData);
}
