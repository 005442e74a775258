import { useEnrollment } from '../../../stores/enrollment.ts';
import { Done } from './done.tsx';
import { NotDone } from './not-done.tsx';

/** How the enrollment ended. */
export function ResultStep() {
  const record = useEnrollment((news) => news.record);
  if (record === null) return null;
  return record.state === 'done' ? <Done record={record} /> : <NotDone record={record} />;
}
