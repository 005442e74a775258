import { objectIdentifier, octetString, sequence, unsignedInteger } from '../pki/der-writer.ts';
import { keyIdentifier } from '../pki/public-key.ts';
import { booleanTrue, implicit, namedBits } from './der.ts';

/** RFC 5280 §4.2.1.3, bit numbers. */
const keyUsageBits = {
  digitalSignature: 0,
  keyEncipherment: 2,
  keyCertSign: 5,
  cRLSign: 6,
} as const;

type KeyUsageName = keyof typeof keyUsageBits;

/** RFC 5280 §4.2.1.12, RFC 6402 §2.10. */
const purposes = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  cmcRA: '1.3.6.1.5.5.7.3.28',
} as const;

export type PurposeName = keyof typeof purposes;

function extension(oid: string, critical: boolean, value: Uint8Array): Buffer {
  const flag = critical ? [booleanTrue()] : [];
  return sequence(objectIdentifier(oid), ...flag, octetString(value));
}

/** A CA certificate: critical, with the number of CA certificates that may follow (RFC 5280 §4.2.1.9). */
export const caConstraints = (pathLength: number): Buffer =>
  extension('2.5.29.19', true, sequence(booleanTrue(), unsignedInteger(Buffer.of(pathLength))));

/** An end entity: cA is FALSE by default and therefore absent. */
export const endEntityConstraints = (): Buffer => extension('2.5.29.19', true, sequence());

export const keyUsage = (names: readonly KeyUsageName[]): Buffer =>
  extension('2.5.29.15', true, namedBits(names.map((name) => keyUsageBits[name])));

export const extendedKeyUsage = (names: readonly PurposeName[]): Buffer =>
  extension('2.5.29.37', false, sequence(...names.map((name) => objectIdentifier(purposes[name]))));

/** SHA-1 of the key's bits (RFC 5280 §4.2.1.2 method 1). */
const identifierOf = (spki: Uint8Array): Buffer => Buffer.from(keyIdentifier(spki), 'hex');

export const subjectKeyIdentifier = (spki: Uint8Array): Buffer =>
  extension('2.5.29.14', false, octetString(identifierOf(spki)));

export const authorityKeyIdentifier = (issuerSpki: Uint8Array): Buffer =>
  extension('2.5.29.35', false, sequence(implicit(0, identifierOf(issuerSpki))));

/**
 * A SubjectAltName from its finished GeneralNames, DER.
 * Critical when the subject is empty (RFC 5280 §4.2.1.6).
 */
export const subjectAltName = (generalNames: Uint8Array, critical: boolean): Buffer =>
  extension('2.5.29.17', critical, generalNames);

/** GeneralNames, DER, of DNS names and IP addresses (4 or 16 bytes). */
export function generalNames(dns: readonly string[], addresses: readonly Uint8Array[]): Buffer {
  return sequence(
    ...dns.map((name) => implicit(2, Buffer.from(name, 'latin1'))),
    ...addresses.map((address) => implicit(7, address)),
  );
}
