import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { enrollmentSteps } from '../../../../shared/enrollment.ts';
import type { ErrorData } from '../../../../shared/errors/station-error.ts';
import { KeyCap } from '../../../components/key-cap.tsx';
import { Notice } from '../../../components/notice.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { Trace } from '../../../components/trace.tsx';
import { useFormat } from '../../../i18n/format.ts';
import { cancelEnrollment, useEnrollment } from '../../../stores/enrollment.ts';
import { usualTimings } from '../../../stores/timings.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';
import { EnrollHelp } from './enroll-help.tsx';

const stallMs = 10_000;

/** The enrollment as it happens: stage, elapsed beside usual, a stall by its name. */
export function EnrollStep() {
  const { t } = useTranslation();
  const format = useFormat();
  const { progress, heardAt, cancelling } = useEnrollment();
  const token = useWizard((wizard) => wizard.token);
  const [problem, setProblem] = useState<ErrorData | null>(null);
  const [usual] = useState(usualTimings);
  const sinceNews = useNow() - heardAt;
  const elapsed = (progress?.elapsedMs ?? 0) + Math.max(0, sinceNews);
  const working = progress?.working ?? 'token-ready';
  const place = enrollmentSteps.indexOf(working) + 1;
  const usualTotal = [...usual.values()].reduce((sum, ms) => sum + ms, 0);
  const usualHere = usual.get(working);
  const after = enrollmentSteps[place];
  const cancel = () => void cancelEnrollment().then(setProblem);
  return (
    <StepPage
      step="enroll"
      title={cancelling ? t('enroll.cancelling') : t(`enroll.title.${working}`)}
      lead={token ? t('enroll.lead', { token: token.label }) : t('enroll.leadSoftware')}
      lamp="busy"
      next={after ? t(`enroll.stage.${after}`) : t('steps.result')}
      tokenNote={token ? t('enroll.leaveIn') : ''}
      problem={problem}
      panel={<EnrollHelp />}
      side={
        <>
          <button
            type="button"
            className="btn"
            disabled={cancelling}
            onClick={cancel}
            data-testid={testIds.cancel}
          >
            {t('enroll.cancel')} <KeyCap cap="Esc" />
          </button>
          <p className="small quiet">{t('enroll.cancelText')}</p>
        </>
      }
      why={
        <>
          <b>{t('enroll.nothingToDo')}</b>
          <br />
          {t('enroll.byItself')}
        </>
      }
    >
      <EscapeCancels onCancel={cancel} />
      <section>
        <dl className="readings">
          <div className="reading">
            <dt>{t('enroll.elapsed')}</dt>
            <dd data-testid={testIds.elapsed}>
              {format.tenths(elapsed)}
              <small>s</small>
            </dd>
          </div>
          {usualTotal > 0 && (
            <div className="reading aside">
              <dt>{t('enroll.usual')}</dt>
              <dd>
                {format.tenths(usualTotal)}
                <small>s</small>
              </dd>
            </div>
          )}
          <div className="reading aside">
            <dt>{t('enroll.stageName')}</dt>
            <dd>
              {place}
              <small>{t('enroll.of', { count: enrollmentSteps.length })}</small>
            </dd>
          </div>
        </dl>
        <p className="sr" role="status">
          {t('enroll.spoken', { place, name: t(`enroll.stage.${working}`) })}
        </p>
      </section>
      <section className="trace-section">
        <Trace steps={progress?.steps ?? []} working={working} elapsed={elapsed} usual={usual} />
      </section>
      {sinceNews > stallMs && (
        <section className="close">
          <Notice
            state="attention"
            role="status"
            title={t('enroll.stall', { stage: t(`enroll.stage.${working}`) })}
            testId={testIds.stall}
          >
            <p>
              {usualHere !== undefined &&
                `${t('enroll.stallUsual', { usual: format.seconds(usualHere) })} `}
              {working === 'issued' ? t('enroll.stallServer') : t('enroll.stallText')}
            </p>
          </Notice>
        </section>
      )}
    </StepPage>
  );
}

/** This window's clock, ten times a second. */
function useNow(): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function EscapeCancels({ onCancel }: { onCancel(): void }) {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key === 'Escape') onCancel();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [onCancel]);
  return null;
}
