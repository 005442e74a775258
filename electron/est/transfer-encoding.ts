import { StationError } from '../../shared/errors/station-error.ts';
import { type Notice, notice } from '../../shared/notices.ts';

const lineLength = 64;
const alphabet = /^[A-Za-z0-9+/]*={0,2}$/;
const armour = /^-----BEGIN ([A-Z0-9 ]{1,40})-----\s([^-]*)-----END \1-----$/;

export interface DecodedBody {
  readonly der: Buffer;
  /** Tolerated oddities. */
  readonly warnings: readonly Notice[];
}

/**
 * Encodes a request body: base64 in lines of 64 columns, each ended by a newline. Some servers
 * refuse base64 without line breaks, none refuses it with them (RFC 7030 §4.2.1, RFC 8951 §3.1).
 */
export function encodeBody(der: Uint8Array): Buffer {
  const lines = Buffer.from(der)
    .toString('base64')
    .match(new RegExp(`.{1,${lineLength}}`, 'g'));
  return Buffer.from(`${(lines ?? []).join('\n')}\n`, 'latin1');
}

/** Leaves out white space octet by octet: cut into strings, a body of many short words takes many times its size. */
function withoutSpace(text: string): string {
  const octets = Buffer.from(text, 'latin1');
  let length = 0;
  for (const octet of octets) {
    const space = octet === 0x20 || (octet >= 0x09 && octet <= 0x0d);
    if (!space) octets[length++] = octet;
  }
  return octets.toString('latin1', 0, length);
}

/**
 * Decodes an answer's body to DER. Base64 with or without Content-Transfer-Encoding (RFC 8951 §3.1
 * makes it meaningless), with any white space or none, also in PEM armour; raw DER only when the
 * header says `binary`.
 * @param transferEncoding value of Content-Transfer-Encoding, or null.
 * @throws StationError SERVER-09 on anything else: no body, no padding, characters outside the alphabet.
 */
export function decodeBody(
  operation: string,
  body: Buffer,
  transferEncoding: string | null,
): DecodedBody {
  const refuse = (detail: string) => new StationError('SERVER-09', { operation, detail });
  if (body.length === 0) throw refuse('it is empty');
  if (transferEncoding?.trim().toLowerCase() === 'binary') return { der: body, warnings: [] };

  const text = body.toString('latin1').trim();
  const warnings: Notice[] = [];
  let encoded = text;
  if (text.startsWith('-----')) {
    const inside = armour.exec(text)?.[2];
    if (inside === undefined) throw refuse('its PEM armour is not one complete block');
    encoded = inside;
    warnings.push(notice('ANSWER-TOLERATED', { detail: `${operation} in PEM armour` }));
  }
  encoded = withoutSpace(encoded);
  if (encoded.length === 0) throw refuse('it is empty');
  if (!alphabet.test(encoded)) throw refuse('it is not base64');
  if (encoded.length % 4 !== 0) throw refuse('its base64 is incomplete or has no padding');
  return { der: Buffer.from(encoded, 'base64'), warnings };
}
