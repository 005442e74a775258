import { domainToASCII } from 'node:url';
import type { Certificate } from './certificate.ts';
import { type GeneralName, generalNames } from './general-names.ts';
import { addressOctets } from './ip-address.ts';
import { reading } from './refusal.ts';

/**
 * True when the certificate was issued for this server (RFC 9525 §6): only the alternative names count, never
 * the common name. A wildcard stands for one whole left-most label and needs two labels after it.
 * @param host a domain name (also with international characters) or an IP address, without brackets.
 * @throws StationError CERT-06 when the alternative names are malformed.
 */
export function matchServerName(certificate: Certificate, host: string): boolean {
  const { subjectAltNameDer } = certificate;
  if (subjectAltNameDer === null) return false;
  const names = reading('CERT-06', () => generalNames(subjectAltNameDer));
  const domain = domainToASCII(host);
  // 0x7f.1 and 127.0.0.1. are addresses as well: the domain's ASCII form is how others read them.
  const address = addressOctets(host) ?? addressOctets(domain);
  if (address !== null) return names.some((name) => isAddress(name, address));
  const labels = labelsOf(domain);
  return labels !== null && names.some((name) => isDomain(name, labels));
}

function isAddress(name: GeneralName, address: Buffer): boolean {
  return name.kind === 'IP' && name.octets.equals(address);
}

function isDomain(name: GeneralName, labels: readonly string[]): boolean {
  if (name.kind !== 'DNS') return false;
  const wildcard = name.text.startsWith('*.');
  const presented = labelsOf(wildcard ? name.text.slice(2) : name.text);
  if (presented === null) return false;
  if (!wildcard) return sameLabels(presented, labels);
  return presented.length >= 2 && sameLabels(presented, labels.slice(1));
}

function sameLabels(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((label, index) => label === right[index]);
}

/** Labels in lower case, or null when the text is no domain name; a final dot does not count. */
function labelsOf(domain: string): string[] | null {
  const labels = domain.replace(/\.$/, '').toLowerCase().split('.');
  const valid = labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
  return valid && domain.length <= 254 ? labels : null;
}
