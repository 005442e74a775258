import { Trans, useTranslation } from 'react-i18next';
import { commonName } from '../../../components/distinguished-name.ts';
import { Evidence, EvidenceLine } from '../../../components/evidence.tsx';
import { Facts, fact } from '../../../components/facts.tsx';
import { judge } from '../../../stores/restrictions.ts';
import { useWizard } from '../../../stores/wizard.ts';

const icons = { pulled: 'tokens', network: 'server', off: 'station' } as const;

/** What stands already, and what happens if something goes wrong now. */
export function EnrollHelp() {
  const { t } = useTranslation();
  const { draft, trust, token, wishes } = useWizard();
  const verdict = judge(draft, wishes);
  const root = trust?.anchors[0]?.certificate.subject;
  const { scheme, username } = draft.httpAuthentication;
  return (
    <>
      <section>
        <h2>{t('enroll.evidence')}</h2>
        <Facts
          facts={[
            [
              t('strip.server'),
              root ? t('enroll.under', { root: commonName(root) }) : draft.server.endpoint,
            ],
            [t('enroll.connection'), verdict.maxTls === 'TLSv1.2' ? 'TLS 1.2' : t('enroll.tls13')],
            [
              t('enroll.signedIn'),
              scheme === 'none'
                ? t('word.none')
                : t('restrictions.signInAs', {
                    scheme: t(`authentication.scheme.${scheme}`),
                    username,
                  }),
            ],
            fact(
              t('enroll.proof'),
              verdict.binding === null ? (
                t('word.off')
              ) : (
                <span className="mono">{verdict.binding}</span>
              ),
            ),
            [
              t('certificate.key'),
              `${t(`key.${draft.request.keyParameterSet}`)}, ${token ? t('enroll.onToken') : t('strip.softwareKeystore')}`,
            ],
          ]}
        />
      </section>
      <section>
        <h2>{t('enroll.wrong')}</h2>
        <Evidence>
          {(['pulled', 'network', 'off'] as const).map((what) => (
            <EvidenceLine key={what} icon={icons[what]}>
              <Trans i18nKey={`enroll.if.${what}`} components={{ b: <b /> }} />
            </EvidenceLine>
          ))}
        </Evidence>
      </section>
    </>
  );
}
