import { useTranslation } from 'react-i18next';
import type { EnrollmentState } from '../../../shared/enrollment.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Evidence, EvidenceLine } from '../../components/evidence.tsx';
import { Page } from '../../components/page.tsx';
import { type ListRow, RowList } from '../../components/row-list.tsx';
import { State } from '../../components/state.tsx';
import { useFormat } from '../../i18n/format.ts';
import { clockOf, useSecondsUntil } from '../../stores/countdown.ts';
import type { LampState } from '../../stores/frame.ts';
import { isOpen, type OpenEnrollment, useOpenEnrollments } from '../../stores/open-enrollments.ts';
import { useScreen } from '../../stores/screen.ts';
import { testIds } from '../../test-ids.ts';
import { nameOf, stateWord } from './names.ts';

/** How an enrollment's state looks, in the lamp's six words. */
function lampOf(state: EnrollmentState): LampState {
  if (state === 'done') return 'done';
  if (state === 'refused' || state === 'failed') return 'failed';
  if (state === 'cancelled') return 'ready';
  return ['pending', 'outcome-unknown', 'issued-not-stored'].includes(state) ? 'attention' : 'busy';
}

/** Open ends first, then what has ended. */
export function EnrollmentList() {
  const { t } = useTranslation();
  const format = useFormat();
  const { list, problem } = useOpenEnrollments();
  const { open } = useScreen();
  const waiting = list?.filter(isOpen) ?? [];
  const ended = list?.filter((one) => !isOpen(one)) ?? [];
  const none = list?.length === 0;
  const row = (one: OpenEnrollment): ListRow => ({
    item: one.record.enrollmentId,
    title: nameOf(one),
    text: [format.moment(one.record.startedAt), one.record.server, one.record.keystore?.token]
      .filter(Boolean)
      .join(' · '),
    keywords: one.record.certificate?.serialNumber ?? '',
    state: <StateOf one={one} />,
  });
  return (
    <Page
      testId={testIds.enrollments.list}
      title={
        waiting.length === 0
          ? t('enrollments.titleNone')
          : t('enrollments.title', { count: waiting.length })
      }
      mark={list !== null && waiting.length === 0 && !none ? 'done' : undefined}
      lead={t('enrollments.lead')}
      lamp={waiting.length > 0 ? 'attention' : 'ready'}
      next={waiting.length > 0 ? t('enrollments.nextOpen') : t('enrollments.nextNone')}
      problem={problem}
      panel={<ListHelp />}
      why={waiting.length > 0 || none ? undefined : t('enrollments.whyNone')}
      primary={waiting.length > 0 ? undefined : { text: t('roots.provision') }}
      onSubmit={waiting.length > 0 ? undefined : () => open('provision')}
    >
      {none && (
        <EmptyState icon="story" title={t('enrollments.none')}>
          {t('enrollments.noneText')}
        </EmptyState>
      )}
      <RowList
        findLabel={t('enrollments.find')}
        onOpen={(enrollmentId) => open('enrollments', enrollmentId)}
        groups={[
          { title: t('enrollments.open'), rows: waiting.map(row) },
          { title: t('enrollments.ended'), rows: ended.map(row) },
        ]}
      />
    </Page>
  );
}

function StateOf({ one }: { readonly one: OpenEnrollment }) {
  const { t } = useTranslation();
  const { state } = one.record;
  const seconds = useSecondsUntil(one.dueAt);
  return (
    <>
      <State state={lampOf(state)}>{t(stateWord(state))}</State>
      {seconds !== null && (
        <small>
          {seconds === 0
            ? t('enrollments.due')
            : t(one.automatic ? 'enrollments.byItselfIn' : 'enrollments.dueIn', {
                time: clockOf(seconds),
              })}
        </small>
      )}
    </>
  );
}

function ListHelp() {
  const { t } = useTranslation();
  return (
    <>
      <section>
        <h2>{t('enrollments.help.kinds')}</h2>
        <Evidence>
          <EvidenceLine icon="story">
            <b>{t('result.state.pending')}.</b> {t('enrollments.help.pending')}
          </EvidenceLine>
          <EvidenceLine icon="attention" state="attention">
            <b>{t('result.state.outcome-unknown')}.</b> {t('enrollments.help.lost')}
          </EvidenceLine>
          <EvidenceLine icon="tokens">
            <b>{t('result.state.issued-not-stored')}.</b> {t('enrollments.help.unstored')}
          </EvidenceLine>
        </Evidence>
      </section>
      <section>
        <h2>{t('enrollments.help.kept')}</h2>
        <p>{t('enrollments.help.keptText')}</p>
      </section>
    </>
  );
}
