import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Profile } from '../../../shared/profile.ts';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { useProblemText } from '../../components/problem.tsx';
import { useFormat } from '../../i18n/format.ts';
import { ask } from '../../stores/ask.ts';
import { clockOf, useSecondsUntil } from '../../stores/countdown.ts';
import type { OpenEnrollment } from '../../stores/open-enrollments.ts';
import { useScreen } from '../../stores/screen.ts';
import { useTask } from '../../stores/task.ts';
import { testIds } from '../../test-ids.ts';
import { NameConsent, needsNameConsent } from './name-consent.tsx';
import { nameOf } from './names.ts';
import { SecretFields } from './secret-fields.tsx';
import { WhereItBelongs } from './story.tsx';
import { useSecrets } from './use-secrets.tsx';

/** A request the server put off: when it is asked for again, by whom, and what that needs. */
export function PendingPage({
  one,
  profile,
}: {
  readonly one: OpenEnrollment;
  readonly profile: Profile;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { open } = useScreen();
  const { busy, problem, run } = useTask();
  const [accepted, setAccepted] = useState(false);
  const secrets = useSecrets(profile, true);
  const seconds = useSecondsUntil(one.dueAt);
  const unnamed = needsNameConsent(profile);
  const ready = (one.automatic || secrets.complete) && (!unnamed || accepted);
  const early = seconds !== null && seconds > 0;

  async function resume() {
    if (!one.automatic && (await run(() => secrets.give())) === null) return;
    await run(() =>
      ask('enrollment.resume', {
        enrollmentId: one.record.enrollmentId,
        unverifiedNameConfirmed: accepted,
      }),
    );
  }

  return (
    <Page
      testId={testIds.enrollments.one}
      title={t('enrollments.pendingTitle', { name: nameOf(one) })}
      lead={t('enrollments.pendingLead')}
      lamp={busy ? 'busy' : 'attention'}
      next={one.automatic ? t('enrollments.nextByItself') : t('enrollments.askAgain')}
      serverName={one.record.server}
      tokenName={one.record.keystore?.token}
      problem={problem}
      code={one.record.error ?? undefined}
      panel={<WhereItBelongs one={one} />}
      back={{ text: t('action.back'), onPress: () => open('enrollments') }}
      why={early ? t('enrollments.early') : t('enrollments.sameRequest')}
      primary={{ text: t('enrollments.askAgain'), disabled: busy || !ready }}
      onSubmit={() => {
        if (!busy && ready) void resume();
      }}
    >
      <section>
        <div className="countdown" data-state={one.automatic ? 'busy' : 'attention'}>
          <div>
            <h2>{t('enrollments.nextAttempt')}</h2>
            <output className="reading" data-testid={testIds.countdown} aria-live="off">
              {early ? clockOf(seconds) : t('enrollments.now')}
            </output>
          </div>
          <p>
            <b>{one.automatic ? t('enrollments.automatic') : t('enrollments.byHand')}</b>
            {one.dueAt && (
              <span>{t('enrollments.dueAt', { moment: format.moment(one.dueAt) })}</span>
            )}
          </p>
        </div>
      </section>
      <LastTrouble one={one} />
      {unnamed && (
        <NameConsent server={one.record.server} accepted={accepted} onChange={setAccepted} />
      )}
      {!one.automatic && <SecretFields profile={profile} secrets={secrets} />}
    </Page>
  );
}

/** What the last attempt met, when it was not the server's own "not yet". */
function LastTrouble({ one: { record } }: { readonly one: OpenEnrollment }) {
  const { t } = useTranslation();
  const error = record.error;
  if (error === null || error.code === 'SERVER-13') return null;
  return <Trouble title={t('enrollments.lastTrouble')} error={error} />;
}

function Trouble({
  title,
  error,
}: {
  readonly title: string;
  readonly error: Parameters<typeof useProblemText>[0];
}) {
  const { message, cause } = useProblemText(error);
  return (
    <section>
      <Notice state="attention" title={title} role="status">
        <p>{message}</p>
        <p>{cause}</p>
      </Notice>
    </section>
  );
}
