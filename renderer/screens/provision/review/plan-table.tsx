import { useTranslation } from 'react-i18next';
import { Icon } from '../../../components/icon.tsx';
import { Parts } from '../../../components/parts.tsx';
import type { Draft } from '../../../stores/draft.ts';
import { type ServerWishes, useWizard } from '../../../stores/wizard.ts';
import { extensionName, keyWord, signatureWord } from './request-words.ts';

type PlanLine = ServerWishes['plan'][number];

/** Unknown attributes told one by one; more are counted by the dots. */
const mostShown = 4;

/** The request itself: what the server asks, what the profile says, what will be sent. */
export function PlanTable() {
  const { t } = useTranslation();
  const { draft, wishes, goTo } = useWizard();
  const lines = linesOf(draft, wishes);
  return (
    <section>
      <div className="bar">
        <h2>{t('review.request')}</h2>
        <button type="button" className="link" onClick={() => goTo('identity')}>
          {t('review.change')}
          <span className="sr"> {t('review.request')}</span>
        </button>
      </div>
      <table className="table review plan">
        <thead>
          <tr>
            <th scope="col">{t('review.subjectColumn')}</th>
            <th scope="col">{t('review.askedColumn')}</th>
            <th scope="col">{t('review.profileColumn')}</th>
            <th scope="col">{t('review.sentColumn')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Line key={line.about + line.oid} line={line} read={wishes !== null} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Line({ line, read }: { readonly line: PlanLine; readonly read: boolean }) {
  const { t } = useTranslation();
  const { about, oid, asked, profile, sent, verdict } = line;
  const words = (text: string) => {
    const key =
      about === 'key' ? keyWord(text) : about === 'signature' ? signatureWord(text) : null;
    if (key !== null) return t(key);
    return about === 'subject' ? <Parts text={text} /> : text;
  };
  const name =
    about === 'extension'
      ? extensionName(oid)
      : about === 'other'
        ? t('review.unknown')
        : t(`review.about.${about}`);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        {asked === '' ? (
          <i>{read ? t('review.nothingAsked') : t('review.notRead')}</i>
        ) : (
          words(asked)
        )}
      </td>
      <td>{profile === '' ? <i>{t('review.nothingSaid')}</i> : words(profile)}</td>
      <td className="sends">
        {sent === '' ? <i>{t('review.notSent')}</i> : words(sent)}
        {asked !== '' && verdict === 'kept' && (
          <span className="state" data-state="attention">
            <Icon name="differs" className="i-s" />
            {t('review.kept')}
          </span>
        )}
        {verdict === 'followed' && (
          <span className="state" data-state="done">
            <Icon name="check" className="i-s" />
            {t('review.followed')}
          </span>
        )}
      </td>
    </tr>
  );
}

/** The plan as the station made it; without one, what the profile alone would send. */
function linesOf({ request }: Draft, wishes: ServerWishes | null): readonly PlanLine[] {
  const known = wishes?.plan ?? [];
  const own = (about: PlanLine['about'], profile: string): PlanLine =>
    known.find((line) => line.about === about) ?? {
      about,
      oid: '',
      asked: '',
      profile,
      sent: profile,
      verdict: 'same',
    };
  const unknown = known.filter(({ about }) => about === 'other').map(({ oid }) => oid);
  const shown = unknown.slice(0, mostShown).join(', ');
  return [
    own('subject', request.subject),
    own('subjectAltNames', request.subjectAltNames.join(', ')),
    own('key', `${request.keyAlgorithm} ${request.keyParameterSet}`),
    own('signature', request.signatureAlgorithm),
    ...known.filter(({ about }) => about === 'extension'),
    ...(unknown.length === 0
      ? []
      : [
          {
            ...own('other', ''),
            oid: '',
            asked: unknown.length > mostShown ? `${shown}, …` : shown,
            sent: '',
          },
        ]),
  ];
}
