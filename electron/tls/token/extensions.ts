import { ByteReader, uint, vector } from './bytes.ts';
import { alerts, TlsFailure } from './failure.ts';

/** Extensions this client sends or reads, by number (RFC 8446 §4.2). */
export const extensionTypes = {
  serverName: 0,
  supportedGroups: 10,
  ecPointFormats: 11,
  signatureAlgorithms: 13,
  applicationProtocols: 16,
  extendedMasterSecret: 23,
  supportedVersions: 43,
  cookie: 44,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

export type Extensions = ReadonlyMap<number, Buffer>;

/** One extension, as it travels. */
export function extension(type: number, ...content: readonly Uint8Array[]): Buffer {
  return Buffer.concat([uint(2, type), vector(2, ...content)]);
}

/**
 * Reads a list of extensions.
 * @throws TlsFailure illegal_parameter when one stands twice (RFC 8446 §4.2).
 */
export function readExtensions(list: Buffer, what: string): Extensions {
  const reader = new ByteReader(list, what);
  const found = new Map<number, Buffer>();
  while (reader.remaining > 0) {
    const type = reader.uint(2);
    const content = reader.vector(2);
    if (found.has(type)) {
      const message = `the server sent an extension twice in its ${what}`;
      throw new TlsFailure(alerts.illegalParameter, message);
    }
    found.set(type, content);
  }
  return found;
}

/**
 * Refuses answers to questions nobody asked, and answers in the wrong place (RFC 8446 §4.2).
 * @param offered what the ClientHello had.
 * @param allowed what may stand in this message.
 */
export function checkExtensions(
  found: Extensions,
  offered: ReadonlySet<number>,
  allowed: readonly number[],
  what: string,
): void {
  for (const type of found.keys()) {
    if (allowed.includes(type) && (offered.has(type) || type === extensionTypes.cookie)) continue;
    const alert = offered.has(type) ? alerts.illegalParameter : alerts.unsupportedExtension;
    throw new TlsFailure(alert, `the server sent extension ${type} in its ${what}, uncalled for`);
  }
}

const known: ReadonlySet<number> = new Set(Object.values(extensionTypes));

/**
 * Refuses extensions that have no place in a message the server begins by itself; those this client
 * does not know are passed over (RFC 8446 §4.2).
 * @param allowed what may stand in this message.
 */
export function checkPlaces(found: Extensions, allowed: readonly number[], what: string): void {
  for (const type of found.keys()) {
    if (!known.has(type) || allowed.includes(type)) continue;
    const message = `the server sent extension ${type} in its ${what}, where it has no place`;
    throw new TlsFailure(alerts.illegalParameter, message);
  }
}

/** An extension that says all by being there. */
export function checkEmpty(content: Buffer | undefined, what: string): void {
  if (content !== undefined) new ByteReader(content, what).end();
}

/**
 * The protocol the server picked (RFC 7301 §3.1), or null.
 * @throws TlsFailure when it is none of those offered, or not exactly one.
 */
export function chosenProtocol(extensions: Extensions, offered: readonly string[]): string | null {
  const content = extensions.get(extensionTypes.applicationProtocols);
  if (content === undefined) return null;
  const what = 'choice of an application protocol';
  const outer = new ByteReader(content, what);
  const list = new ByteReader(outer.vector(2, 2), what);
  outer.end();
  const name = list.vector(1, 1).toString('latin1');
  list.end();
  if (!offered.includes(name)) {
    const message = 'the server chose an application protocol that was not offered';
    throw new TlsFailure(alerts.illegalParameter, message);
  }
  return name;
}
