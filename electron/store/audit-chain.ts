import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import type { AuditEvent, AuditRecord } from './store.ts';

/** What the first record names as its predecessor. */
export const genesisHash = '0'.repeat(64);

/** Where a chain ends: the number and hash of its last record, or 0 and the genesis hash. */
export interface ChainEnd {
  readonly sequence: number;
  readonly hash: string;
}

/** A record as it is kept: the canonical text and the SHA-256 of its UTF-8 bytes, lower-case hex. */
export interface ChainLink extends ChainEnd {
  readonly record: string;
}

const recordSchema = z.strictObject({
  sequence: z.int().positive(),
  at: z.string(),
  who: z.string(),
  what: z.string(),
  token: z.string().nullable(),
  certificate: z.string().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  previousHash: z.string(),
});

/** Makes the record that follows `end` (docs/audit-format.md). */
export function nextLink(end: ChainEnd, event: AuditEvent): ChainLink {
  const sequence = end.sequence + 1;
  const record = canonicalJson({
    sequence,
    at: event.at,
    who: event.who,
    what: event.what,
    token: event.token,
    certificate: event.certificate,
    details: event.details,
    previousHash: end.hash,
  });
  return { sequence, record, hash: hashOf(record) };
}

/** Reads a kept record; null when its text is not one. */
export function readLink({ record, hash }: ChainLink): AuditRecord | null {
  try {
    const { success, data } = recordSchema.safeParse(JSON.parse(record));
    return success ? { ...data, hash } : null;
  } catch {
    return null;
  }
}

/** Says why `link` cannot follow `end`, or null when it does. */
export function faultOf(end: ChainEnd, link: ChainLink): string | null {
  const expected = end.sequence + 1;
  if (link.sequence > expected) {
    return `records ${expected} to ${link.sequence - 1} are missing`;
  }
  if (link.sequence < expected) return 'its number is out of order';
  if (hashOf(link.record) !== link.hash) return 'its text does not match its hash';
  const record = readLink(link);
  if (record === null) return 'its text is not an audit record';
  if (record.sequence !== link.sequence) return `its text is that of record ${record.sequence}`;
  if (record.previousHash !== end.hash) return 'it does not follow the record before it';
  return null;
}

function hashOf(record: string): string {
  return createHash('sha256').update(record, 'utf8').digest('hex');
}
