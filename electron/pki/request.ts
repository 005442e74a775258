import { StationError } from '../../shared/errors/station-error.ts';
import type { SignatureAlgorithm } from '../../shared/profile.ts';
import { isSignedBy } from './certificate-signature.ts';
import { contextConstructed, DerReader, enterOnly, MalformedDer, tags } from './der.ts';
import { dottedIdentifier, smallInteger, stringValue, wholeBits } from './der-values.ts';
import {
  bitString,
  element,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  unsignedInteger,
} from './der-writer.ts';
import { readExtensions } from './extension-list.ts';
import { extensionOids } from './extensions.ts';
import { generalNames, writeGeneralNames } from './general-names.ts';
import { nameRdns } from './name.ts';
import { reading } from './refusal.ts';
import { algorithmIdentifier, verifySignature } from './signature.ts';

/** What a certification request is made of. */
export interface RequestInput {
  /** DER Name, copied byte for byte. */
  readonly subject: Uint8Array;
  /** `DNS:…`, `IP:…`, `email:…`, `URI:…`. */
  readonly subjectAltNames: readonly string[];
  /** GeneralNames, DER, copied byte for byte instead of `subjectAltNames` (RFC 7030 §4.2.2). */
  readonly subjectAltNameDer?: Uint8Array | null;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** Base64 of the channel binding (RFC 7030 §3.5), or null for none. */
  readonly challengePassword: string | null;
  /** Further extensions asked for; `value` is the content of the OCTET STRING. */
  readonly extensions?: readonly RequestedExtension[];
  /** Further attributes, each with one value. */
  readonly extraAttributes?: readonly RequestAttribute[];
  /** @returns ECDSA as DER SEQUENCE{r,s}, RSA and Ed25519 as octets. */
  readonly sign: (data: Uint8Array) => Promise<Uint8Array>;
}

/** One extension a request asks for. */
export interface RequestedExtension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** An attribute of a certification request with its single value, DER. */
export interface RequestAttribute {
  /** Dotted. */
  readonly oid: string;
  readonly value: Uint8Array;
}

/** What a certification request says (RFC 2986 §4). */
export interface CertificationRequest {
  /** DER Name. */
  readonly subject: Buffer;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  /** GeneralNames, DER. */
  readonly subjectAltNameDer: Buffer | null;
  readonly challengePassword: string | null;
  /** The first value of every attribute, DER, by dotted OID. */
  readonly attributes: ReadonlyMap<string, Buffer>;
  /** Made by the key of `spki`, with an algorithm the station accepts. */
  readonly signatureValid: boolean;
}

/** RFC 2985 §5.4.1. */
export const challengePasswordOid = '1.2.840.113549.1.9.7';
/** RFC 2985 §5.4.2. */
export const extensionRequestOid = '1.2.840.113549.1.9.14';
/** RFC 2985 appendix A: pkcs-9-ub-challengePassword. */
const longestChallengePassword = 255;
const largestRequest = 65_536;

/**
 * A PKCS#10 certification request, DER (RFC 2986), verified with its own key before it is returned.
 * @throws StationError PROFILE-02 for an alternative name that is none, INTERNAL-01 for a challenge password of
 *   impossible length, TOKEN-12 when the signature does not belong to the key; and what `sign` throws.
 */
export async function createRequest(input: RequestInput): Promise<Buffer> {
  const information = sequence(
    unsignedInteger(Buffer.of(0)),
    input.subject,
    input.spki,
    element(contextConstructed(0), ...attributes(input)),
  );
  const signature = await input.sign(information);
  if (!verifySignature(input.spki, input.signatureAlgorithm, information, signature)) {
    const detail = 'its signature does not verify with its public key';
    throw new StationError('TOKEN-12', { detail });
  }
  return sequence(information, algorithmIdentifier(input.signatureAlgorithm), bitString(signature));
}

/** A SET OF without its identifier; its members stand in the order of their encodings. */
function attributes(input: RequestInput): Buffer[] {
  const members: Buffer[] = [];
  const alternatives = alternativesOf(input);
  const extensions: readonly RequestedExtension[] = [
    ...(alternatives === null
      ? []
      : [{ oid: extensionOids.subjectAltName, critical: false, value: alternatives }]),
    ...(input.extensions ?? []),
  ];
  if (extensions.length > 0) {
    members.push(attribute(extensionRequestOid, sequence(...extensions.map(writtenExtension))));
  }
  if (input.challengePassword !== null) {
    members.push(attribute(challengePasswordOid, directoryString(input.challengePassword)));
  }
  for (const { oid, value } of input.extraAttributes ?? []) members.push(attribute(oid, value));
  return members.sort(Buffer.compare);
}

