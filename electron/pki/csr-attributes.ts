import type { RequestWishes, WishedExtension } from '../../shared/request-plan.ts';
import { DerReader, enterOnly, MalformedDer, readOnly, tags } from './der.ts';
import { dottedIdentifier, smallInteger } from './der-values.ts';
import { objectIdentifier, sequence, setOf, unsignedInteger } from './der-writer.ts';
import { type EcParameterSet, ecParameterSets, keyAlgorithmOids } from './public-key.ts';
import { reading } from './refusal.ts';
import { challengePasswordOid, extensionRequestOid } from './request.ts';
import {
  curveName,
  type ListedAttribute,
  readAttribute,
  readRequestTemplate,
  type WishedKey,
} from './request-template.ts';
import { signatureAlgorithmOf } from './signature.ts';
import { wishedExtensions } from './wished-extensions.ts';

/** What a server would like to find in a request (RFC 7030 §4.5.2, RFC 9908 §3), as far as the station uses it. */
export interface CsrAttributesContent extends RequestWishes {
  /** Every object identifier and attribute type, dotted, in the order given. */
  readonly oids: string[];
  /** Dotted OID of the first signature algorithm the station knows. */
  readonly signatureAlgorithm: string | null;
  /** Object identifiers that stand more than once in one list. */
  readonly repeated: readonly string[];
  /** Object identifiers beside a template, which alone counts. */
  readonly overridden: readonly string[];
}

/** RFC 9908 §3.4: id-aa-certificationRequestInfoTemplate. */
export const requestTemplateOid = '1.2.840.113549.1.9.16.2.61';
/** RFC 9908 §3.4: id-aa-extensionReqTemplate. */
export const extensionTemplateOid = '1.2.840.113549.1.9.16.2.62';

/** What a server can ask for. */
export type CsrAttributeItem =
  | { readonly oid: string }
  | { readonly ecPublicKey: EcParameterSet }
  | { readonly rsaEncryption: number }
  /** Finished Attribute, DER. */
  | { readonly attribute: Uint8Array };

const mostItems = 256;

/**
 * Reads CsrAttrs, DER (RFC 7030 §4.5.2, RFC 9908 §3). Attributes it does not know are named and otherwise passed over;
 * beside a template everything else counts as unknown (RFC 9908 §4).
 * @throws StationError SERVER-09 {operation, detail}.
 */
export function readCsrAttributes(der: Uint8Array): CsrAttributesContent {
  return reading(
    'SERVER-09',
    () => {
      const list = enterOnly(Buffer.from(der), tags.sequence, 'the list of attributes');
      const items = list.rest(mostItems);
      const listed = items.map(({ tag, whole }) => attributeOf(tag, whole));
      const oids = listed.map(({ oid }) => oid);
      const template = listed.find(({ oid }) => oid === requestTemplateOid);
      return template === undefined
        ? { ...wishesOf(listed), ...plain(listed), oids }
        : fromTemplate(template, listed);
    },
    { operation: 'csrattrs' },
  );
}

/** What goes with a list that has no template. */
function plain(listed: readonly ListedAttribute[]) {
  return { template: false, subject: null, repeated: repeated(listed), overridden: [] };
}

/** RFC 9908 §3.2 wants one attribute of a type. */
function repeated(listed: readonly ListedAttribute[]): string[] {
  const oids = listed.map(({ oid }) => oid);
  return [...new Set(oids.filter((oid, index) => oids.indexOf(oid) !== index))];
}

function fromTemplate(
  template: ListedAttribute,
  listed: readonly ListedAttribute[],
): CsrAttributesContent {
  const [value, second] = template.values;
  if (value === undefined || second !== undefined) {
    throw new MalformedDer('the template must have exactly one value');
  }
  const { subject, key, attributes } = readRequestTemplate(value);
  const wishes = wishesOf(attributes);
  const beside = listed.filter((attribute) => attribute !== template).map(({ oid }) => oid);
  return {
    ...wishes,
    oids: [...listed, ...attributes].map(({ oid }) => oid),
    template: true,
    subject,
    key: key ?? wishes.key,
    unknown: [...wishes.unknown, ...beside],
    repeated: [...repeated(listed), ...repeated(attributes)],
    overridden: beside,
  };
}

