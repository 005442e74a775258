import { fromBER, Sequence } from 'asn1js';

/** A member of a SEQUENCE as it stands there. */
export interface Member {
  /** All its octets. */
  readonly whole: Buffer;
  /** Its octets without identifier and length. */
  readonly contents: Buffer;
}

/**
 * The members of the one SEQUENCE that `der` is, as copies of its very bytes: libraries that read a field and write
 * it again do not keep every encoding.
 * @throws Error when it is none.
 */
export function membersOf(der: Uint8Array): Member[] {
  const { offset, result } = fromBER(der, { parseEmbedded: false });
  if (offset !== der.length || !(result instanceof Sequence)) throw new Error('not a SEQUENCE');
  // The reader lets members reach beyond the length of what holds them; writing them again shows it.
  if (!Buffer.from(result.toBER()).equals(der))
    throw new Error('the lengths contradict each other');
  return result.valueBlock.value.map((member) => {
    const whole = Buffer.from(member.valueBeforeDecodeView);
    const header = member.idBlock.blockLength + member.lenBlock.blockLength;
    return { whole, contents: whole.subarray(header) };
  });
}
