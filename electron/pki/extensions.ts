import { enterOnly, MalformedDer, readOnly, tags } from './der.ts';
import { booleanValue, dottedIdentifier, namedBitNumbers, smallInteger } from './der-values.ts';
import type { Extensions } from './extension-list.ts';

export const extensionOids = {
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  nameConstraints: '2.5.29.30',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  policyConstraints: '2.5.29.36',
  inhibitAnyPolicy: '2.5.29.54',
  subjectKeyIdentifier: '2.5.29.14',
  authorityKeyIdentifier: '2.5.29.35',
  crlDistributionPoints: '2.5.29.31',
  cRLNumber: '2.5.29.20',
  deltaCRLIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  freshestCRL: '2.5.29.46',
} as const;

/** RFC 5280 §4.2.1.3, in the order of the bits. */
const keyUsageNames = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

export type KeyUsage = (typeof keyUsageNames)[number];

/** RFC 5280 §4.2.1.9. */
export interface BasicConstraints {
  readonly cA: boolean;
  readonly pathLength: number | null;
}

/** All readers throw MalformedDer; null means the extension is absent. */
export function basicConstraints(extensions: Extensions): BasicConstraints | null {
  const found = extensions.get(extensionOids.basicConstraints);
  if (!found) return null;
  const reader = enterOnly(found.value, tags.sequence, 'the basic constraints');
  const flag = reader.optional(tags.boolean);
  const length = reader.optional(tags.integer);
  reader.end('the basic constraints');
  return {
    cA: flag !== null && booleanValue(flag.contents),
    pathLength: length === null ? null : smallInteger(length.contents),
  };
}

export function keyUsage(extensions: Extensions): KeyUsage[] | null {
  const found = extensions.get(extensionOids.keyUsage);
  if (!found) return null;
  const bits = namedBitNumbers(readOnly(found.value, tags.bitString, 'the key usage').contents);
  return keyUsageNames.filter((_, number) => bits.has(number));
}

/** Dotted OIDs of the purposes (RFC 5280 §4.2.1.12). */
export function extendedKeyUsage(extensions: Extensions): string[] | null {
  const found = extensions.get(extensionOids.extendedKeyUsage);
  if (!found) return null;
  const purposes = enterOnly(found.value, tags.sequence, 'the extended key usage').rest();
  if (purposes.length === 0) throw new MalformedDer('the extended key usage is empty');
  return purposes.map(({ whole }) =>
    dottedIdentifier(readOnly(whole, tags.objectIdentifier, 'a purpose').contents),
  );
}
