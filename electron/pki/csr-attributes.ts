import { DerReader, enterOnly, MalformedDer, readOnly, tags } from './der.ts';
import { dottedIdentifier, smallInteger } from './der-values.ts';
import { objectIdentifier, sequence, setOf, unsignedInteger } from './der-writer.ts';
import { ecParameterSets, keyAlgorithmOids } from './public-key.ts';
import { reading } from './refusal.ts';
import { challengePasswordOid } from './request.ts';
import { signatureAlgorithmOf } from './signature.ts';

/** What a server would like to find in a request (RFC 7030 §4.5.2), as far as the station uses it. */
export interface CsrAttributesContent {
  /** Every object identifier and attribute type, dotted, in the order given. */
  readonly oids: string[];
  /** challengePassword stands there: proof of possession is wanted. */
  readonly asksForPop: boolean;
  /** `prime256v1`, `secp384r1`, bits of RSA, or the dotted OID of another curve. */
  readonly key: { readonly algorithm: 'EC' | 'RSA'; readonly parameter: string } | null;
  /** Dotted OID of the first signature algorithm the station knows. */
  readonly signatureAlgorithm: string | null;
}

/** What a server can ask for. */
export type CsrAttributeItem =
  | { readonly oid: string }
  | { readonly ecPublicKey: 'prime256v1' | 'secp384r1' }
  | { readonly rsaEncryption: number };

const mostItems = 256;

/**
 * Reads CsrAttrs, DER (RFC 7030 §4.5.2, RFC 9908 §3.2). Attributes it does not know are named and otherwise passed over.
 * @throws StationError SERVER-09 {operation, detail}.
 */
export function readCsrAttributes(der: Uint8Array): CsrAttributesContent {
  return reading(
    'SERVER-09',
    () => {
      const items = enterOnly(Buffer.from(der), tags.sequence, 'the list of attributes').rest();
      if (items.length > mostItems)
        throw new MalformedDer('the list of attributes is far too long');
      const attributes = items.map(({ tag, whole }) => attributeOf(tag, whole));
      const oids = attributes.map(({ oid }) => oid);
      return {
        oids,
        asksForPop: oids.includes(challengePasswordOid),
        key: attributes.map(keyOf).find((key) => key !== null) ?? null,
        signatureAlgorithm: oids.find((oid) => signatureAlgorithmOf(oid) !== null) ?? null,
      };
    },
    { operation: 'csrattrs' },
  );
}

interface Attribute {
  readonly oid: string;
  readonly values: Buffer[];
}

function attributeOf(tag: number, whole: Buffer): Attribute {
  if (tag === tags.objectIdentifier) return { oid: identifierOf(whole), values: [] };
  const reader = enterOnly(whole, tags.sequence, 'an attribute');
  const oid = dottedIdentifier(reader.take(tags.objectIdentifier, 'an attribute').contents);
  const values = reader.enter(tags.set, 'the values of an attribute').rest();
  reader.end('an attribute');
  return { oid, values: values.map((value) => value.whole) };
}

function identifierOf(der: Buffer): string {
  return dottedIdentifier(readOnly(der, tags.objectIdentifier, 'an object identifier').contents);
}

function keyOf({ oid, values }: Attribute): CsrAttributesContent['key'] {
  const [value] = values;
  if (!value) return null;
  if (oid === keyAlgorithmOids.ec) {
    const curve = identifierOf(value);
    const known = Object.entries(ecParameterSets).find(([, number]) => number === curve);
    return { algorithm: 'EC', parameter: known?.[0] ?? curve };
  }
  if (oid === keyAlgorithmOids.rsa) {
    const bits = new DerReader(value).take(tags.integer, 'the length of an RSA key').contents;
    return { algorithm: 'RSA', parameter: String(smallInteger(bits)) };
  }
  return null;
}

/** CsrAttrs, DER, in the order of `items`. */
export function writeCsrAttributes(items: readonly CsrAttributeItem[]): Buffer {
  return sequence(...items.map(written));
}

function written(item: CsrAttributeItem): Buffer {
  if ('oid' in item) return objectIdentifier(item.oid);
  if ('ecPublicKey' in item) {
    const curve = objectIdentifier(ecParameterSets[item.ecPublicKey]);
    return sequence(objectIdentifier(keyAlgorithmOids.ec), setOf(curve));
  }
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(item.rsaEncryption);
  return sequence(objectIdentifier(keyAlgorithmOids.rsa), setOf(unsignedInteger(octets)));
}
