import { isIPv4, isIPv6 } from 'node:net';

/** The 4 or 16 octets of an IP address in any of its notations, or null when the text is none. A zone is refused. */
export function addressOctets(text: string): Buffer | null {
  if (isIPv4(text)) return Buffer.from(text.split('.').map(Number));
  if (!isIPv6(text) || text.includes('%')) return null;
  const dotted = /^(?<head>.*:)(?<v4>\d+\.\d+\.\d+\.\d+)$/.exec(text)?.groups;
  const tail = Buffer.from((dotted?.v4 ?? '').split('.').map(Number));
  const plain = dotted
    ? `${dotted.head}${tail.readUInt16BE(0).toString(16)}:${tail.readUInt16BE(2).toString(16)}`
    : text;
  const [before = '', after] = plain.split('::');
  const left = groups(before);
  const right = groups(after ?? '');
  const missing = after === undefined ? 0 : 8 - left.length - right.length;
  const octets = Buffer.alloc(16);
  for (const [index, group] of [...left, ...Array<number>(missing).fill(0), ...right].entries()) {
    octets.writeUInt16BE(group, index * 2);
  }
  return octets;
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

/** Text of 4 or 16 octets, or null for any other length; IPv6 after RFC 5952 §4. */
export function addressText(octets: Uint8Array): string | null {
  if (octets.length === 4) return [...octets].join('.');
  if (octets.length !== 16) return null;
  const buffer = Buffer.from(octets);
  const parts = Array.from({ length: 8 }, (_, index) => buffer.readUInt16BE(index * 2));
  const { start, length } = longestZeros(parts);
  const words = parts.map((part) => part.toString(16));
  if (length < 2) return words.join(':');
  return `${words.slice(0, start).join(':')}::${words.slice(start + length).join(':')}`;
}

function longestZeros(parts: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  for (const [index, part] of parts.entries()) {
    if (part !== 0) start = index + 1;
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start };
  }
  return longest;
}
