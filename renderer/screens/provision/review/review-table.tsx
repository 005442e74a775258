import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { tlsClientKey } from '../../../../shared/pop.ts';
import { commonName } from '../../../components/distinguished-name.ts';
import { judge } from '../../../stores/restrictions.ts';
import type { Step } from '../../../stores/steps.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { spacedSerial } from '../token/token-list.tsx';

interface Row {
  readonly name: string;
  /** Where it can be changed. */
  readonly step: Step;
  readonly value: ReactNode;
  readonly asked: ReactNode;
}

/** Where the request goes and how the station signs in: one row a setting, with the way to change it. */
export function ReviewTable() {
  const { t } = useTranslation();
  const goTo = useWizard((wizard) => wizard.goTo);
  const rows = useRows();
  return (
    <section>
      <div className="bar">
        <h2>{t('review.settings')}</h2>
      </div>
      <table className="table review">
        <thead>
          <tr>
            <th scope="col">{t('review.subjectColumn')}</th>
            <th scope="col">{t('review.usedColumn')}</th>
            <th scope="col">{t('review.serverColumn')}</th>
            <th scope="col" className="num">
              <span className="sr">{t('review.change')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, step, value, asked }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
              <td className="asked">{asked}</td>
              <td className="num">
                <button type="button" className="link" onClick={() => goTo(step)}>
                  {t('review.change')}
                  <span className="sr"> {name}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function useRows(): readonly Row[] {
  const { t } = useTranslation();
  const { draft, trust, token, wishes } = useWizard();
  const { server, httpAuthentication, tlsClientAuthentication } = draft;
  const verdict = judge(draft, wishes);
  const root = trust?.anchors[0]?.certificate.subject;
  const unknown = wishes === null ? t('review.notRead') : '';
  const { scheme, username } = httpAuthentication;
  const tlsKey = tlsClientKey(draft);
  return [
    {
      name: t('strip.server'),
      step: 'server',
      value: server.label ? `${server.endpoint}, ${server.label}` : server.endpoint,
      asked: root ? t('review.trustedBy', { root: commonName(root) }) : t('strip.notTrusted'),
    },
    {
      name: t('strip.token'),
      step: 'token',
      value: token ? (
        <>
          {token.label} <span className="mono">{spacedSerial(token.serial)}</span>
        </>
      ) : (
        t('strip.softwareKeystore')
      ),
      asked: '',
    },
    {
      name: t('restrictions.signIn'),
      step: 'authentication',
      value:
        scheme === 'none'
          ? t('word.none')
          : t('restrictions.signInAs', { scheme: t(`authentication.scheme.${scheme}`), username }),
      asked: '',
    },
    {
      name: t('restrictions.tlsKey'),
      step: 'authentication',
      value:
        tlsKey === 'none'
          ? t('word.none')
          : `${t(`authentication.tlsKey.${tlsKey}`)}, ${tlsClientAuthentication.alias}`,
      asked: '',
    },
    {
      name: t('restrictions.pop'),
      step: 'restrictions',
      value: verdict.binding === null ? t('word.off') : `${t('word.on')}, ${verdict.binding}`,
      asked: wishes ? (wishes.asksForPop ? t('review.wanted') : t('review.notWanted')) : unknown,
    },
    {
      name: t('restrictions.tls'),
      step: 'restrictions',
      value: verdict.maxTls === 'TLSv1.2' ? '1.2' : t('review.tls13'),
      asked: '',
    },
  ];
}
