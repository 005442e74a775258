import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import { StationError } from '../../shared/errors/station-error.ts';
import {
  type ChainEnd,
  type ChainLink,
  faultOf,
  genesisHash,
  nextLink,
  readLink,
} from './audit-chain.ts';
import type { StationDatabase } from './database.ts';
import type { Audit, AuditEvent, AuditRecord, AuditVerdict } from './store.ts';
import type { Tables } from './tables.ts';

/** Records verified before other work of the process gets its turn. */
const batch = 500;

/** The hash-chained audit trail in the station's database; one chain for all its processes. */
export function openAudit(database: StationDatabase): Audit {
  return {
    append: async (event) =>
      await database.write('durable', async (transaction) => await append(transaction, event)),
    read: async ({ limit }) => {
      const rows = await database.queries
        .selectFrom('audit')
        .selectAll()
        .orderBy('sequence', 'desc')
        .limit(limit)
        .execute();
      return rows.reverse().map(recordOf);
    },
    verify: async () => await database.snapshot(verify),
  };
}

/**
 * Adds a record after the kept end of the chain, not after the last row: if someone has cut rows
 * off, the gap stays visible instead of being closed by the next record.
 * @throws StationError STORE-04 when the kept end is gone.
 */
async function append(transaction: Transaction<Tables>, event: AuditEvent): Promise<AuditRecord> {
  const end = await readHead(transaction);
  if (end === null) {
    throw new StationError('STORE-04', { sequence: 0, detail: 'the end of the chain is lost' });
  }
  const link = nextLink(end, event);
  await transaction.insertInto('audit').values(link).execute();
  await transaction
    .updateTable('audit_head')
    .set({ sequence: link.sequence, hash: link.hash })
    .execute();
  return recordOf(link);
}

/** @throws StationError STORE-04 when the text is not a record. */
function recordOf(link: ChainLink): AuditRecord {
  const record = readLink(link);
  if (record !== null) return record;
  const detail = 'its text is not an audit record';
  throw new StationError('STORE-04', { sequence: link.sequence, detail });
}

/** The kept end of the chain; null unless there is exactly one. */
async function readHead(transaction: Transaction<Tables>): Promise<ChainEnd | null> {
  const rows = await transaction.selectFrom('audit_head').selectAll().execute();
  return rows.length === 1 ? (rows[0] ?? null) : null;
}

async function verify(transaction: Transaction<Tables>): Promise<AuditVerdict> {
  let end: ChainEnd = { sequence: 0, hash: genesisHash };
  let after = Number.MIN_SAFE_INTEGER;
  let records = 0;
  for (;;) {
    const links = await transaction
      .selectFrom('audit')
      .selectAll()
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(batch)
      .execute();
    for (const link of links) {
      const why = faultOf(end, link);
      if (why !== null) return { intact: false, records, brokenAt: link.sequence, why };
      end = link;
      records += 1;
    }
    if (links.length < batch) break;
    after = end.sequence;
    await yieldToOthers();
  }
  const why = headFault(await readHead(transaction), end);
  if (why !== null) return { intact: false, records, brokenAt: end.sequence + 1, why };
  return { intact: true, records, lastHash: end.hash };
}

function headFault(head: ChainEnd | null, end: ChainEnd): string | null {
  if (head === null) return 'the note of where the chain ends is gone';
  if (head.sequence > end.sequence) {
    return `records ${end.sequence + 1} to ${head.sequence} were cut off`;
  }
  if (head.sequence < end.sequence) return 'records were added from outside';
  return head.hash === end.hash ? null : 'the last record is not the one that was written';
}
