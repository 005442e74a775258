import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { StationError } from '../../shared/errors/station-error.ts';
import {
  contextConstructed,
  contextPrimitive,
  type DerReader,
  enterOnly,
  MalformedDer,
  readOnly,
  tags,
} from './der.ts';
import { dottedIdentifier } from './der-values.ts';
import { element, sequence } from './der-writer.ts';
import { addressOctets, addressText } from './ip-address.ts';
import { formatDistinguishedName, nameRdns } from './name.ts';

/** One GeneralName (RFC 5280 §4.2.1.6); addresses and names stay as the octets they are. */
export type GeneralName =
  | { readonly kind: 'DNS' | 'email' | 'URI'; readonly text: string }
  | { readonly kind: 'IP'; readonly octets: Buffer }
  | { readonly kind: 'directory'; readonly name: Buffer }
  | { readonly kind: 'registered'; readonly oid: string }
  | { readonly kind: 'other'; readonly oid: string }
  | { readonly kind: 'x400' | 'EDI' };

const mostNames = 1024;
const texts = { email: 1, DNS: 2, URI: 6 } as const;

/** @throws MalformedDer when `der` is not GeneralNames with at least one member. */
export function generalNames(der: Uint8Array): GeneralName[] {
  return readGeneralNames(enterOnly(der, tags.sequence, 'a list of names'));
}

/** All that is left in a reader over the contents of GeneralNames. @throws MalformedDer. */
export function readGeneralNames(list: DerReader): GeneralName[] {
  const members = list.rest();
  if (members.length === 0) throw new MalformedDer('a list of names is empty');
  if (members.length > mostNames) throw new MalformedDer('a list of names is far too long');
  return members.map(({ whole }) => generalName(whole));
}

/** @throws MalformedDer. */
export function generalName(der: Buffer): GeneralName {
  const [tag = 0] = der;
  const octets = () => readOnly(der, tag, 'a name').contents;
  switch (tag) {
    case contextConstructed(0): {
      const reader = enterOnly(der, tag, 'another name');
      const oid = dottedIdentifier(reader.take(tags.objectIdentifier, 'another name').contents);
      reader.take(contextConstructed(0), 'another name');
      reader.end('another name');
      return { kind: 'other', oid };
    }
    case contextPrimitive(texts.email):
      return { kind: 'email', text: ia5(octets()) };
    case contextPrimitive(texts.DNS):
      return { kind: 'DNS', text: ia5(octets()) };
    case contextConstructed(3):
      return { kind: 'x400' };
    case contextConstructed(4): {
      const name = enterOnly(der, tag, 'a directory name').next().whole;
      nameRdns(name);
      return { kind: 'directory', name };
    }
    case contextConstructed(5):
      return { kind: 'EDI' };
    case contextPrimitive(texts.URI):
      return { kind: 'URI', text: ia5(octets()) };
    case contextPrimitive(7):
      return { kind: 'IP', octets: octets() };
    case contextPrimitive(8):
      return { kind: 'registered', oid: dottedIdentifier(octets()) };
    default:
      throw new MalformedDer('a name is of a kind that does not exist');
  }
}

/** A general name as the station writes it: `DNS:…`, `IP:…`, `email:…`, `URI:…`, `DN:…`, `RID:…`, `other:…`. */
export function formatGeneralName(name: GeneralName): string {
  switch (name.kind) {
    case 'DNS':
    case 'email':
    case 'URI':
      return `${name.kind}:${name.text}`;
    case 'IP':
      return `IP:${addressText(name.octets) ?? name.octets.toString('hex')}`;
    case 'directory':
      return `DN:${formatDistinguishedName(name.name)}`;
    case 'registered':
      return `RID:${name.oid}`;
    case 'other':
      return `other:${name.oid}`;
    default:
      return `${name.kind}:`;
  }
}

/**
 * GeneralNames (DER) of texts such as `DNS:pump-7.example`, `IP:192.0.2.7`, `email:…`, `URI:…`.
 * Names of domains become A-labels (RFC 5280 §7.2).
 * @throws StationError PROFILE-02 {problems}.
 */
export function writeGeneralNames(names: readonly string[]): Buffer {
  return sequence(...names.map(writeGeneralName));
}

function writeGeneralName(text: string): Buffer {
  const colon = text.indexOf(':');
  const kind = text.slice(0, colon);
  const value = text.slice(colon + 1).trim();
  switch (kind) {
    case 'DNS':
      return element(contextPrimitive(texts.DNS), Buffer.from(domainName(text, value), 'latin1'));
    case 'IP':
      return element(contextPrimitive(7), addressOctets(value) ?? refuse(text, 'is no IP address'));
    case 'email':
      if (!/^[!-?A-~]+@[!-?A-~]+$/.test(value)) refuse(text, 'is no ASCII mail address');
      return element(contextPrimitive(texts.email), Buffer.from(value, 'latin1'));
    case 'URI':
      if (!/^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/.test(value)) refuse(text, 'is no absolute URI');
      return element(contextPrimitive(texts.URI), Buffer.from(value, 'latin1'));
    default:
      return refuse(text, 'must begin with DNS:, IP:, email: or URI:');
  }
}

function domainName(text: string, value: string): string {
  const wildcard = value.startsWith('*.') ? '*.' : '';
  const name = domainToASCII(value.slice(wildcard.length));
  const label = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?';
  const valid = new RegExp(`^${label}(?:\\.${label})*$`).test(name) && name.length <= 253;
  if (!valid || isIP(name) !== 0) refuse(text, 'is no domain name');
  return `${wildcard}${name}`;
}

function refuse(text: string, why: string): never {
  throw new StationError('PROFILE-02', { problems: `request.subjectAltNames: ${text} ${why}` });
}

function ia5(octets: Buffer): string {
  if (octets.some((byte) => byte >= 0x80)) throw new MalformedDer('a name holds more than ASCII');
  return octets.toString('latin1');
}
