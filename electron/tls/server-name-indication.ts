import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/**
 * What to say as server_name: the domain name in ASCII without its final dot; null for addresses in
 * any notation, which have no place there (RFC 6066 §3).
 */
export function serverNameIndication(host: string): string | null {
  const name = domainToASCII(host).replace(/\.$/, '');
  return name === '' || isIP(host) !== 0 || isIP(name) !== 0 ? null : name;
}
