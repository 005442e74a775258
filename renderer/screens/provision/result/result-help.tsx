import { useTranslation } from 'react-i18next';
import type { EnrollmentRecord } from '../../../../shared/enrollment.ts';
import { Evidence, EvidenceLine } from '../../../components/evidence.tsx';
import { Facts, fact } from '../../../components/facts.tsx';
import { Icon } from '../../../components/icon.tsx';
import { useFormat } from '../../../i18n/format.ts';

/** What was proven after the answer came. */
export function HowWeKnow({ record }: { readonly record: EnrollmentRecord }) {
  const { t } = useTranslation();
  const software = record.keystore?.kind === 'software';
  const proofs = ['chain', 'sameKey', 'readBack', 'signature', 'journal'] as const;
  return (
    <section>
      <h2>{t('result.know')}</h2>
      <Evidence>
        {proofs.map((proof) => (
          <EvidenceLine key={proof} icon="done" state="done">
            <b>{t(`result.proof.${proof}`)}</b>{' '}
            {t(software ? `result.proofFile.${proof}` : `result.proofText.${proof}`)}
          </EvidenceLine>
        ))}
      </Evidence>
    </section>
  );
}

export function StepTimes({ record }: { readonly record: EnrollmentRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (record.steps.length === 0) return null;
  return (
    <section className="times">
      <h2>{t('result.times')}</h2>
      <Facts
        facts={[
          ...record.steps.map(
            ({ name, ms }) => [t(`enroll.stage.${name}`), format.seconds(ms)] as const,
          ),
          fact(t('result.total'), <b>{format.seconds(record.totalMs)}</b>),
        ]}
      />
    </section>
  );
}

/** How far it came, and where it stopped. */
export function Story({ record }: { readonly record: EnrollmentRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  let at = Date.parse(record.startedAt);
  const times = record.steps.map(({ name, ms }) => {
    at += ms;
    return { name, when: new Date(at) };
  });
  const ended = new Date(Date.parse(record.startedAt) + record.totalMs);
  const state = record.state === 'failed' || record.state === 'refused' ? 'failed' : 'attention';
  return (
    <section>
      <h2>{t('result.story')}</h2>
      <ol className="story">
        {times.map(({ name, when }) => (
          <li key={name}>
            <time dateTime={when.toISOString()}>{format.time(when)}</time>
            <Icon name="dot" />
            <p>{t(`enroll.stage.${name}`)}</p>
          </li>
        ))}
        <li data-state={state}>
          <time dateTime={ended.toISOString()}>{format.time(ended)}</time>
          <Icon name={state} />
          <p>
            <b>{t('result.stopped')}</b>
          </p>
        </li>
      </ol>
    </section>
  );
}
