/**
 * Messages between the Chromium window and the station, as JSON text: byte arrays travel as
 * `{"$bytes": base64}`, and a key that begins with `$` gets a second one, so that nothing a page
 * sends can pass for bytes by accident.
 */
export function encodeMessage(value: unknown): string {
  return JSON.stringify(pack(value)) ?? 'null';
}

/** @throws SyntaxError when the text is not such a message. */
export function decodeMessage(text: string): unknown {
  return unpack(JSON.parse(text));
}

const bytesKey = '$bytes';

function pack(value: unknown): unknown {
  if (value instanceof Uint8Array) return { [bytesKey]: toBase64(value) };
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key.startsWith('$') ? `$${key}` : key, pack(part)]),
  );
}

function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === bytesKey) return fromBase64(only[1]);
  return Object.fromEntries(entries.map(([key, part]) => [unescapeKey(key), unpack(part)]));
}

function unescapeKey(key: string): string {
  if (!key.startsWith('$')) return key;
  if (!key.startsWith('$$')) throw new SyntaxError('a reserved key in a message');
  return key.slice(1);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: unknown): Uint8Array {
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) {
    throw new SyntaxError('bytes of a message are not base64');
  }
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
