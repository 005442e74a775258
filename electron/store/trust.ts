import { createHash } from 'node:crypto';
import { z } from 'zod';
import { StationError } from '../../shared/errors/station-error.ts';
import type { StationDatabase } from './database.ts';
import { readRow } from './rows.ts';
import type { TrustStore } from './store.ts';

const anchorSchema = z.strictObject({
  der: z.instanceof(Buffer),
  fingerprint: z.string(),
  kind: z.enum(['explicit', 'implicit']),
  source: z.string(),
  confirmedBy: z.string(),
  confirmedAt: z.string(),
  successorOf: z.string().nullable(),
});

/** The trust anchors of every server in the station's database. */
export function openTrustStore(database: StationDatabase): TrustStore {
  return {
    anchors: async (server) => {
      const rows = await database.queries
        .selectFrom('trust_anchors')
        .selectAll()
        .where('server', '=', server)
        .orderBy('confirmed_at')
        .orderBy('fingerprint')
        .execute();
      return rows.map((row) => {
        const anchor = readRow(database.path, `trust anchor of ${server}`, anchorSchema, () => ({
          der: Buffer.from(row.der),
          fingerprint: row.fingerprint,
          kind: row.kind,
          source: row.source,
          confirmedBy: row.confirmed_by,
          confirmedAt: row.confirmed_at,
          successorOf: row.successor_of,
        }));
        if (fingerprintOf(anchor.der) === anchor.fingerprint) return anchor;
        const detail = `a trust anchor of ${server} does not match its fingerprint`;
        throw new StationError('STORE-03', { path: database.path, detail });
      });
    },
    add: async (server, anchor) => {
      if (fingerprintOf(anchor.der) !== anchor.fingerprint) {
        throw new TypeError('the fingerprint is not that of the certificate');
      }
      await database.write('durable', async (transaction) => {
        await transaction
          .insertInto('trust_anchors')
          .values({
            server,
            fingerprint: anchor.fingerprint,
            der: anchor.der,
            kind: anchor.kind,
            source: anchor.source,
            confirmed_by: anchor.confirmedBy,
            confirmed_at: anchor.confirmedAt,
            successor_of: anchor.successorOf,
          })
          // The first confirmation stands; only an implicit anchor can become explicit (RFC 7030 §3.6).
          .onConflict((conflict) =>
            conflict
              .columns(['server', 'fingerprint'])
              .doUpdateSet({
                kind: anchor.kind,
                source: anchor.source,
                confirmed_by: anchor.confirmedBy,
                confirmed_at: anchor.confirmedAt,
                successor_of: anchor.successorOf,
              })
              .where('trust_anchors.kind', '=', 'implicit')
              .where('excluded.kind', '=', 'explicit'),
          )
          .execute();
      });
    },
    remove: async (server, fingerprint) =>
      await database.write('durable', async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('trust_anchors')
          .where('server', '=', server)
          .where('fingerprint', '=', fingerprint)
          .executeTakeFirst();
        return numDeletedRows > 0n;
      }),
    servers: async () => {
      const rows = await database.queries
        .selectFrom('trust_anchors')
        .select('server')
        .distinct()
        .orderBy('server')
        .execute();
      return rows.map(({ server }) => server);
    },
  };
}

/** SHA-256 of the DER, upper-case hex. */
function fingerprintOf(der: Buffer): string {
  return createHash('sha256').update(der).digest('hex').toUpperCase();
}
