import type { Signed } from './certificate-signature.ts';
import { contextConstructed, DerReader, enterOnly, MalformedDer, readOnly, tags } from './der.ts';
import { integerOctets, smallInteger, timeValue, wholeBits } from './der-values.ts';
import {
  directoryNames,
  type IssuingDistributionPoint,
  issuingDistributionPoint,
} from './distribution-points.ts';
import { type Extensions, readExtensions, wrappedExtensions } from './extension-list.ts';
import { extensionOids } from './extensions.ts';
import { generalNames } from './general-names.ts';
import { comparableName } from './name-comparison.ts';

/** One entry of a CRL (RFC 5280 §5.3). */
export interface RevokedCertificate {
  /** Comparable names of those who may have issued the certificate. */
  readonly issuers: readonly string[];
  /** CRLReason; 0 when it is not told. */
  readonly reason: number;
}

/** The fields of a CRL (RFC 5280 §5.1). */
export interface CrlFields extends Signed {
  /** Name, DER. */
  readonly issuer: Buffer;
  /** Comparable name. */
  readonly issuerName: string;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  /** Null when absent. */
  readonly number: bigint | null;
  /** The number of the CRL this delta builds on (§5.2.4); null for a complete CRL. */
  readonly base: bigint | null;
  readonly scope: IssuingDistributionPoint | null;
  /** Octets of scope and authority key identifier, which a delta shares with its complete CRL. */
  readonly kinship: string;
  /** False when it holds a critical extension the station does not know. */
  readonly understood: boolean;
  /** By the serial number's octets in hex. */
  readonly revoked: ReadonlyMap<string, readonly RevokedCertificate[]>;
}

const largestCrl = 8_388_608;
const reasonCode = '2.5.29.21';

const knownExtensions: ReadonlySet<string> = new Set([
  extensionOids.authorityKeyIdentifier,
  extensionOids.cRLNumber,
  extensionOids.deltaCRLIndicator,
  extensionOids.issuingDistributionPoint,
  extensionOids.freshestCRL,
]);
const knownEntryExtensions: ReadonlySet<string> = new Set([
  reasonCode,
  extensionOids.certificateIssuer,
]);

/** @throws MalformedDer when `der` is not one strict, bounded CRL. */
export function crlFields(der: Uint8Array): CrlFields {
  if (der.length > largestCrl) throw new MalformedDer(`a CRL is larger than ${largestCrl} bytes`);
  const outer = enterOnly(Buffer.from(der), tags.sequence, 'a CRL');
  const tbs = outer.take(tags.sequence, 'the signed part of a CRL').whole;
  const signatureAlgorithm = outer.take(tags.sequence, 'the signature algorithm').whole;
  const signature = wholeBits(outer.take(tags.bitString, 'the signature').contents);
  outer.end('the signature');

  const reader = enterOnly(tbs, tags.sequence, 'the signed part of a CRL');
  const version = reader.optional(tags.integer);
  if (version !== null && smallInteger(version.contents) !== 1) {
    throw new MalformedDer('the version of a CRL is not 2');
  }
  const signed = reader.take(tags.sequence, 'the signature algorithm').whole;
  if (!signed.equals(signatureAlgorithm)) {
    throw new MalformedDer('the two signature algorithms of a CRL differ (RFC 5280 §5.1.1.2)');
  }
  const issuer = reader.take(tags.sequence, 'the issuer of a CRL').whole;
  const issuerName = comparableName(issuer);
  const thisUpdate = timeValue(reader.next());
  const dated = reader.nextTag === tags.utcTime || reader.nextTag === tags.generalizedTime;
  const nextUpdate = dated ? timeValue(reader.next()) : null;
  const list = reader.optional(tags.sequence);
  const entries = revokedEntries(list?.contents ?? Buffer.alloc(0), issuerName);
  const extensions = wrappedExtensions(reader, contextConstructed(0));
  reader.end('the fields of a CRL');
  return {
    tbs,
    signatureAlgorithm,
    signature,
    issuer,
    issuerName,
    thisUpdate,
    nextUpdate,
    number: numberOf(extensions, extensionOids.cRLNumber),
    base: numberOf(extensions, extensionOids.deltaCRLIndicator),
    scope: issuingDistributionPoint(extensions),
    kinship: [extensionOids.issuingDistributionPoint, extensionOids.authorityKeyIdentifier]
      .map((oid) => extensions.get(oid)?.value.toString('hex') ?? '')
      .join(' '),
    understood: entries.understood && understands(extensions, knownExtensions),
    revoked: entries.revoked,
  };
}

function revokedEntries(
  contents: Buffer,
  issuerName: string,
): Pick<CrlFields, 'revoked' | 'understood'> {
  const revoked = new Map<string, RevokedCertificate[]>();
  const list = new DerReader(contents);
  let issuers: readonly string[] = [issuerName];
  let understood = true;
  while (!list.done) {
    const reader = list.enter(tags.sequence, 'an entry of a CRL');
    const serial = integerOctets(reader.take(tags.integer, 'a serial number').contents);
    timeValue(reader.next());
    const extensions = reader.done
      ? new Map()
      : readExtensions(reader.enter(tags.sequence, 'the extensions of an entry'));
    reader.end('an entry of a CRL');
    // RFC 5280 §5.3.3: an issuer named in one entry holds for those after it.
    const named = extensions.get(extensionOids.certificateIssuer);
    if (named) issuers = generalNames(named.value).flatMap(directoryNames);
    understood &&= understands(extensions, knownEntryExtensions);
    const key = serial.toString('hex');
    const same = revoked.get(key) ?? [];
    same.push({ issuers, reason: reasonOf(extensions) });
    revoked.set(key, same);
  }
  return { revoked, understood };
}

function reasonOf(extensions: Extensions): number {
  const found = extensions.get(reasonCode);
  if (!found) return 0;
  return smallInteger(readOnly(found.value, tags.enumerated, 'a reason').contents);
}

function numberOf(extensions: Extensions, oid: string): bigint | null {
  const found = extensions.get(oid);
  if (!found) return null;
  const octets = integerOctets(readOnly(found.value, tags.integer, 'the number of a CRL').contents);
  if (octets.length > 21) throw new MalformedDer('the number of a CRL is far too long');
  return BigInt(`0x${octets.toString('hex')}`);
}

function understands(extensions: Extensions, known: ReadonlySet<string>): boolean {
  return [...extensions].every(([oid, { critical }]) => !critical || known.has(oid));
}
