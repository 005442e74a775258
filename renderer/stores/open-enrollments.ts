import { create } from 'zustand';
import type { CommandOutput } from '../../shared/contract/commands.ts';
import type { EnrollmentProgress, EnrollmentState } from '../../shared/enrollment.ts';
import type { ErrorData } from '../../shared/errors/station-error.ts';
import { ask } from './ask.ts';
import { useWizard } from './wizard.ts';

export type OpenEnrollment = CommandOutput<'enrollment.list'>[number];

interface OpenEnrollments {
  /** Newest first; null before the first answer. */
  readonly list: readonly OpenEnrollment[] | null;
  readonly problem: ErrorData | null;
  /** The newest news of enrollments under way, by identifier. */
  readonly working: Readonly<Record<string, EnrollmentProgress>>;
}

/** What waits for the server, for a person or for a token, and what has ended lately. */
export const useOpenEnrollments = create<OpenEnrollments>(() => ({
  list: null,
  problem: null,
  working: {},
}));

const open: ReadonlySet<EnrollmentState> = new Set([
  'pending',
  'outcome-unknown',
  'issued-not-stored',
]);

/** True for an enrollment a person or the station has to come back to. */
export function isOpen({ record }: OpenEnrollment): boolean {
  return open.has(record.state);
}

/** How many have to be come back to. */
export function openCount({ list }: OpenEnrollments): number {
  return list?.filter(isOpen).length ?? 0;
}

/** Reads the list anew. */
export async function readOpenEnrollments(): Promise<void> {
  const reply = await ask('enrollment.list', { limit: 100 });
  if (reply.ok) useOpenEnrollments.setState({ list: reply.value, problem: null });
  else useOpenEnrollments.setState({ problem: reply.error });
}

/** Keeps the list as the station's news have it. */
export function followOpenEnrollments(): () => void {
  const stops = [
    window.station.subscribe('enrollment.progress', (progress) => {
      const { working } = useOpenEnrollments.getState();
      useOpenEnrollments.setState({ working: { ...working, [progress.enrollmentId]: progress } });
    }),
    window.station.subscribe('enrollment.ended', ({ enrollmentId, state }) => {
      if (state === 'done') useWizard.getState().lostSecrets();
      const { [enrollmentId]: _ended, ...working } = useOpenEnrollments.getState().working;
      useOpenEnrollments.setState({ working });
      void readOpenEnrollments();
    }),
  ];
  void readOpenEnrollments();
  return () => {
    for (const stop of stops) stop();
  };
}
