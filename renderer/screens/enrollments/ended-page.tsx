import { useTranslation } from 'react-i18next';
import { CertificateCard } from '../../components/certificate-card.tsx';
import { Page } from '../../components/page.tsx';
import { useProblemText, WaysOut } from '../../components/problem.tsx';
import type { OpenEnrollment } from '../../stores/open-enrollments.ts';
import { useScreen } from '../../stores/screen.ts';
import { testIds } from '../../test-ids.ts';
import { CopyReport } from '../provision/result/copy-report.tsx';
import { Warnings } from '../provision/result/done.tsx';
import { nameOf, stateWord } from './names.ts';
import { WhereItBelongs } from './story.tsx';

/** An enrollment nothing more happens to: how it ended. */
export function EndedPage({ one }: { readonly one: OpenEnrollment }) {
  const { t } = useTranslation();
  const { open } = useScreen();
  const { record } = one;
  const { state, error, certificate } = record;
  const lamp = state === 'done' ? 'done' : state === 'cancelled' ? 'ready' : 'failed';
  return (
    <Page
      testId={testIds.enrollments.one}
      title={`${nameOf(one)}: ${t(stateWord(state))}`}
      mark={lamp}
      lamp={lamp}
      next={t('enrollments.nextNone')}
      serverName={record.server}
      tokenName={record.keystore?.token}
      code={error ?? undefined}
      panel={<WhereItBelongs one={one} />}
      back={{ text: t('action.back'), onPress: () => open('enrollments') }}
      side={<CopyReport record={record} />}
      primary={{ text: t('enrollments.toList') }}
      onSubmit={() => open('enrollments')}
    >
      {error && <HowItEnded error={error} />}
      {certificate && (
        <section>
          <CertificateCard
            certificate={certificate}
            state={state === 'done' ? 'done' : 'attention'}
            word={t(stateWord(state))}
          />
          <details className="pem">
            <summary>{t('result.pem')}</summary>
            <pre>{certificate.pem}</pre>
          </details>
        </section>
      )}
      <Warnings record={record} />
    </Page>
  );
}

function HowItEnded({ error }: { readonly error: Parameters<typeof useProblemText>[0] }) {
  const { message, cause, waysOut } = useProblemText(error);
  return (
    <section>
      <div className="restrict" data-state="failed">
        <p className="what">{message}</p>
        <p className="lead">{cause}</p>
      </div>
      <WaysOut ways={waysOut} />
    </section>
  );
}
