import { type DerReader, enterOnly, MalformedDer, tags } from './der.ts';
import { booleanValue, dottedIdentifier } from './der-values.ts';

/** One extension (RFC 5280 §4.2); `value` is the content of its OCTET STRING. */
export interface Extension {
  readonly critical: boolean;
  readonly value: Buffer;
}

/** Extensions by dotted OID; each stands at most once. */
export type Extensions = ReadonlyMap<string, Extension>;

const mostExtensions = 128;

/** The Extensions inside the EXPLICIT tag `wrapper`, none when it is absent. @throws MalformedDer. */
export function wrappedExtensions(reader: DerReader, wrapper: number): Extensions {
  const wrapped = reader.optional(wrapper);
  if (wrapped === null) return new Map();
  const outer = enterOnly(wrapped.whole, wrapper, 'the extensions');
  const extensions = readExtensions(outer.enter(tags.sequence, 'the extensions'));
  outer.end('the extensions');
  return extensions;
}

/** All that is left in a reader over the contents of Extensions. @throws MalformedDer. */
export function readExtensions(list: DerReader): Extensions {
  const extensions = new Map<string, Extension>();
  while (!list.done) {
    const { oid, extension } = extensionOf(list);
    if (extensions.has(oid)) throw new MalformedDer(`the extension ${oid} stands twice`);
    if (extensions.size === mostExtensions) throw new MalformedDer('there are too many extensions');
    extensions.set(oid, extension);
  }
  return extensions;
}

function extensionOf(list: DerReader): { oid: string; extension: Extension } {
  const reader = list.enter(tags.sequence, 'an extension');
  const oid = dottedIdentifier(reader.take(tags.objectIdentifier, 'an extension').contents);
  const flag = reader.optional(tags.boolean);
  const value = reader.take(tags.octetString, 'the value of an extension').contents;
  reader.end('an extension');
  return { oid, extension: { critical: flag !== null && booleanValue(flag.contents), value } };
}
