import {
  type CsrAttributeItem,
  extensionTemplateOid,
  requestTemplateOid,
  writeCsrAttributes,
} from '../pki/csr-attributes.ts';
import { contextConstructed, contextPrimitive, tags } from '../pki/der.ts';
import { element, objectIdentifier, octetString, sequence, setOf } from '../pki/der-writer.ts';
import { ecParameterSets, keyAlgorithmOids } from '../pki/public-key.ts';
import { challengePasswordOid, extensionRequestOid } from '../pki/request.ts';

/** What `csrattrs` answers; docs/practice-server.md describes each. */
export const csrattrsShapes = [
  'absent',
  'empty',
  'oids',
  'legacy',
  'extension-oids',
  'extension-value',
  'template',
  'both',
  'unknown',
  'repeated',
  'long',
  'malformed',
] as const;

export type CsrattrsShape = (typeof csrattrsShapes)[number];

/** True for the name of a shape. */
export function isCsrattrsShape(name: string): name is CsrattrsShape {
  return (csrattrsShapes as readonly string[]).includes(name);
}

const clientAuth = '1.3.6.1.5.5.7.3.2';
const keyUsage = '2.5.29.15';
const extendedKeyUsage = '2.5.29.37';
const subjectAltName = '2.5.29.17';
const macAddress = '1.3.6.1.1.1.1.22';
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';
const ecdsaWithSha384 = '1.2.840.10045.4.3.3';

const utf8 = (text: string): Buffer => element(tags.utf8String, Buffer.from(text, 'utf8'));
const bare = (...oids: readonly string[]): CsrAttributeItem[] => oids.map((oid) => ({ oid }));
const withValues = (oid: string, ...values: readonly Uint8Array[]): CsrAttributeItem => ({
  attribute: sequence(objectIdentifier(oid), setOf(...values)),
});
const extension = (oid: string, ...value: readonly Uint8Array[]): Buffer =>
  sequence(objectIdentifier(oid), ...value.map((der) => octetString(der)));

/** digitalSignature, and nonRepudiation, which this CA never certifies: a difference to look at. */
const signingAndMore = element(tags.bitString, Buffer.of(6, 0xc0));
const legacy: readonly CsrAttributeItem[] = [
  { ecPublicKey: 'secp384r1' },
  { oid: ecdsaWithSha384 },
];

/** challengePassword with a value to be replaced: a template alone counts, so it must say so itself. */
const possession = sequence(objectIdentifier(challengePasswordOid), setOf(utf8('')));

/** CertificationRequestInfoTemplate (RFC 9908 §3.4): O is given, CN and the domain name are left to the client. */
function template(asksForPop: boolean): CsrAttributeItem {
  const rdn = (oid: string, ...value: Buffer[]) =>
    element(tags.set, sequence(objectIdentifier(oid), ...value));
  const subject = sequence(rdn('2.5.4.10', utf8('EST Practice')), rdn('2.5.4.3'));
  const key = sequence(
    objectIdentifier(keyAlgorithmOids.ec),
    objectIdentifier(ecParameterSets.secp384r1),
  );
  const extensions = sequence(
    extension(subjectAltName, sequence(element(contextPrimitive(2)))),
    extension(keyUsage, element(tags.bitString, Buffer.of(7, 0x80))),
    extension(extendedKeyUsage, sequence(objectIdentifier(clientAuth))),
  );
  const attribute = sequence(objectIdentifier(extensionTemplateOid), setOf(extensions));
  const version = element(tags.integer, Buffer.of(0));
  return withValues(
    requestTemplateOid,
    sequence(
      version,
      subject,
      element(contextConstructed(0), key),
      element(contextConstructed(1), ...(asksForPop ? [possession] : []), attribute),
    ),
  );
}

const items: Readonly<
  Record<
    Exclude<CsrattrsShape, 'absent' | 'malformed'>,
    (asksForPop: boolean) => readonly CsrAttributeItem[]
  >
> = {
  empty: () => [],
  oids: () => bare(macAddress, ecdsaWithSha256, '2.5.4.5'),
  legacy: () => legacy,
  'extension-oids': () => [
    withValues(extensionRequestOid, objectIdentifier(keyUsage), objectIdentifier(macAddress)),
  ],
  'extension-value': () => [
    withValues(
      extensionRequestOid,
      sequence(
        extension(keyUsage, signingAndMore),
        extension(extendedKeyUsage, sequence(objectIdentifier(clientAuth))),
      ),
    ),
  ],
  template: (asksForPop) => [template(asksForPop)],
  both: (asksForPop) => [{ rsaEncryption: 4096 }, ...bare(ecdsaWithSha256), template(asksForPop)],
  unknown: () => [
    ...bare('2.999.1'),
    withValues('2.999.2', utf8('something'), element(tags.integer, Buffer.of(7))),
  ],
  repeated: () => [...bare(ecdsaWithSha256, ecdsaWithSha256), { ecPublicKey: 'prime256v1' }],
  long: () => bare(...Array.from({ length: 250 }, (_, number) => `2.999.${number + 1}`)),
};

/** CsrAttrs of a shape, DER; `further` items stand before its own. Null where the server answers without any. */
export function csrAttributesOf(
  shape: CsrattrsShape,
  further: readonly CsrAttributeItem[],
  asksForPop: boolean,
): Buffer | null {
  if (shape === 'absent') return null;
  if (shape !== 'malformed') return writeCsrAttributes([...further, ...items[shape](asksForPop)]);
  // The list claims to be longer than it is.
  return writeCsrAttributes(bare(macAddress)).subarray(0, -1);
}
