import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CheckRow } from '../../../components/check-row.tsx';
import { Evidence, EvidenceLine } from '../../../components/evidence.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { useOnAppear } from '../../../components/use-on-appear.ts';
import { ask } from '../../../stores/ask.ts';
import { startEnrollment } from '../../../stores/enrollment.ts';
import { judge } from '../../../stores/restrictions.ts';
import { useTask } from '../../../stores/task.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';
import { ReviewTable } from './review-table.tsx';
import { SaveProfile } from './save-profile.tsx';

/** Everything that will be sent, next to what the server asks for; then one button. */
export function ReviewStep() {
  const { t } = useTranslation();
  const { draft, wishes, token, set, back, goTo } = useWizard();
  const [accepted, setAccepted] = useState(false);
  const { busy, problem, run, setProblem } = useTask();
  useOnAppear(() => {
    if (wishes !== null) return;
    void ask('enrollment.wishes', { profile: draft }).then((reply) => {
      if (reply.ok) set({ wishes: reply.value });
    });
  });
  const { block } = judge(draft, wishes);
  const unnamed = !draft.server.hostnameVerification && draft.httpAuthentication.scheme !== 'none';
  const waiting = unnamed && !accepted;

  async function enroll() {
    await run(async () => {
      const refused = await startEnrollment(draft, accepted);
      return refused === null ? { ok: true, value: {} } : { ok: false, error: refused };
    });
  }

  return (
    <StepPage
      step="review"
      title={token ? t('review.title', { token: token.label }) : t('review.titleSoftware')}
      lead={t('review.lead')}
      lamp={busy ? 'busy' : block ? 'attention' : 'ready'}
      next={block ? t('restrictions.choose') : t('review.next')}
      tokenNote={token ? t('token.open') : ''}
      problem={problem}
      code={block ? { code: block.code, clause: block.clause } : undefined}
      panel={
        <>
          <section>
            <h2>{t('review.after')}</h2>
            <Evidence>
              <EvidenceLine icon="tokens">{t('review.afterKey')}</EvidenceLine>
              <EvidenceLine icon="server">{t('review.afterSend')}</EvidenceLine>
              <EvidenceLine icon="done">{t('review.afterProve')}</EvidenceLine>
            </Evidence>
          </section>
          <section>
            <h2>{t('review.changes')}</h2>
            <p>{t('review.changesText')}</p>
          </section>
          <SaveProfile onProblem={setProblem} />
        </>
      }
      back={{ text: t('action.back'), onPress: back }}
      why={block ? t('review.whyBlocked') : waiting ? t('review.whyAccept') : t('review.why')}
      primary={
        block
          ? { text: t('review.toChecks') }
          : { text: t('review.enroll'), disabled: busy || waiting }
      }
      onSubmit={() => {
        if (block) goTo('restrictions');
        else if (!waiting) void enroll();
      }}
    >
      <ReviewTable />
      {unnamed && (
        <section>
          <CheckRow
            label={t('review.accept')}
            checked={accepted}
            onChange={setAccepted}
            testId={testIds.unverifiedName}
          >
            <p>{t('review.acceptText', { server: draft.server.endpoint })}</p>
          </CheckRow>
        </section>
      )}
    </StepPage>
  );
}
