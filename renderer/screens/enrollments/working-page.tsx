import { useTranslation } from 'react-i18next';
import type { EnrollmentProgress } from '../../../shared/enrollment.ts';
import { Page } from '../../components/page.tsx';
import { Trace } from '../../components/trace.tsx';
import { ask } from '../../stores/ask.ts';
import type { OpenEnrollment } from '../../stores/open-enrollments.ts';
import { useScreen } from '../../stores/screen.ts';
import { usualTimings } from '../../stores/timings.ts';
import { testIds } from '../../test-ids.ts';
import { nameOf } from './names.ts';
import { WhereItBelongs } from './story.tsx';

/** An enrollment that is under way again, by a person's word or by itself. */
export function WorkingPage({
  one,
  progress,
}: {
  readonly one: OpenEnrollment;
  readonly progress: EnrollmentProgress;
}) {
  const { t } = useTranslation();
  const { open } = useScreen();
  const { enrollmentId } = one.record;
  const step = progress.working ?? progress.steps.at(-1)?.name ?? 'token-ready';
  return (
    <Page
      testId={testIds.enrollments.one}
      title={t('enrollments.workingTitle', { name: nameOf(one) })}
      mark="busy"
      lead={t('enroll.leadSoftware')}
      lamp="busy"
      next={t('enroll.nothingToDo')}
      serverName={one.record.server}
      tokenName={one.record.keystore?.token}
      panel={<WhereItBelongs one={one} />}
      back={{ text: t('action.back'), onPress: () => open('enrollments') }}
      side={
        <button
          type="button"
          className="btn"
          onClick={() => void ask('enrollment.cancel', { enrollmentId })}
          data-testid={testIds.cancel}
        >
          {t('enroll.cancel')}
        </button>
      }
      why={t('enroll.cancelText')}
    >
      <section>
        <Trace
          steps={progress.steps}
          working={step}
          elapsed={progress.elapsedMs}
          usual={usualTimings()}
        />
      </section>
    </Page>
  );
}
