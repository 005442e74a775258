import {
  contextConstructed,
  contextPrimitive,
  DerReader,
  enterOnly,
  MalformedDer,
  tags,
} from './der.ts';
import { booleanValue, namedBitNumbers } from './der-values.ts';
import { element, sequence } from './der-writer.ts';
import type { Extensions } from './extension-list.ts';
import { extensionOids } from './extensions.ts';
import { type GeneralName, readGeneralNames } from './general-names.ts';
import { comparableName, comparableRdns } from './name-comparison.ts';

/** Numbers of the reasons a CRL can cover (RFC 5280 §4.2.1.13): keyCompromise to aACompromise. */
export const allReasons: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8]);

/** Where a CRL is found: full names, or what is to be added to the name of the CRL's issuer. */
export type PointName =
  | { readonly kind: 'full'; readonly names: readonly string[] }
  | { readonly kind: 'relative'; readonly rdn: string };

/** RFC 5280 §4.2.1.13; names in comparable form. */
export interface DistributionPoint {
  readonly point: PointName | null;
  readonly reasons: ReadonlySet<number> | null;
  readonly crlIssuers: readonly string[] | null;
}

/** RFC 5280 §5.2.5. */
export interface IssuingDistributionPoint {
  readonly point: PointName | null;
  readonly onlyUserCertificates: boolean;
  readonly onlyCaCertificates: boolean;
  readonly onlyAttributeCertificates: boolean;
  readonly reasons: ReadonlySet<number> | null;
  readonly indirect: boolean;
}

const mostPoints = 64;

/** The distribution points of a certificate; none when the extension is absent. @throws MalformedDer. */
export function distributionPoints(extensions: Extensions): DistributionPoint[] {
  const found = extensions.get(extensionOids.crlDistributionPoints);
  if (!found) return [];
  const list = enterOnly(found.value, tags.sequence, 'the distribution points').rest();
  if (list.length > mostPoints) throw new MalformedDer('there are too many distribution points');
  return list.map(({ whole }) => {
    const reader = enterOnly(whole, tags.sequence, 'a distribution point');
    const point = pointName(reader);
    const reasons = reasonNumbers(reader, 1);
    const issuers = reader.optional(contextConstructed(2));
    reader.end('a distribution point');
    const names = issuers === null ? null : readGeneralNames(new DerReader(issuers.contents));
    return { point, reasons, crlIssuers: names?.flatMap(directoryNames) ?? null };
  });
}

/** @throws MalformedDer. */
export function issuingDistributionPoint(extensions: Extensions): IssuingDistributionPoint | null {
  const found = extensions.get(extensionOids.issuingDistributionPoint);
  if (!found) return null;
  const reader = enterOnly(found.value, tags.sequence, 'the issuing distribution point');
  const flag = (number: number): boolean => {
    const bit = reader.optional(contextPrimitive(number));
    return bit !== null && booleanValue(bit.contents);
  };
  const point = pointName(reader);
  const [onlyUserCertificates, onlyCaCertificates] = [flag(1), flag(2)];
  const reasons = reasonNumbers(reader, 3);
  const [indirect, onlyAttributeCertificates] = [flag(4), flag(5)];
  reader.end('the issuing distribution point');
  return {
    point,
    onlyUserCertificates,
    onlyCaCertificates,
    onlyAttributeCertificates,
    reasons,
    indirect,
  };
}

/** The full names of a point, where `issuer` is the comparable name a relative one is added to. */
export function fullNames(point: PointName, issuer: string): readonly string[] {
  if (point.kind === 'full') return point.names;
  return [directoryKey(JSON.stringify([...(JSON.parse(issuer) as string[]), point.rdn]))];
}

/** The form in which a comparable Name stands among the names of a point. */
export function directoryKey(name: string): string {
  return `DN:${name}`;
}

/** The comparable names among these that are directory names. */
export function directoryNames(name: GeneralName): string[] {
  return name.kind === 'directory' ? [comparableName(name.name)] : [];
}

function pointName(reader: DerReader): PointName | null {
  const wrapped = reader.optional(contextConstructed(0));
  if (wrapped === null) return null;
  const choice = new DerReader(wrapped.contents);
  const full = choice.optional(contextConstructed(0));
  const relative = full === null ? choice.take(contextConstructed(1), 'a point') : null;
  choice.end('a point');
  if (full !== null) {
    const names = readGeneralNames(new DerReader(full.contents));
    return { kind: 'full', names: names.flatMap(comparable) };
  }
  const contents = relative?.contents ?? Buffer.alloc(0);
  const [rdn] = comparableRdns(sequence(element(tags.set, contents)));
  if (rdn === undefined) throw new MalformedDer('the relative name of a point is empty');
  return { kind: 'relative', rdn };
}

/** Kinds that no CRL in use is found by are left out, and so match nothing. */
function comparable(name: GeneralName): string[] {
  switch (name.kind) {
    case 'directory':
      return [directoryKey(comparableName(name.name))];
    case 'DNS':
    case 'email':
    case 'URI':
      return [`${name.kind}:${name.text}`];
    default:
      return [];
  }
}

function reasonNumbers(reader: DerReader, number: number): ReadonlySet<number> | null {
  const found = reader.optional(contextPrimitive(number));
  if (found === null) return null;
  const bits = namedBitNumbers(found.contents);
  return new Set([...allReasons].filter((reason) => bits.has(reason)));
}
