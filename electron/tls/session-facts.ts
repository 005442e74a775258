const sequence = 0x30;
const integer = 0x02;
const boolean = 0x01;
const contextConstructed = 0xa0;
const opensslFlags = 13;
const boringsslExtendedMasterSecret = 17;
const extendedMasterSecretFlag = 1;

interface Element {
  readonly tag: number;
  readonly value: Buffer;
  readonly end: number;
}

/** One DER element with a definite length of at most 4 octets, or null. */
function element(der: Buffer, offset: number): Element | null {
  const tag = der[offset];
  const first = der[offset + 1];
  if (tag === undefined || first === undefined) return null;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (octets > 4 || first === 0x80 || offset + 2 + octets > der.length) return null;
  const length = octets === 0 ? first : der.readUIntBE(offset + 2, octets);
  const start = offset + 2 + octets;
  const end = start + length;
  return end > der.length ? null : { tag, value: der.subarray(start, end), end };
}

/** Newer versions of Node put the server's name (with a two-octet length) in front of the session. */
const nodePreamble = Buffer.from('\0nodejs:tls:session:1\0', 'latin1');

function withoutPreamble(session: Buffer): Buffer {
  const at = nodePreamble.length;
  if (session.length < at + 2 || !session.subarray(0, at).equals(nodePreamble)) return session;
  return session.subarray(at + 2 + session.readUInt16BE(at));
}

/**
 * Whether a TLS 1.2 session has the extended master secret (RFC 7627). `node:tls` does not say;
 * it stands only in the serialised session: OpenSSL writes `[13] INTEGER flags` (bit 0) and omits
 * flags that are all zero, BoringSSL writes `[17] BOOLEAN`.
 * @param session what `TLSSocket.getSession()` returned (DER).
 * @returns null when the session cannot be read.
 */
export function hasExtendedMasterSecret(session: Buffer | undefined): boolean | null {
  const outer = session === undefined ? null : element(withoutPreamble(session), 0);
  if (outer?.tag !== sequence) return null;
  let offset = 0;
  while (offset < outer.value.length) {
    const field = element(outer.value, offset);
    if (field === null) return null;
    const inner = element(field.value, 0);
    if (field.tag === contextConstructed + opensslFlags && inner?.tag === integer) {
      return ((inner.value.at(-1) ?? 0) & extendedMasterSecretFlag) !== 0;
    }
    if (field.tag === contextConstructed + boringsslExtendedMasterSecret) {
      if (inner?.tag === boolean) return inner.value[0] !== 0;
    }
    offset = field.end;
  }
  return false;
}