/** DEFAULT FALSE is left out (X.690 §11.5). */
function writtenExtension({ oid, critical, value }: RequestedExtension): Buffer {
  const flag = critical ? [element(tags.boolean, Buffer.of(0xff))] : [];
  return sequence(objectIdentifier(oid), ...flag, octetString(value));
}

function alternativesOf(input: RequestInput): Uint8Array | null {
  if (input.subjectAltNameDer) return input.subjectAltNameDer;
  return input.subjectAltNames.length === 0 ? null : writeGeneralNames(input.subjectAltNames);
}

function attribute(oid: string, value: Uint8Array): Buffer {
  return sequence(objectIdentifier(oid), setOf(value));
}

/** RFC 2985 §5.4.1: PrintableString where the characters allow it, UTF8String otherwise. */
function directoryString(text: string): Buffer {
  const octets = Buffer.from(text, 'utf8');
  if (octets.length === 0 || [...text].length > longestChallengePassword) {
    throw new StationError('INTERNAL-01', {
      detail: 'a challenge password has no possible length',
    });
  }
  const printable = /^[A-Za-z0-9 '()+,./:=?-]*$/.test(text);
  return element(printable ? tags.printableString : tags.utf8String, octets);
}

/**
 * Reads a PKCS#10 certification request, DER, strictly.
 * @throws StationError CERT-06 {detail}.
 */
export function readRequest(der: Uint8Array): CertificationRequest {
  return reading('CERT-06', () => {
    if (der.length > largestRequest) throw new MalformedDer('the request is far too large');
    const outer = enterOnly(Buffer.from(der), tags.sequence, 'a certification request');
    const tbs = outer.take(tags.sequence, 'the signed part of a request').whole;
    const signatureAlgorithm = outer.take(tags.sequence, 'the signature algorithm').whole;
    const signature = wholeBits(outer.take(tags.bitString, 'the signature').contents);
    outer.end('the signature');

    const reader = enterOnly(tbs, tags.sequence, 'the signed part of a request');
    const version = smallInteger(reader.take(tags.integer, 'the version').contents);
    if (version !== 0)
      throw new MalformedDer('the version of the request is not the only one there is');
    const subject = reader.take(tags.sequence, 'the subject').whole;
    nameRdns(subject);
    const spki = reader.take(tags.sequence, 'the public key').whole;
    const found = attributesOf(reader);
    reader.end('the fields of a request');
    return {
      subject,
      spki,
      subjectAltNameDer: requestedNames(found.get(extensionRequestOid)),
      challengePassword: challengePasswordOf(found.get(challengePasswordOid)),
      attributes: found,
      signatureValid: isSignedBy({ tbs, signatureAlgorithm, signature }, spki),
    };
  });
}

/** The single value of each attribute, DER, by OID. */
function attributesOf(reader: DerReader): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const list = reader.optional(contextConstructed(0));
  for (const { whole } of new DerReader(list?.contents ?? Buffer.alloc(0)).rest()) {
    const pair = enterOnly(whole, tags.sequence, 'an attribute');
    const oid = dottedIdentifier(pair.take(tags.objectIdentifier, 'an attribute').contents);
    const values = pair.enter(tags.set, 'the values of an attribute').rest();
    pair.end('an attribute');
    const [value] = values;
    if (found.has(oid)) throw new MalformedDer(`the attribute ${oid} stands twice`);
    if (value) found.set(oid, value.whole);
    const single = oid === challengePasswordOid || oid === extensionRequestOid;
    if (single && values.length !== 1) {
      throw new MalformedDer(`the attribute ${oid} must have exactly one value`);
    }
  }
  return found;
}

function requestedNames(extensionRequest: Buffer | undefined): Buffer | null {
  if (!extensionRequest) return null;
  const extensions = readExtensions(enterOnly(extensionRequest, tags.sequence, 'the extensions'));
  const names = extensions.get(extensionOids.subjectAltName)?.value ?? null;
  if (names !== null) generalNames(names);
  return names;
}

function challengePasswordOf(value: Buffer | undefined): string | null {
  return value === undefined ? null : stringValue(new DerReader(value).next());
}