type Wishes = Omit<
  CsrAttributesContent,
  'oids' | 'template' | 'subject' | 'repeated' | 'overridden'
>;

function wishesOf(attributes: readonly ListedAttribute[]): Wishes {
  const { extensions, subjectAltNames, subjectAltNameValue } = extensionsOf(attributes);
  const signature = attributes.find(({ oid }) => signatureAlgorithmOf(oid) !== null)?.oid ?? null;
  return {
    asksForPop: attributes.some(({ oid }) => oid === challengePasswordOid),
    key: attributes.map(keyOf).find((key) => key !== null) ?? null,
    signatureAlgorithm: signature,
    signatureName: signature === null ? null : signatureAlgorithmOf(signature),
    extensions,
    subjectAltNames,
    subjectAltNameValue,
    unknown: attributes.map(({ oid }) => oid).filter((oid) => !isKnown(oid)),
  };
}

function isKnown(oid: string): boolean {
  return understood.has(oid) || signatureAlgorithmOf(oid) !== null;
}

const understood: ReadonlySet<string> = new Set([
  challengePasswordOid,
  extensionRequestOid,
  extensionTemplateOid,
  keyAlgorithmOids.ec,
  keyAlgorithmOids.rsa,
]);

function extensionsOf(attributes: readonly ListedAttribute[]) {
  const lists = attributes
    .filter(({ oid }) => oid === extensionRequestOid || oid === extensionTemplateOid)
    .map(({ values }) => wishedExtensions(values));
  const extensions: WishedExtension[] = lists.flatMap((list) => list.extensions);
  const names = lists.flatMap(({ subjectAltNames }) => subjectAltNames ?? []);
  const asked = lists.some(({ subjectAltNames }) => subjectAltNames !== null);
  const [value = null] = lists.flatMap(({ subjectAltNameValue }) => subjectAltNameValue ?? []);
  return { extensions, subjectAltNames: asked ? names : null, subjectAltNameValue: value };
}

function attributeOf(tag: number, whole: Buffer): ListedAttribute {
  return tag === tags.objectIdentifier
    ? { oid: identifierOf(whole), values: [] }
    : readAttribute(whole);
}

function identifierOf(der: Buffer): string {
  return dottedIdentifier(readOnly(der, tags.objectIdentifier, 'an object identifier').contents);
}

function keyOf({ oid, values }: ListedAttribute): WishedKey | null {
  const [value] = values;
  if (!value) return null;
  if (oid === keyAlgorithmOids.ec)
    return { algorithm: 'EC', parameter: curveName(identifierOf(value)) };
  if (oid !== keyAlgorithmOids.rsa) return null;
  const bits = new DerReader(value).take(tags.integer, 'the length of an RSA key').contents;
  return { algorithm: 'RSA', parameter: String(smallInteger(bits)) };
}

/** CsrAttrs, DER, in the order of `items`. */
export function writeCsrAttributes(items: readonly CsrAttributeItem[]): Buffer {
  return sequence(...items.map(written));
}

function written(item: CsrAttributeItem): Buffer {
  if ('oid' in item) return objectIdentifier(item.oid);
  if ('attribute' in item) return Buffer.from(item.attribute);
  if ('ecPublicKey' in item) {
    const curve = objectIdentifier(ecParameterSets[item.ecPublicKey]);
    return sequence(objectIdentifier(keyAlgorithmOids.ec), setOf(curve));
  }
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(item.rsaEncryption);
  return sequence(objectIdentifier(keyAlgorithmOids.rsa), setOf(unsignedInteger(octets)));
}
