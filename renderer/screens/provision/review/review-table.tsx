import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { tlsClientKey } from '../../../../shared/pop.ts';
import { allSignatureAlgorithms, keyParameterSets } from '../../../../shared/profile.ts';
import { commonName } from '../../../components/distinguished-name.ts';
import { Icon } from '../../../components/icon.tsx';
import { judge } from '../../../stores/restrictions.ts';
import type { Step } from '../../../stores/steps.ts';
import { type ServerWishes, useWizard } from '../../../stores/wizard.ts';
import { spacedSerial } from '../token/token-list.tsx';

interface Row {
  readonly name: string;
  /** Where it can be changed; null for what only the server decides. */
  readonly step: Step | null;
  readonly value: ReactNode;
  readonly asked: ReactNode;
  /** The server asks for something else; it is not changed silently. */
  readonly differs?: boolean;
}

/** One row a subject: what the profile says, what the server asks, and the way to change it. */
export function ReviewTable() {
  const { t } = useTranslation();
  const goTo = useWizard((wizard) => wizard.goTo);
  const rows = useRows();
  return (
    <section>
      <table className="table review">
        <thead>
          <tr>
            <th scope="col">{t('review.subjectColumn')}</th>
            <th scope="col">{t('review.profileColumn')}</th>
            <th scope="col">{t('review.serverColumn')}</th>
            <th scope="col" className="num">
              <span className="sr">{t('review.change')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, step, value, asked, differs }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
              <td className="asked">
                {differs && (
                  <span className="state" data-state="attention">
                    <Icon name="differs" className="i-s" />
                  </span>
                )}
                {asked}
              </td>
              <td className="num">
                {step && (
                  <button type="button" className="link" onClick={() => goTo(step)}>
                    {t('review.change')}
                    <span className="sr"> {name}</span>
                  </button>
                )}
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
  const { server, request, httpAuthentication, tlsClientAuthentication } = draft;
  const verdict = judge(draft, wishes);
  const root = trust?.anchors[0]?.certificate.subject;
  const unknown = wishes === null ? t('review.notRead') : '';
  const anything = unknown || t('review.anything');
  const key = `${request.keyAlgorithm} ${request.keyParameterSet}`;
  const { scheme, username } = httpAuthentication;
  const tlsKey = tlsClientKey(draft);
  const [subject, names, keyLine, signature] = (
    ['subject', 'subjectAltNames', 'key', 'signature'] as const
  ).map((about) => wishes?.plan.find((line) => line.about === about));
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
      name: t('review.named'),
      step: 'identity',
      value: (
        <>
          {subject?.sent ?? request.subject}
          {(names ? names.sent.split(', ').filter(Boolean) : request.subjectAltNames).map(
            (name) => (
              <small key={name}>{name}</small>
            ),
          )}
        </>
      ),
      asked: (
        <>
          {subject?.asked || t('review.mayChange')}
          {names?.asked && <small>{names.asked}</small>}
        </>
      ),
      differs: subject?.verdict === 'kept' || names?.verdict === 'kept',
    },
    {
      name: t('certificate.key'),
      step: 'identity',
      value: `${keyName(keyLine?.sent ?? key, t)}, ${signatureName(signature?.sent ?? request.signatureAlgorithm, t)}`,
      asked:
        [keyName(keyLine?.asked ?? '', t), signatureName(signature?.asked ?? '', t)]
          .filter((word) => word !== '')
          .join(', ') || anything,
      differs: keyLine?.verdict === 'kept' || signature?.verdict === 'kept',
    },
    ...wishedRows(wishes, t),
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

type Translate = ReturnType<typeof useTranslation>['t'];

/** A key as this window calls it. */
function keyName(key: string, t: Translate): string {
  const known = keyParameterSets.find((set) => key.endsWith(` ${set}`));
  return known ? t(`key.${known}`) : key;
}

function signatureName(algorithm: string, t: Translate): string {
  const known = allSignatureAlgorithms.find((name) => name === algorithm);
  return known ? t(`signature.${known}`) : algorithm;
}

/** Extensions the server wishes, and what nobody here understands; none of it can be changed in a step. */
function wishedRows(wishes: ServerWishes | null, t: Translate): Row[] {
  const plan = wishes?.plan ?? [];
  const extensions = plan
    .filter(({ about }) => about === 'extension')
    .map(({ oid, asked, sent, verdict }) => ({
      name: extensionNames.get(oid) ?? oid,
      step: null,
      value: sent || t('review.notSent'),
      asked,
      differs: verdict === 'kept',
    }));
  const unknown = plan.filter(({ about }) => about === 'other').map(({ oid }) => oid);
  if (unknown.length === 0) return extensions;
  const shown = unknown.slice(0, mostShown).join(', ');
  const asked = unknown.length > mostShown ? `${shown}, …` : shown;
  return [
    ...extensions,
    { name: t('review.unknown'), step: null, value: t('review.notSent'), asked },
  ];
}

const mostShown = 4;

/** The names RFC 5280 gives them; they are the same in every language. */
const extensionNames: ReadonlyMap<string, string> = new Map([
  ['2.5.29.15', 'keyUsage'],
  ['2.5.29.37', 'extKeyUsage'],
  ['2.5.29.19', 'basicConstraints'],
]);
