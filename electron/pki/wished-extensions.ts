import type { WishedExtension } from '../../shared/request-plan.ts';
import { enterOnly, MalformedDer, readOnly, tags } from './der.ts';
import { booleanValue, dottedIdentifier } from './der-values.ts';
import type { Extensions } from './extension-list.ts';
import { extendedKeyUsage, extensionOids, keyUsage } from './extensions.ts';
import { formatGeneralName, generalName } from './general-names.ts';

/** Extensions a server wishes to find in a request. */
export interface WishedExtensions {
  /** All but the SubjectAltName. */
  readonly extensions: readonly WishedExtension[];
  /**
   * Names for the SubjectAltName: `DNS:…` where the server gives the name, `DNS:` alone where the client fills it in.
   * Null when it asks for no SubjectAltName; empty when it leaves all of it to the client.
   */
  readonly subjectAltNames: readonly string[] | null;
  /** base64 of the SubjectAltName's value, DER, when no name of it is left open; null otherwise. */
  readonly subjectAltNameValue: string | null;
}

const mostExtensions = 128;
const longestText = 400;

/**
 * Reads the values of an extensionRequest: object identifiers alone, as the example of RFC 7030 §4.5.2 has them, one
 * Extensions value (RFC 9908 §3.2), or ExtensionTemplates, whose values may be absent (RFC 9908 §3.4).
 * @throws MalformedDer.
 */
export function wishedExtensions(values: readonly Buffer[]): WishedExtensions {
  const members = values.flatMap(extensionsOf);
  if (members.length > mostExtensions) throw new MalformedDer('there are too many extensions');
  const all = members.map(wishedExtension);
  const names = all.find(({ oid }) => oid === extensionOids.subjectAltName);
  const subjectAltNames = names === undefined ? null : wishedNames(names.value);
  return {
    extensions: all.filter(({ oid }) => oid !== extensionOids.subjectAltName).map(described),
    subjectAltNames,
    subjectAltNameValue: subjectAltNames?.some((name) => name.endsWith(':'))
      ? null
      : (names?.value?.toString('base64') ?? null),
  };
}

/** One value: an identifier, a list of extensions, or, as the prose of RFC 9908 §3.4 has it, one extension alone. */
function extensionsOf(value: Buffer): Buffer[] {
  if (value[0] === tags.objectIdentifier) return [value];
  const members = enterOnly(value, tags.sequence, 'the wished extensions').rest();
  const [first, ...others] = members;
  const alone =
    first?.tag === tags.objectIdentifier && others.some(({ tag }) => tag !== tags.objectIdentifier);
  return alone ? [value] : members.map(({ whole }) => whole);
}

interface Raw {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer | null;
}

function wishedExtension(der: Buffer): Raw {
  if (der[0] === tags.objectIdentifier) {
    const oid = dottedIdentifier(readOnly(der, tags.objectIdentifier, 'an extension').contents);
    return { oid, critical: false, value: null };
  }
  const reader = enterOnly(der, tags.sequence, 'an extension');
  const oid = dottedIdentifier(reader.take(tags.objectIdentifier, 'an extension').contents);
  const flag = reader.optional(tags.boolean);
  const value = reader.optional(tags.octetString)?.contents ?? null;
  reader.end('an extension');
  return { oid, critical: flag !== null && booleanValue(flag.contents), value };
}

function described({ oid, critical, value }: Raw): WishedExtension {
  return {
    oid,
    critical,
    value: value === null ? null : value.toString('base64'),
    text: value === null ? '' : extensionText(oid, value).slice(0, longestText),
  };
}

/** The value of an extension in words where the station knows it, in hexadecimal digits otherwise. */
function extensionText(oid: string, value: Buffer): string {
  const alone: Extensions = new Map([[oid, { critical: false, value }]]);
  try {
    const purposes = extendedKeyUsage(alone)?.map(
      (purpose) => purposeNames.get(purpose) ?? purpose,
    );
    const words = keyUsage(alone) ?? purposes ?? null;
    return words === null ? value.toString('hex') : words.join(', ');
  } catch (error) {
    if (error instanceof MalformedDer) return value.toString('hex');
    throw error;
  }
}

/** RFC 5280 §4.2.1.12. */
const purposeNames: ReadonlyMap<string, string> = new Map([
  ['1.3.6.1.5.5.7.3.1', 'serverAuth'],
  ['1.3.6.1.5.5.7.3.2', 'clientAuth'],
  ['1.3.6.1.5.5.7.3.3', 'codeSigning'],
  ['1.3.6.1.5.5.7.3.4', 'emailProtection'],
]);

function wishedNames(value: Buffer | null): string[] {
  if (value === null) return [];
  return enterOnly(value, tags.sequence, 'the alternative names')
    .rest()
    .map(({ whole, tag, contents }) => {
      const text = formatGeneralName(generalName(whole));
      return contents.every((octet) => octet === 0) ? (placeholders.get(tag) ?? text) : text;
    });
}

/** RFC 9908 §3.4: an empty directory name or address is for the client to fill in; empty or zeroed, other names are too. */
const placeholders: ReadonlyMap<number, string> = new Map([
  [0x81, 'email:'],
  [0x82, 'DNS:'],
  [0x86, 'URI:'],
  [0x87, 'IP:'],
]);
