import { isIP } from 'node:net';
import { MalformedDer } from './der.ts';
import type { GeneralName } from './general-names.ts';
import { comparableRdns } from './name-comparison.ts';

/**
 * True when `name` lies in `subtree`, both of one kind (RFC 5280 §4.2.1.10). In doubt the answer is the one
 * that refuses: a kind that cannot be compared is outside what is permitted and inside what is excluded.
 * @throws MalformedDer when the subtree is not what its kind prescribes.
 */
export function withinSubtree(
  name: GeneralName,
  subtree: GeneralName,
  side: 'permitted' | 'excluded',
): boolean {
  const doubt = side === 'excluded';
  if (name.kind === 'DNS' && subtree.kind === 'DNS') {
    return withinDomain(comparable(name.text), comparable(subtree.text), side);
  }
  if (name.kind === 'email' && subtree.kind === 'email') {
    return withinMailbox(name.text, subtree.text) ?? doubt;
  }
  if (name.kind === 'URI' && subtree.kind === 'URI') {
    const host = hostOf(name.text);
    return host === null ? doubt : onHost(comparable(host), comparable(subtree.text));
  }
  if (name.kind === 'IP' && subtree.kind === 'IP') {
    return withinNetwork(name.octets, subtree.octets) ?? doubt;
  }
  if (name.kind === 'directory' && subtree.kind === 'directory') {
    const inner = comparableRdns(name.name);
    return comparableRdns(subtree.name).every((rdn, index) => rdn === inner[index]);
  }
  return doubt;
}

/** In lower case and without a final dot, which changes nothing about a name (RFC 1034 §3.1). */
function comparable(domain: string): string {
  return domain.toLowerCase().replace(/\.$/, '');
}

/** Any number of labels may be added on the left; a wildcard reaches an excluded name directly below it. */
function withinDomain(domain: string, base: string, side: 'permitted' | 'excluded'): boolean {
  if (base === '') return true;
  const suffix = base.startsWith('.') ? base : `.${base}`;
  if (domain === base || domain.endsWith(suffix)) return true;
  if (side === 'permitted' || !domain.startsWith('*.')) return false;
  const covered = base.startsWith('.') ? base.slice(1) : base;
  return covered.slice(covered.indexOf('.') + 1) === domain.slice(2) && covered.includes('.');
}

/** A mailbox, a host, or with a leading dot the hosts below a domain. Null when `name` is no mailbox. */
function withinMailbox(name: string, base: string): boolean | null {
  const { local, host } = mailbox(name);
  if (local === null) return null;
  const wanted = mailbox(base);
  if (wanted.local === null) return onHost(host, comparable(base));
  return wanted.local === local && wanted.host === host;
}

function mailbox(text: string): { local: string | null; host: string } {
  const at = text.lastIndexOf('@');
  return {
    local: at < 0 ? null : text.slice(0, at),
    host: comparable(text.slice(at + 1)),
  };
}

/** A host itself, or with a leading dot the hosts below a domain. */
function onHost(host: string, base: string): boolean {
  if (base === '') return true;
  return base.startsWith('.') ? host.endsWith(base) && host !== base : host === base;
}

/** The host of a URI's authority; null when it has none or an IP address (RFC 5280 §4.2.1.10). */
function hostOf(uri: string): string | null {
  const found =
    /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(?<host>[^/?#:@[\]]+)(?::\d*)?(?:[/?#]|$)/.exec(
      uri,
    );
  const host = found?.groups?.host?.toLowerCase() ?? '';
  return host === '' || isIP(host) !== 0 ? null : host;
}

/** Null when the address is of another family. */
function withinNetwork(address: Buffer, network: Buffer): boolean | null {
  if (network.length !== 8 && network.length !== 32) {
    throw new MalformedDer('a network in the name constraints has an impossible length');
  }
  const half = network.length / 2;
  if (address.length !== 4 && address.length !== 16) return null;
  if (address.length !== half) return false;
  return address.every((octet, index) => {
    const mask = network[half + index] ?? 0;
    return (octet & mask) === ((network[index] ?? 0) & mask);
  });
}
