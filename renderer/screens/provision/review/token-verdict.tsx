import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandOutput } from '../../../../shared/contract/commands.ts';
import type { Reply } from '../../../../shared/contract/station-api.ts';
import type { ErrorData } from '../../../../shared/errors/station-error.ts';
import { missingOnToken } from '../../../../shared/token-fit.ts';
import { Notice } from '../../../components/notice.tsx';
import { useProblemText, WaysOut } from '../../../components/problem.tsx';
import { State } from '../../../components/state.tsx';
import { ask } from '../../../stores/ask.ts';
import type { Draft } from '../../../stores/draft.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';
import { lackWords } from '../../tokens/fit.tsx';
import { asSent } from './request-words.ts';

/** What the station says of token and profile before anything is done; null while it looks. */
interface TokenCheck {
  readonly answer: Answered['reply'] | null;
  again(): void;
}

/** Asks the station whether the token can do what will be sent. A keystore that is no token is not asked. */
export function useTokenCheck(): TokenCheck {
  const { draft, wishes } = useWizard();
  const [last, setLast] = useState<Answered | null>(null);
  const question = draft.keystore.kind === 'pkcs11' ? JSON.stringify(asSent(draft, wishes)) : null;
  useEffect(() => {
    if (question !== null) void check(question).then(setLast);
  }, [question]);
  return {
    // What was answered to another question counts no longer, however late it comes.
    answer: last?.question === question ? (last?.reply ?? null) : null,
    again() {
      setLast(null);
      if (question !== null) void check(question).then(setLast);
    },
  };
}

interface Answered {
  readonly question: string;
  readonly reply: Reply<CommandOutput<'tokens.check'>>;
}

async function check(question: string): Promise<Answered> {
  const profile: Draft = JSON.parse(question);
  return { question, reply: await ask('tokens.check', { profile }) };
}

/** Where a person must go before the station would take the enrollment; null when the token can do it. */
export function stepForToken({ answer }: TokenCheck): 'identity' | 'token' | null {
  const findings = answer?.ok === true ? answer.value.findings : [];
  if (findings.length === 0) return null;
  return findings.every(({ code }) => code === 'TOKEN-14') ? 'identity' : 'token';
}

/** Whether the token can do what is asked, in words. */
export function TokenVerdict({ check: { answer, again } }: { readonly check: TokenCheck }) {
  const { t } = useTranslation();
  const token = useWizard((wizard) => wizard.token)?.label ?? t('authentication.theToken');
  const { draft, wishes } = useWizard();
  const findings = answer?.ok === true ? answer.value.findings : [];
  const { request } = asSent(draft, wishes);
  const lacks =
    answer?.ok === true ? missingOnToken(answer.value.token, { ...request, newKey: true }) : [];
  return (
    <section data-testid={testIds.fit}>
      <div className="bar">
        <h2>{t('review.fit.title')}</h2>
        <span role="status">
          {answer === null ? (
            <State state="busy">{t('review.fit.asking')}</State>
          ) : !answer.ok ? (
            <State state="attention">{t('review.fit.unread', { token })}</State>
          ) : findings.length > 0 ? (
            <State state="failed">{t('review.fit.no', { token })}</State>
          ) : answer.value.token.canGenerate.length === 0 ? (
            <State state="ready">{t('review.fit.unknown', { token })}</State>
          ) : (
            <State state="done">{t('review.fit.can', { token })}</State>
          )}
        </span>
      </div>
      {answer?.ok === true && findings.length === 0 && (
        <p className="quiet small bar-note">{t('review.fit.about')}</p>
      )}
      {findings.map((finding) => (
        <Finding key={finding.code} error={finding} lacks={lacks} />
      ))}
      {answer?.ok === false && <Unread error={answer.error} again={again} />}
    </section>
  );
}

function Finding({
  error,
  lacks,
}: {
  readonly error: ErrorData;
  readonly lacks: readonly string[];
}) {
  const { t } = useTranslation();
  const { message, cause, waysOut } = useProblemText(error);
  const named = error.code === 'TOKEN-14' && lacks.length > 0;
  const title = named ? t('tokens.fit.lacks', { what: lackWords(lacks, t) }) : message;
  return (
    <div className="bar-fields">
      <Notice state="failed" title={title}>
        <p>{cause}</p>
        <WaysOut ways={waysOut} />
      </Notice>
    </div>
  );
}

function Unread({ error, again }: { readonly error: ErrorData; again(): void }) {
  const { t } = useTranslation();
  const { message, cause } = useProblemText(error);
  return (
    <div className="bar-fields">
      <Notice state="attention" title={message}>
        <p>{cause}</p>
        <button type="button" className="btn small" onClick={again}>
          {t('review.fit.again')}
        </button>
      </Notice>
    </div>
  );
}
