import type { Command } from 'commander';
import type { EnrollmentRecord } from '../../../shared/enrollment.ts';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { Profile } from '../../../shared/profile.ts';
import { dueAt, isOf, openEnrollments } from '../../station/earlier-request.ts';
import type { Station } from '../../station/station.ts';
import { runAttempts, type Wait, waitHelp, waitSeconds } from '../attempts.ts';
import type { CliContext } from '../context.ts';
import { readProfile } from '../profile-file.ts';
import { tellSteps } from './enroll.ts';

interface ResumeOptions {
  readonly profile?: string;
  readonly enrollment?: string;
  readonly wait?: Wait;
  readonly now: boolean;
}

/** `resume`: asks again for what the server has put off (202). */
export function resumeCommand(program: Command, context: CliContext): void {
  program
    .command('resume')
    .description('ask again for certificates the server has put off (RFC 7030 §4.2.3)')
    .option('--profile <file>', 'profile (JSON); without it the enrollments are only listed')
    .option('--enrollment <id>', 'only this enrollment')
    .option('--wait [seconds]', waitHelp, waitSeconds)
    .option('--now', 'ask although the time the server named has not come', false)
    .addHelpText(
      'after',
      `
The same key and the same request are used; a request bound to its connection is signed anew, once.

Examples:
  est-station resume
  est-station resume --profile profile.json --wait 3600 --json`,
    )
    .action(async (options: ResumeOptions) => {
      const profile = options.profile === undefined ? null : await readProfile(options.profile);
      const station = await context.station();
      await station.settleInterrupted();
      const chosen = await choose(station, profile, options.enrollment);
      const ended =
        profile === null ? chosen : await resumeAll(context, station, profile, chosen, options);
      context.output.result(
        { enrollments: ended.map(({ record, due }) => ({ ...record, dueAt: due.toISOString() })) },
        ended.length === 0 ? ['Nothing waits for a server.'] : ended.map(line),
      );
      const error = ended.find(({ failure }) => failure !== null)?.failure ?? null;
      if (error !== null) throw error;
    });
}

interface Waiting {
  readonly record: EnrollmentRecord;
  readonly due: Date;
  readonly failure: StationError | null;
}

async function choose(
  station: Station,
  profile: Profile | null,
  enrollmentId: string | undefined,
): Promise<readonly Waiting[]> {
  const { store } = station.ports;
  const pending = await openEnrollments(store, 'pending');
  const chosen = pending.filter(
    (record) =>
      (enrollmentId === undefined || record.enrollmentId === enrollmentId) &&
      (profile === null || isOf(profile, record)),
  );
  if (enrollmentId !== undefined && chosen.length === 0) {
    const detail = `No enrollment ${enrollmentId} of this profile waits for a server.`;
    throw new StationError('USAGE-01', { detail });
  }
  const interval = profile?.lifecycle.connectRetryIntervalSeconds ?? 60;
  return await Promise.all(
    chosen.map(async (record) => ({
      record,
      due: await dueAt(store, record, interval),
      failure: null,
    })),
  );
}

async function resumeAll(
  context: CliContext,
  station: Station,
  profile: Profile,
  chosen: readonly Waiting[],
  { wait, now }: ResumeOptions,
): Promise<readonly Waiting[]> {
  const ended: Waiting[] = [];
  for (const waiting of chosen) {
    const early = !now && waiting.due > station.ports.clock.now();
    if (early && wait === undefined) {
      const failure = new StationError('OUTCOME-02', { time: waiting.due.toISOString() });
      ended.push({ ...waiting, failure });
    } else {
      ended.push(await resumeOne(context, station, profile, waiting, { wait, early }));
    }
  }
  return ended;
}

async function resumeOne(
  context: CliContext,
  station: Station,
  profile: Profile,
  { record: waiting, due }: Waiting,
  { wait, early }: { readonly wait: Wait; readonly early: boolean },
): Promise<Waiting> {
  const stopTelling = tellSteps(station, context);
  const firstWait = early ? due : null;
  const record = await runAttempts(
    context,
    station,
    profile,
    wait,
    async (previous) => await station.resume({ profile }, (previous ?? waiting).enrollmentId),
    firstWait === null ? null : { record: waiting, due: firstWait },
  );
  stopTelling();
  const failure = record.error === null ? null : StationError.fromData(record.error);
  return { record, due: await nextDue(station, profile, record), failure };
}

async function nextDue(
  station: Station,
  profile: Profile,
  record: EnrollmentRecord,
): Promise<Date> {
  const { connectRetryIntervalSeconds } = profile.lifecycle;
  return await dueAt(station.ports.store, record, connectRetryIntervalSeconds);
}

function line({ record, due }: Waiting): string {
  const { enrollmentId, state, profile, server } = record;
  const when = state === 'pending' ? `  ask again at ${due.toISOString()}` : '';
  return `${enrollmentId}  ${state.padEnd(10)} ${profile}  ${server}${when}`;
}
