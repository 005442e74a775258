import { useTranslation } from 'react-i18next';
import type { CertificateSummary } from '../../../shared/enrollment.ts';
import type { Profile } from '../../../shared/profile.ts';
import { CertificateCard } from '../../components/certificate-card.tsx';
import { CopyText } from '../../components/copy-text.tsx';
import { Page } from '../../components/page.tsx';
import { useProblemText } from '../../components/problem.tsx';
import { ask } from '../../stores/ask.ts';
import { type OpenEnrollment, readOpenEnrollments } from '../../stores/open-enrollments.ts';
import { useScreen } from '../../stores/screen.ts';
import { useTask } from '../../stores/task.ts';
import { testIds } from '../../test-ids.ts';
import { SecretFields } from './secret-fields.tsx';
import { WhereItBelongs } from './story.tsx';
import { useSecrets } from './use-secrets.tsx';

/** A certificate that was issued and is not on its token: store it again, or have it revoked. */
export function UnstoredPage({
  one,
  profile,
}: {
  readonly one: OpenEnrollment;
  readonly profile: Profile;
}) {
  const { t } = useTranslation();
  const { open } = useScreen();
  const { busy, problem, run } = useTask();
  const secrets = useSecrets(profile, false);
  const { record } = one;
  const { enrollmentId, certificate, error } = record;

  async function storeAgain() {
    if ((await run(() => secrets.give())) === null) return;
    const ended = await run(() => ask('enrollment.storeAgain', { enrollmentId }));
    if (ended !== null) await readOpenEnrollments();
  }

  return (
    <Page
      testId={testIds.enrollments.one}
      title={t('result.title.issued-not-stored')}
      mark="attention"
      lead={t('enrollments.unstoredLead')}
      lamp={busy ? 'busy' : 'attention'}
      next={t('enrollments.storeAgain')}
      serverName={record.server}
      tokenName={record.keystore?.token}
      problem={problem}
      code={error ?? undefined}
      panel={
        <>
          <WhereItBelongs one={one} />
          <section>
            <h2>{t('enrollments.instead')}</h2>
            <p>{t('enrollments.insteadText')}</p>
          </section>
        </>
      }
      back={{ text: t('action.back'), onPress: () => open('enrollments') }}
      why={secrets.complete ? t('enrollments.storeWhy') : t('enrollments.incomplete')}
      primary={{ text: t('enrollments.storeAgain'), disabled: busy || !secrets.complete }}
      onSubmit={() => {
        if (!busy && secrets.complete) void storeAgain();
      }}
    >
      {error && <Why error={error} />}
      <SecretFields profile={profile} secrets={secrets} />
      {certificate && (
        <section>
          <CertificateCard
            certificate={certificate}
            state="attention"
            word={t('result.state.issued-not-stored')}
            footer={
              <CopyText text={forRevocation(certificate)} label={t('enrollments.forRevocation')} />
            }
          />
          <details className="pem">
            <summary>{t('result.pem')}</summary>
            <pre>{certificate.pem}</pre>
          </details>
        </section>
      )}
    </Page>
  );
}

function Why({ error }: { readonly error: Parameters<typeof useProblemText>[0] }) {
  const { message, cause } = useProblemText(error);
  return (
    <section>
      <div className="restrict" data-state="attention">
        <p className="what">{message}</p>
        <p className="lead">{cause}</p>
      </div>
    </section>
  );
}

/** What a CA's operator needs to revoke a certificate: its issuer and serial number first, then all of it. */
function forRevocation({
  issuer,
  serialNumber,
  subject,
  notAfter,
  fingerprint,
  pem,
}: CertificateSummary) {
  return [
    `issuer: ${issuer}`,
    `serialNumber: ${serialNumber}`,
    `subject: ${subject}`,
    `notAfter: ${notAfter}`,
    `sha256: ${fingerprint}`,
    '',
    pem,
  ].join('\n');
}
