import { useTranslation } from 'react-i18next';
import type { EnrollmentRecord } from '../../../../shared/enrollment.ts';
import { StationError } from '../../../../shared/errors/station-error.ts';
import { CertificateCard } from '../../../components/certificate-card.tsx';
import { useProblemText, WaysOut } from '../../../components/problem.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { useFormat } from '../../../i18n/format.ts';
import { closeEnrollment } from '../../../stores/enrollment.ts';
import type { LampState } from '../../../stores/frame.ts';
import { useScreen } from '../../../stores/screen.ts';
import type { Step } from '../../../stores/steps.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';
import { CopyReport } from './copy-report.tsx';
import { tokenLabel, Warnings } from './done.tsx';
import { Story } from './result-help.tsx';

const endings = [
  'refused',
  'failed',
  'pending',
  'issued-not-stored',
  'outcome-unknown',
  'cancelled',
] as const;
type Ending = (typeof endings)[number];

const openEnds = ['pending', 'issued-not-stored', 'outcome-unknown'] as const;

const lamps: Readonly<Record<Ending, LampState>> = {
  refused: 'failed',
  failed: 'failed',
  pending: 'attention',
  'issued-not-stored': 'attention',
  'outcome-unknown': 'attention',
  cancelled: 'attention',
};

/** It did not end with a certificate on the token: what, why, the ways out, the code for the phone. */
export function NotDone({ record }: { readonly record: EnrollmentRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { tryAgain, startOver } = useWizard();
  const { open } = useScreen();
  const ending = endings.find((state) => state === record.state) ?? 'failed';
  const error = record.error ?? new StationError('INTERNAL-01', { detail: record.state }).toData();
  const { message, cause, waysOut } = useProblemText(error);
  const step = stepFor(error.code);
  // A certificate may exist already: another request is no way out, only a choice with a cost.
  const mayExist = ending === 'issued-not-stored' || ending === 'outcome-unknown';
  // What stands open has a page of its own, which also survives a restart.
  const settle = openEnds.find((state) => state === ending);
  const leave = (go: () => void) => () => {
    closeEnrollment();
    go();
  };
  return (
    <StepPage
      step="result"
      title={t(`result.title.${ending}`)}
      mark={lamps[ending]}
      lamp={lamps[ending]}
      next={settle ? t(`result.settle.${settle}`) : t(`result.next.${step}`)}
      tokenName={tokenLabel(record)}
      code={{ code: error.code, clause: error.clause }}
      panel={<Story record={record} />}
      side={
        <>
          <button
            type="button"
            className="btn"
            data-testid={testIds.back}
            onClick={leave(startOver)}
          >
            {t('result.otherToken')}
          </button>
          <CopyReport record={record} brief />
          {mayExist && (
            <button type="button" className="btn grave" onClick={leave(() => tryAgain('review'))}>
              {t('result.enrollAgain')}
            </button>
          )}
        </>
      }
      why={
        <span data-testid={testIds.resultState}>
          {`${t(`result.state.${ending}`)}, ${format.seconds(record.totalMs)}`}
        </span>
      }
      primary={{ text: settle ? t(`result.settle.${settle}`) : t(`result.again.${step}`) }}
      onSubmit={
        settle ? () => open('enrollments', record.enrollmentId) : leave(() => tryAgain(step))
      }
    >
      <section>
        <div className="restrict" data-state={lamps[ending]}>
          <p className="what">{message}</p>
          <p className="lead">{cause}</p>
        </div>
      </section>
      <section>
        <div className="bar">
          <h2>{t('restrictions.ways')}</h2>
        </div>
        <WaysOut ways={waysOut} />
      </section>
      {record.certificate && (
        <section>
          <CertificateCard
            certificate={record.certificate}
            state={lamps[ending]}
            word={t(`result.state.${ending}`)}
          />
          <details className="pem">
            <summary>{t('result.pem')}</summary>
            <pre>{record.certificate.pem}</pre>
          </details>
        </section>
      )}
      <Warnings record={record} />
    </StepPage>
  );
}

const signInCodes: ReadonlySet<string> = new Set([
  'SERVER-03',
  'SERVER-04',
  'SERVER-15',
  'SERVER-16',
]);

/** Where the next try begins, by what went wrong. */
function stepFor(code: string): Step {
  const area = code.split('-')[0];
  if (signInCodes.has(code)) return 'authentication';
  switch (area) {
    case 'PIN':
    case 'TOKEN':
    case 'MODULE':
    case 'KEYSTORE':
      return 'token';
    case 'NET':
      return 'server';
    case 'TRUST':
      return 'trust';
    case 'SECRET':
      return 'authentication';
    case 'POP':
      return 'restrictions';
    default:
      return 'review';
  }
}
