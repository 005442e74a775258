/** One BER-TLV data object with a tag of one or two octets, given in hex (ISO/IEC 7816-4 §5.2.2). */
export function tlv(tag: string, ...values: readonly (Uint8Array | string)[]): Buffer {
  const value = Buffer.concat(
    values.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)),
  );
  return Buffer.concat([Buffer.from(tag, 'hex'), length(value.length), value]);
}

function length(octets: number): Buffer {
  if (octets < 0x80) return Buffer.of(octets);
  return octets < 0x100 ? Buffer.of(0x81, octets) : Buffer.of(0x82, octets >> 8, octets & 0xff);
}

/** The data objects of one level with tags of one octet, by tag. Throws on what is cut short. */
export function readTlv(data: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  let at = 0;
  while (at < data.length) {
    const tag = data.readUInt8(at);
    const first = data.readUInt8(at + 1);
    const extra = first < 0x80 ? 0 : first & 0x7f;
    const size = extra === 0 ? first : data.readUIntBE(at + 2, extra);
    const start = at + 2 + extra;
    if (start + size > data.length) throw new RangeError('a data object is cut short');
    found.set(tag, data.subarray(start, start + size));
    at = start + size;
  }
  return found;
}
