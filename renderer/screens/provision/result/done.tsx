import { useTranslation } from 'react-i18next';
import type { EnrollmentRecord } from '../../../../shared/enrollment.ts';
import { noticeIn } from '../../../../shared/notices.ts';
import { CertificateCard } from '../../../components/certificate-card.tsx';
import { commonName } from '../../../components/distinguished-name.ts';
import { type Fact, fact } from '../../../components/facts.tsx';
import { Notice } from '../../../components/notice.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { useFormat } from '../../../i18n/format.ts';
import { closeEnrollment } from '../../../stores/enrollment.ts';
import { useSettings } from '../../../stores/settings.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';
import { CopyReport } from './copy-report.tsx';
import { HowWeKnow, StepTimes } from './result-help.tsx';

/** The certificate is on the token and was checked there. */
export function Done({ record }: { readonly record: EnrollmentRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  const startOver = useWizard((wizard) => wizard.startOver);
  const { certificate, keystore, totalMs } = record;
  const where = useWhere(record);
  const keyOrigin = useKeyOrigin(record);
  const onToken = keystore?.kind !== 'software';
  const name = certificate ? commonName(certificate.subject) : '';
  return (
    <StepPage
      step="result"
      title={t('result.done', { name })}
      mark="done"
      lead={onToken ? t('result.doneLead') : t('result.doneLeadSoftware')}
      lamp="done"
      next={onToken ? t('result.nextToken') : t('result.nextSoftware')}
      tokenName={tokenLabel(record)}
      tokenNote={onToken ? t('result.safe') : ''}
      panel={
        <>
          <HowWeKnow record={record} />
          <StepTimes record={record} />
        </>
      }
      side={<CopyReport record={record} />}
      why={
        <span
          data-testid={testIds.resultState}
        >{`${t('state.done')}, ${format.seconds(totalMs)}`}</span>
      }
      primary={{ text: t('result.another') }}
      onSubmit={() => {
        closeEnrollment();
        startOver();
      }}
    >
      {certificate && (
        <section>
          <CertificateCard
            certificate={certificate}
            state="done"
            word={onToken ? t('result.onToken') : t('result.onDisk')}
            keyOrigin={keyOrigin}
            moreFacts={where}
          />
        </section>
      )}
      <Warnings record={record} />
    </StepPage>
  );
}

/** The label of `label (serial)`; the folder of a software keystore stays unnamed. */
export function tokenLabel({ keystore }: EnrollmentRecord): string | undefined {
  return keystore?.kind === 'pkcs11' ? keystore.token.replace(/ \([^()]*\)$/, '') : undefined;
}

/** Where the key was made, in words. */
function useKeyOrigin({ keystore }: EnrollmentRecord): string | undefined {
  const { t } = useTranslation();
  if (keystore === null) return undefined;
  if (keystore.kind === 'software') return t('result.inFile');
  return keystore.generatedThere ? t('result.madeThere') : t('result.madeSomewhere');
}

/** Where the key lives, and which CA certificates lie beside it. */
function useWhere({ keystore, caCertificates }: EnrollmentRecord): readonly Fact[] {
  const { t } = useTranslation();
  const facts: Fact[] = [];
  if (keystore) {
    facts.push(
      fact(
        t('result.where'),
        <>
          {keystore.token}, <span className="mono">{keystore.alias}</span>
        </>,
      ),
    );
  }
  if (caCertificates.length > 0) {
    const names = caCertificates.map(({ subject }) => commonName(subject)).join(', ');
    facts.push([t('result.cas'), names]);
  }
  return facts;
}

/** What deserves a look although nothing failed. */
export function Warnings({ record }: { readonly record: EnrollmentRecord }) {
  const { t } = useTranslation();
  const language = useSettings((settings) => settings.language);
  if (record.warnings.length === 0) return null;
  return (
    <section className="close">
      <Notice
        state="ready"
        icon="differs"
        title={t('result.warnings', { count: record.warnings.length })}
      >
        {record.warnings.map((warning) => (
          <p key={warning.text}>{noticeIn(warning, language)}</p>
        ))}
      </Notice>
    </section>
  );
}
