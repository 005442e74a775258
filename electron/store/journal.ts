import { z } from 'zod';
import { enrollmentStates } from '../../shared/enrollment.ts';
import type { StationDatabase } from './database.ts';
import { readRow } from './rows.ts';
import type { Journal } from './store.ts';

const rowSchema = z.strictObject({
  sequence: z.int().positive(),
  enrollmentId: z.string(),
  phase: z.enum(['before', 'after']),
  state: z.enum(enrollmentStates),
  at: z.string(),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** The journal of enrollments in the station's database. */
export function openJournal(database: StationDatabase): Journal {
  return {
    append: async (entry, { durable }) => {
      await database.write(durable ? 'durable' : 'ordered', async (transaction) => {
        await transaction
          .insertInto('journal')
          .values({
            enrollment_id: entry.enrollmentId,
            phase: entry.phase,
            state: entry.state,
            at: entry.at,
            evidence: JSON.stringify(entry.evidence),
          })
          .execute();
      });
    },
    read: async ({ enrollmentId, state, limit }) => {
      const all = database.queries.selectFrom('journal').selectAll();
      const ofEnrollment =
        enrollmentId === undefined ? all : all.where('enrollment_id', '=', enrollmentId);
      const chosen = state === undefined ? ofEnrollment : ofEnrollment.where('state', '=', state);
      const rows = await chosen.orderBy('sequence', 'desc').limit(limit).execute();
      return rows.reverse().map(({ enrollment_id, evidence, ...row }) =>
        readRow(database.path, `journal entry ${row.sequence}`, rowSchema, () => ({
          ...row,
          enrollmentId: enrollment_id,
          evidence: JSON.parse(evidence),
        })),
      );
    },
  };
}
