import { StationError } from '../../shared/errors/station-error.ts';
import { type AttributeType, attributeTypeNamed, attributeTypeOf } from './attribute-type.ts';
import { DerReader, MalformedDer, tags } from './der.ts';
import { element, isDottedIdentifier, objectIdentifier, sequence, setOf } from './der-writer.ts';

const longestText = 4096;

/** The text of a distinguished name read from left to right (RFC 4514 §3). */
class NameText {
  readonly #text: string;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get next(): string {
    return this.#text[this.#offset] ?? '';
  }

  skip(): string {
    const character = this.next;
    this.#offset += 1;
    return character;
  }

  skipSpaces(): void {
    while (this.next === ' ') this.#offset += 1;
  }

  /** Consumes what the sticky expression matches here. */
  match(expression: RegExp): string | null {
    expression.lastIndex = this.#offset;
    const found = expression.exec(this.#text)?.[0] ?? null;
    this.#offset += found?.length ?? 0;
    return found;
  }
}

/**
 * DER Name of a text; see `parseDistinguishedName`.
 * @throws StationError PROFILE-05 {dn, detail}.
 */
export function readDistinguishedName(text: string): Buffer {
  try {
    if (text.length > longestText)
      throw new MalformedDer(`it is longer than ${longestText} characters`);
    // A space at the end may be escaped, and an unescaped one is dropped with its value.
    const trimmed = text.trimStart().replace(/[\r\n\t]+$/, '');
    if (trimmed === '') throw new MalformedDer('it is empty');
    return trimmed.startsWith('/')
      ? sequence(...rdns(new NameText(trimmed.slice(1)), '/'))
      : sequence(...rdns(new NameText(trimmed), ',;').reverse());
  } catch (error) {
    if (!(error instanceof MalformedDer)) throw error;
    throw new StationError('PROFILE-05', { dn: text, detail: error.message }, { cause: error });
  }
}

/** Relative distinguished names in the order of the text. */
function rdns(text: NameText, separators: string): Buffer[] {
  const names: Buffer[] = [];
  for (;;) {
    names.push(rdn(text, separators));
    if (text.next === '') return names;
    text.skip();
  }
}

function rdn(text: NameText, separators: string): Buffer {
  const attributes: Buffer[] = [];
  for (;;) {
    attributes.push(attribute(text, separators));
    if (text.next !== '+') break;
    text.skip();
  }
  const distinct = new Set(attributes.map((member) => member.toString('hex')));
  if (distinct.size < attributes.length) throw new MalformedDer('a part stands twice beside a +');
  return setOf(...attributes);
}

function attribute(text: NameText, separators: string): Buffer {
  text.skipSpaces();
  const keyword = text.match(/[A-Za-z0-9.-]+/y);
  text.skipSpaces();
  if (keyword === null || text.skip() !== '=') {
    throw new MalformedDer('each part must be written as type=value, for example CN=pump 7');
  }
  const dotted = keyword.replace(/^oid\./i, '');
  const type = attributeTypeNamed(keyword) ?? attributeTypeOf(dotted);
  if (type === null && !isDottedIdentifier(dotted)) {
    throw new MalformedDer(`the type ${keyword} is not known; a dotted number can stand instead`);
  }
  text.skipSpaces();
  const value = text.next === '#' ? hexValue(text) : stringElement(text, separators, keyword, type);
  text.skipSpaces();
  if (text.next !== '' && text.next !== '+' && !separators.includes(text.next)) {
    throw new MalformedDer(`something follows the value of ${keyword}`);
  }
  return sequence(objectIdentifier(type?.oid ?? dotted), value);
}

/** `#` and the hexadecimal digits of the value's DER (RFC 4514 §2.4). */
function hexValue(text: NameText): Buffer {
  text.skip();
  const digits = text.match(/[0-9A-Fa-f]*/y) ?? '';
  const der = Buffer.from(digits, 'hex');
  if (der.length * 2 !== digits.length)
    throw new MalformedDer('# needs pairs of hexadecimal digits');
  const reader = new DerReader(der);
  reader.next();
  reader.end('the value after #');
  return der;
}

function stringElement(
  text: NameText,
  separators: string,
  keyword: string,
  type: AttributeType | null,
): Buffer {
  const value = text.next === '"' ? quoted(text) : plain(text, separators);
  if (value === '') throw new MalformedDer(`${keyword} has no value`);
  const longest = type?.longest ?? null;
  if (longest !== null && [...value].length > longest) {
    throw new MalformedDer(
      `the value of ${keyword} is longer than ${longest} characters (RFC 5280)`,
    );
  }
  const tag = type?.tag ?? tags.utf8String;
  if (tag === tags.printableString && !/^[A-Za-z0-9 '()+,./:=?-]*$/.test(value)) {
    throw new MalformedDer(`${keyword} may hold only letters A-Z, digits, spaces and '()+,-./:=?`);
  }
  if (tag === tags.ia5String && !isAscii(value)) {
    throw new MalformedDer(`${keyword} may hold only ASCII characters`);
  }
  if (type?.keyword === 'C' && !/^[A-Za-z]{2}$/.test(value)) {
    throw new MalformedDer(`${keyword} must be the two letters of a country`);
  }
  return element(tag, Buffer.from(value, 'utf8'));
}

function isAscii(value: string): boolean {
  return Buffer.from(value, 'utf8').every((byte) => byte < 0x80);
}

/** RFC 2253's quoted form, which people still write. */
function quoted(text: NameText): string {
  text.skip();
  const octets: Buffer[] = [];
  for (;;) {
    if (text.next === '') throw new MalformedDer('a quotation mark is not closed');
    if (text.next === '"') break;
    octets.push(text.next === '\\' ? escapedOctets(text) : Buffer.from(character(text), 'utf8'));
  }
  text.skip();
  return utf8(octets);
}

function plain(text: NameText, separators: string): string {
  const octets: Buffer[] = [];
  let solid = 0;
  while (text.next !== '' && text.next !== '+' && !separators.includes(text.next)) {
    if (text.next === '"') throw new MalformedDer('a quotation mark stands inside a value');
    const bare = text.next !== '\\';
    const octet = bare ? Buffer.from(character(text), 'utf8') : escapedOctets(text);
    const space = bare && octet.equals(Buffer.from(' '));
    octets.push(octet);
    if (!space) solid = octets.length;
  }
  return utf8(octets.slice(0, solid));
}

/** One whole character, which may take two units of the text. */
function character(text: NameText): string {
  return text.match(/[\s\S]/uy) ?? text.skip();
}

/** `\` and a special character, or `\` and the two hexadecimal digits of one octet of UTF-8. */
function escapedOctets(text: NameText): Buffer {
  text.skip();
  const pair = text.match(/[0-9A-Fa-f]{2}/y);
  if (pair !== null) return Buffer.from(pair, 'hex');
  const special = text.match(/[ "#+,;<=>\\/]/y);
  if (special === null) throw new MalformedDer('a backslash is followed by nothing it can escape');
  return Buffer.from(special, 'latin1');
}

function utf8(octets: readonly Buffer[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(octets));
  } catch {
    throw new MalformedDer('escaped octets do not form UTF-8 text');
  }
}
