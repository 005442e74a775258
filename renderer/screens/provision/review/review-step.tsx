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
import { OpenNames } from './open-names.tsx';
import { PlanTable } from './plan-table.tsx';
import { ReviewTable } from './review-table.tsx';
import { SaveProfile } from './save-profile.tsx';
import { stepForToken, TokenVerdict, useTokenCheck } from './token-verdict.tsx';

/** Everything that will be sent, next to what the server asks for; then one button. */
export function ReviewStep() {
  const { t } = useTranslation();
  const { draft, wishes, followServer, fill, token, set, back, goTo } = useWizard();
  const [typed, setTyped] = useState(fill);
  const [accepted, setAccepted] = useState(false);
  const check = useTokenCheck();
  const { busy, problem, run, setProblem } = useTask();
  useOnAppear(() => {
    if (wishes !== null) return;
    void ask('enrollment.wishes', { profile: draft }).then((reply) => {
      if (reply.ok) set({ wishes: reply.value });
    });
  });
  /** The station plans anew: what will be sent depends on the answer. */
  function follow(agreed: boolean) {
    void run(() => ask('enrollment.wishes', { profile: draft, followServer: agreed, fill })).then(
      (answer) => {
        if (answer !== null) set({ wishes: answer, followServer: agreed });
      },
    );
  }

  const { block } = judge(draft, wishes);
  const unnamed = !draft.server.hostnameVerification && draft.httpAuthentication.scheme !== 'none';
  const open = wishes?.missing ?? [];
  const names = [...new Set([...Object.keys(fill), ...open])];
  const values = Object.fromEntries(
    names.flatMap((name) => (typed[name]?.trim() ? [[name, typed[name].trim()]] : [])),
  );
  const unplanned = names.some((name) => values[name] !== fill[name]);
  const unable = stepForToken(check);
  const asking = draft.keystore.kind === 'pkcs11' && check.answer === null;
  const waiting = asking || (unnamed && !accepted) || open.length > 0;
  const differs = wishes?.plan.some(({ verdict }) => verdict === 'kept') === true;

  /** What was filled in goes into the plan, so that it is seen before it is sent. */
  async function takeOver() {
    const answer = await run(() =>
      ask('enrollment.wishes', { profile: draft, followServer, fill: values }),
    );
    if (answer !== null) set({ wishes: answer, fill: values });
  }
  async function enroll() {
    await run(async () => {
      const refused = await startEnrollment(draft, accepted, followServer, fill);
      return refused === null ? { ok: true, value: {} } : { ok: false, error: refused };
    });
  }

  function whyOf(): string {
    if (block) return t('review.whyBlocked');
    if (unplanned) return t('review.whyTakeOver');
    if (unable) return '';
    if (asking) return t('review.fit.asking');
    if (open.length > 0) return t('review.whyOpen', { names: open.join(', ') });
    return waiting ? t('review.whyAccept') : t('review.why');
  }

  return (
    <StepPage
      step="review"
      title={
        unable
          ? t('review.fit.cannot')
          : token
            ? t('review.title', { token: token.label })
            : t('review.titleSoftware')
      }
      lead={t(unable ? 'review.fit.about' : 'review.lead')}
      lamp={busy ? 'busy' : block || unable ? 'attention' : 'ready'}
      next={t(block ? 'restrictions.choose' : unable ? `review.fit.${unable}` : 'review.next')}
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
      why={whyOf()}
      primary={
        block
          ? { text: t('review.toChecks') }
          : unable
            ? { text: t(`review.fit.${unable}`) }
            : unplanned
              ? { text: t('review.takeOver'), disabled: busy }
              : { text: t('review.enroll'), disabled: busy || waiting }
      }
      onSubmit={() => {
        if (block) goTo('restrictions');
        else if (unable) goTo(unable);
        else if (busy) return;
        else if (unplanned) void takeOver();
        else if (!waiting) void enroll();
      }}
    >
      {draft.keystore.kind === 'pkcs11' && <TokenVerdict check={check} />}
      {names.length > 0 && <OpenNames names={names} values={typed} onChange={setTyped} />}
      <PlanTable />
      {(differs || followServer) && (
        <section>
          <CheckRow
            label={t('review.follow')}
            checked={followServer}
            onChange={follow}
            testId={testIds.followServer}
          >
            <p>{t('review.followText')}</p>
          </CheckRow>
        </section>
      )}
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
