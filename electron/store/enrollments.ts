import { durableStates, type EnrollmentRecord, enrollmentRecord } from '../../shared/enrollment.ts';
import type { StationDatabase } from './database.ts';
import { readRow } from './rows.ts';
import type { EnrollmentStore } from './store.ts';

/** The present record of every enrollment in the station's database. */
export function openEnrollmentStore(database: StationDatabase): EnrollmentStore {
  const read = (row: { readonly enrollment_id: string; readonly record: string }) =>
    readRow(database.path, `enrollment ${row.enrollment_id}`, enrollmentRecord, () =>
      JSON.parse(row.record),
    );
  return {
    save: async (record) => {
      await database.write(durabilityOf(record), async (transaction) => {
        const text = JSON.stringify(record);
        await transaction
          .insertInto('enrollments')
          .values({
            enrollment_id: record.enrollmentId,
            started_at: record.startedAt,
            record: text,
            state: record.state,
          })
          .onConflict((conflict) =>
            conflict.column('enrollment_id').doUpdateSet({ record: text, state: record.state }),
          )
          .execute();
      });
    },
    get: async (enrollmentId) => {
      const row = await database.queries
        .selectFrom('enrollments')
        .selectAll()
        .where('enrollment_id', '=', enrollmentId)
        .executeTakeFirst();
      return row === undefined ? null : read(row);
    },
    list: async ({ limit, states }) => {
      const enrollments = database.queries.selectFrom('enrollments').selectAll();
      const wanted = states === undefined ? enrollments : enrollments.where('state', 'in', states);
      const rows = await wanted
        .orderBy('started_at', 'desc')
        .orderBy('enrollment_id')
        .limit(limit)
        .execute();
      return rows.map(read);
    },
  };
}

/** The record carries the issued certificate, so it is as durable as the journal of the same state. */
function durabilityOf({ state }: EnrollmentRecord) {
  return durableStates.has(state) ? 'durable' : 'ordered';
}
