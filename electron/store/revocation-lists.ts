import { z } from 'zod';
import type { StationDatabase } from './database.ts';
import { readRow } from './rows.ts';
import type { RevocationListStore } from './store.ts';

const listSchema = z.strictObject({
  series: z.string(),
  der: z.instanceof(Buffer),
  thisUpdate: z.string(),
  nextUpdate: z.string(),
});

/** Lists of one server that are looked at; a CA has a few. */
const mostLists = 256;

/** The CRLs learned from each server, in the station's database. */
export function openRevocationLists(database: StationDatabase): RevocationListStore {
  return {
    inForce: async (server, at) => {
      const rows = await database.queries
        .selectFrom('revocation_lists')
        .selectAll()
        .where('server', '=', server)
        .where('this_update', '<=', at)
        .where('next_update', '>=', at)
        .orderBy('series')
        .limit(mostLists)
        .execute();
      return rows.map((row) =>
        readRow(database.path, `revocation list of ${server}`, listSchema, () => ({
          series: row.series,
          der: Buffer.from(row.der),
          thisUpdate: row.this_update,
          nextUpdate: row.next_update,
        })),
      );
    },
    keep: async (server, lists, at) => {
      await database.write('durable', async (transaction) => {
        await transaction
          .deleteFrom('revocation_lists')
          .where('server', '=', server)
          .where('next_update', '<', at)
          .execute();
        for (const { series, der, thisUpdate, nextUpdate } of lists) {
          const values = { der, this_update: thisUpdate, next_update: nextUpdate };
          await transaction
            .insertInto('revocation_lists')
            .values({ server, series, ...values })
            // Whoever replays an older list does not undo a newer one.
            .onConflict((conflict) =>
              conflict
                .columns(['server', 'series'])
                .doUpdateSet(values)
                .where('revocation_lists.this_update', '<=', thisUpdate),
            )
            .execute();
        }
      });
    },
  };
}
