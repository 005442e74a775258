import { create } from 'zustand';
import {
  type EnrollmentProgress,
  type EnrollmentRecord,
  finalStates,
} from '../../shared/enrollment.ts';
import type { ErrorData } from '../../shared/errors/station-error.ts';
import { profileSchema } from '../../shared/profile.ts';
import { ask } from './ask.ts';
import type { Draft } from './draft.ts';
import { recallForSession, rememberForSession } from './remembered.ts';
import { rememberTimings } from './timings.ts';
import { useWizard } from './wizard.ts';

interface EnrollmentNews {
  readonly enrollmentId: string | null;
  readonly progress: EnrollmentProgress | null;
  readonly record: EnrollmentRecord | null;
  /** When the last news came, by this window's clock in milliseconds. */
  readonly heardAt: number;
  readonly cancelling: boolean;
  /** An order went out; its identifier is not known yet. */
  readonly starting: boolean;
}

const quiet: EnrollmentNews = {
  enrollmentId: null,
  progress: null,
  record: null,
  heardAt: 0,
  cancelling: false,
  starting: false,
};

/** The enrollment this window watches. */
export const useEnrollment = create<EnrollmentNews>(() => quiet);

/** Listens to the station's news. News may overtake the answer to `enrollment.start`: then it is kept; other enrollments are followed elsewhere. */
export function followEnrollments(): () => void {
  const stops = [
    window.station.subscribe('enrollment.progress', (progress) => {
      if (foreign(progress.enrollmentId)) return;
      useEnrollment.setState({ progress, heardAt: performance.now() });
    }),
    window.station.subscribe('enrollment.ended', (record) => {
      if (foreign(record.enrollmentId)) return;
      ended(record);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Starts; the wizard moves to the progress at once. @returns the refusal, or null. */
export async function startEnrollment(
  draft: Draft,
  unverifiedNameConfirmed: boolean,
  followServer: boolean,
  fill: Readonly<Record<string, string>>,
): Promise<ErrorData | null> {
  useEnrollment.setState({ ...quiet, heardAt: performance.now(), starting: true });
  const reply = await ask('enrollment.start', {
    profile: draft,
    operation: 'enroll',
    unverifiedNameConfirmed,
    followServer,
    fill: { ...fill },
  });
  useEnrollment.setState({ starting: false });
  if (!reply.ok) return reply.error;
  const { enrollmentId } = reply.value;
  rememberForSession('draft', JSON.stringify(draft));
  rememberForSession('enrollment', enrollmentId);
  useEnrollment.setState({ enrollmentId });
  if (useEnrollment.getState().record === null) useWizard.getState().goTo('enroll');
  return null;
}

export async function cancelEnrollment(): Promise<ErrorData | null> {
  const { enrollmentId } = useEnrollment.getState();
  if (enrollmentId === null) return null;
  useEnrollment.setState({ cancelling: true });
  const reply = await ask('enrollment.cancel', { enrollmentId });
  if (reply.ok) return null;
  useEnrollment.setState({ cancelling: false });
  return reply.error;
}

/** A window that was reloaded finds its enrollment again. */
export async function resumeEnrollment(): Promise<void> {
  const enrollmentId = recallForSession('enrollment');
  if (enrollmentId === null) return;
  const reply = await ask('enrollment.get', { enrollmentId });
  if (!reply.ok || reply.value === null) return rememberForSession('enrollment', null);
  if (useEnrollment.getState().record !== null) return;
  const record = reply.value;
  const draft = profileSchema.safeParse(JSON.parse(recallForSession('draft') ?? 'null'));
  if (draft.success) useWizard.getState().setDraft(draft.data);
  useEnrollment.setState({ enrollmentId, heardAt: performance.now() });
  if (finalStates.has(record.state) || record.state === 'pending') return ended(record);
  useWizard.getState().goTo('enroll');
}

/** The result has been read: nothing is watched any more. */
export function closeEnrollment(): void {
  rememberForSession('enrollment', null);
  useEnrollment.setState(quiet);
}

function foreign(id: string): boolean {
  const { enrollmentId, starting } = useEnrollment.getState();
  return enrollmentId === null ? !starting : enrollmentId !== id;
}

function ended(record: EnrollmentRecord): void {
  useEnrollment.setState({ record, enrollmentId: record.enrollmentId, cancelling: false });
  if (record.state === 'done') rememberTimings(record.steps);
  useWizard.getState().usedUp(record);
  useWizard.getState().goTo('result');
}
