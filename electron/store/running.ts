import type { StationDatabase } from './database.ts';
import type { ProcessMark } from './process-mark.ts';
import type { RunningEnrollments } from './store.ts';

/** Which process works on which enrollment, in the station's database. */
export function openRunningEnrollments(
  database: StationDatabase,
  mark: ProcessMark,
): RunningEnrollments {
  return {
    claim: async (enrollmentId) => {
      await mark.set();
      return await database.write('durable', async (transaction) => {
        const held = await transaction
          .selectFrom('running')
          .selectAll()
          .where('enrollment_id', '=', enrollmentId)
          .executeTakeFirst();
        if (held !== undefined && mark.isAlive(held.process)) return false;
        await transaction
          .insertInto('running')
          .values({ enrollment_id: enrollmentId, process: mark.id })
          .onConflict((conflict) =>
            conflict.column('enrollment_id').doUpdateSet({ process: mark.id }),
          )
          .execute();
        return true;
      });
    },
    release: async (enrollmentId) => {
      await database.write('ordered', async (transaction) => {
        await transaction
          .deleteFrom('running')
          .where('enrollment_id', '=', enrollmentId)
          .where('process', '=', mark.id)
          .execute();
      });
    },
    abandoned: async () => {
      const rows = await database.queries
        .selectFrom('running')
        .selectAll()
        .orderBy('enrollment_id')
        .execute();
      return rows.filter((row) => !mark.isAlive(row.process)).map((row) => row.enrollment_id);
    },
  };
}
