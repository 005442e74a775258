import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { EstExchange } from '../est/exchange.ts';
import type { Keystore } from '../keystore/keystore.ts';
import { endBadly } from './ending.ts';
import { settingsEvidence } from './enrollment-settings.ts';
import type { EnrollmentTask } from './enrollment-task.ts';

/** What an enrollment has open; closed when it has ended. */
export interface Opened {
  keystore?: Keystore;
  exchange?: EstExchange;
}

/** Opens the record, goes the way given, and ends in the state that tells the truth. Never throws. */
export async function conduct(
  task: EnrollmentTask,
  way: (task: EnrollmentTask, opened: Opened) => Promise<EnrollmentRecord>,
): Promise<EnrollmentRecord> {
  const opened: Opened = {};
  try {
    await task.log.open({
      subject: task.profile.request.subject,
      profile: task.profile.name,
      continues: task.earlier?.state ?? null,
      ...settingsEvidence(task.profile),
    });
    return await way(task, opened);
  } catch (error) {
    return await endBadly(task, StationError.from(error));
  } finally {
    opened.exchange?.close();
    await task.releaseCredential(task.log.record);
    opened.keystore?.attend?.(null);
    if (opened.keystore) await task.releaseKeystore(opened.keystore, task.log.record);
  }
}
