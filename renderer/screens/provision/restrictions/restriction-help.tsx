import { Trans, useTranslation } from 'react-i18next';
import { tlsClientKey } from '../../../../shared/pop.ts';
import type { ChannelBindingKind } from '../../../../shared/profile.ts';
import { Evidence, EvidenceLine } from '../../../components/evidence.tsx';
import { Facts } from '../../../components/facts.tsx';
import type { Draft } from '../../../stores/draft.ts';
import { judge } from '../../../stores/restrictions.ts';
import { useWizard } from '../../../stores/wizard.ts';

/** How the connection will be made with this draft. */
export function ConnectionFacts({
  draft,
  title,
}: {
  readonly draft: Draft;
  readonly title?: string;
}) {
  const { t } = useTranslation();
  const token = useWizard((wizard) => wizard.token);
  const verdict = judge(draft, null);
  const { scheme, username } = draft.httpAuthentication;
  return (
    <section>
      <h2>{title ?? t('restrictions.connection')}</h2>
      <Facts
        facts={[
          [
            t('restrictions.signIn'),
            scheme === 'none'
              ? t('word.none')
              : t('restrictions.signInAs', {
                  scheme: t(`authentication.scheme.${scheme}`),
                  username: username || t('restrictions.someUser'),
                }),
          ],
          [t('restrictions.tlsKey'), t(`authentication.tlsKey.${tlsClientKey(draft)}`)],
          [
            t('restrictions.pop'),
            verdict.binding === null ? (
              t('word.off')
            ) : (
              <>
                {t('word.on')}, <span className="mono">{verdict.binding}</span>
              </>
            ),
          ],
          [
            t('restrictions.tls'),
            verdict.maxTls === 'TLSv1.2' ? t('restrictions.tls12') : t('restrictions.tls13'),
          ],
          [
            t('restrictions.newKey'),
            token ? t('restrictions.madeOn', { token: token.label }) : t('strip.softwareKeystore'),
          ],
        ]}
      />
    </section>
  );
}

/** What proof of possession rules out. */
export function NotPossible({ channelBinding }: { readonly channelBinding: ChannelBindingKind }) {
  const { t } = useTranslation();
  return (
    <section>
      <h2>{t('restrictions.notPossible')}</h2>
      <Evidence>
        {channelBinding === 'tls-unique' && (
          <EvidenceLine icon="no">
            <Trans i18nKey="restrictions.noTls13" components={{ m: <span className="mono" /> }} />
          </EvidenceLine>
        )}
        <EvidenceLine icon="no">{t('restrictions.noResuming')}</EvidenceLine>
      </Evidence>
    </section>
  );
}
