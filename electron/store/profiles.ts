import { profileSchema } from '../../shared/profile.ts';
import type { StationDatabase } from './database.ts';
import { readRow } from './rows.ts';
import type { ProfileStore } from './store.ts';

/** The saved profiles in the station's database, by name. */
export function openProfileStore(database: StationDatabase): ProfileStore {
  return {
    list: async () => {
      const rows = await database.queries
        .selectFrom('profiles')
        .selectAll()
        .orderBy('name')
        .execute();
      return rows.map(({ name, profile }) =>
        readRow(database.path, `profile "${name}"`, profileSchema, () => JSON.parse(profile)),
      );
    },
    save: async (profile) => {
      const text = JSON.stringify(profile);
      await database.write('durable', async (transaction) => {
        await transaction
          .insertInto('profiles')
          .values({ name: profile.name, profile: text })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ profile: text }))
          .execute();
      });
    },
  };
}
