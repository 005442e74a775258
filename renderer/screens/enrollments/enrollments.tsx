import { useOnAppear } from '../../components/use-on-appear.ts';
import { readOpenEnrollments, useOpenEnrollments } from '../../stores/open-enrollments.ts';
import { useScreen } from '../../stores/screen.ts';
import { EndedPage } from './ended-page.tsx';
import { EnrollmentList } from './enrollment-list.tsx';
import { LostPage } from './lost-page.tsx';
import { PendingPage } from './pending-page.tsx';
import { UnstoredPage } from './unstored-page.tsx';
import { WorkingPage } from './working-page.tsx';

/** What stands open: each kind of open end has a page that settles it. */
export function Enrollments() {
  const { item } = useScreen();
  const list = useOpenEnrollments((state) => state.list);
  const progress = useOpenEnrollments((state) => (item === null ? undefined : state.working[item]));
  useOnAppear(() => void readOpenEnrollments());
  const one = list?.find(({ record }) => record.enrollmentId === item);
  if (!one) return <EnrollmentList />;
  if (progress) return <WorkingPage key={`${item}-working`} one={one} progress={progress} />;
  const { profile, record } = one;
  const key = `${item}-${record.state}`;
  if (profile !== null) {
    if (record.state === 'pending') return <PendingPage key={key} one={one} profile={profile} />;
    if (record.state === 'outcome-unknown') {
      return <LostPage key={key} one={one} profile={profile} />;
    }
    if (record.state === 'issued-not-stored') {
      return <UnstoredPage key={key} one={one} profile={profile} />;
    }
  }
  return <EndedPage key={key} one={one} />;
}
