import { useTranslation } from 'react-i18next';
import type { ErrorData } from '../../../../shared/errors/station-error.ts';
import { StationError } from '../../../../shared/errors/station-error.ts';
import type { PopFinding } from '../../../../shared/pop.ts';
import { CheckRow } from '../../../components/check-row.tsx';
import { Notice } from '../../../components/notice.tsx';
import { useProblemText } from '../../../components/problem.tsx';
import { Segments } from '../../../components/segments.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import type { Judgement } from '../../../stores/restrictions.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';
import { ConnectionFacts, NotPossible } from './restriction-help.tsx';

const bindings = ['tls-unique', 'tls-exporter'] as const;

/** Nothing stands in the way: what applies, and the switch for proof of possession. */
export function Allowed({
  judgement,
  asking,
  unread,
}: {
  readonly judgement: Judgement;
  readonly asking: boolean;
  /** The server's wishes could not be read: the enrollment can still be tried. */
  readonly unread: ErrorData | null;
}) {
  const { t } = useTranslation();
  const { draft, wishes, setDraft, back, advance } = useWizard();
  const { proofOfPossession } = draft;
  const { enabled, channelBinding } = proofOfPossession;
  const change = (facts: Partial<typeof proofOfPossession>) =>
    setDraft({ ...draft, proofOfPossession: { ...proofOfPossession, ...facts } });
  const [noted] = judgement.findings;
  return (
    <StepPage
      step="restrictions"
      title={t('restrictions.free')}
      mark="done"
      lead={enabled ? t('restrictions.freeOn') : t('restrictions.freeOff')}
      lamp={asking ? 'busy' : 'ready'}
      next={asking ? t('restrictions.asking') : t('restrictions.next')}
      code={noted ? { code: noted.code, clause: noted.clause } : undefined}
      panel={
        <>
          <ConnectionFacts draft={draft} />
          {enabled && <NotPossible channelBinding={channelBinding} />}
        </>
      }
      back={{ text: t('action.back'), onPress: back }}
      why={t('restrictions.thisToken')}
      primary={{ text: t('action.continue'), disabled: asking }}
      onSubmit={advance}
    >
      <section>
        <CheckRow
          label={t('restrictions.pop')}
          checked={enabled}
          onChange={(checked) => change({ enabled: checked })}
          testId={testIds.popEnabled}
        >
          <p>{t('restrictions.popText')}</p>
        </CheckRow>
        {enabled && (
          <div className="indented">
            <Segments
              name="channel-binding"
              label={t('restrictions.binding')}
              testId={testIds.channelBinding}
              options={bindings.map((value) => ({ value, text: value }))}
              value={channelBinding}
              onChange={(chosen) => change({ channelBinding: chosen })}
            />
          </div>
        )}
      </section>
      <section>
        <div className="bar">
          <h2>{t('restrictions.applies')}</h2>
          <p>{t('restrictions.samePolicy')}</p>
        </div>
        <div className="stack bar-fields">
          {judgement.findings.map((finding) => (
            <FindingNotice key={finding.code} finding={finding} />
          ))}
          {wishes && (
            <Notice
              state="ready"
              icon="server"
              title={wishes.asksForPop ? t('restrictions.asksPop') : t('restrictions.asksNoPop')}
            >
              <p>{t('restrictions.askedJustNow')}</p>
            </Notice>
          )}
          {judgement.findings.length === 0 && (
            <Notice state="ready" icon="check" title={t('restrictions.tlsBoth')}>
              <p>{t('restrictions.tlsBothText')}</p>
            </Notice>
          )}
          {unread && <UnreadNotice error={unread} />}
        </div>
      </section>
    </StepPage>
  );
}

/** A finding that does not block, in the catalogue's words. */
function FindingNotice({ finding }: { readonly finding: PopFinding }) {
  const { message, cause } = useProblemText(new StationError(finding.code).toData());
  const warning = finding.severity === 'warning';
  return (
    <Notice
      state={warning ? 'attention' : 'ready'}
      icon={warning ? 'attention' : 'no'}
      title={message}
    >
      <p>{cause}</p>
    </Notice>
  );
}

function UnreadNotice({ error }: { readonly error: ErrorData }) {
  const { t } = useTranslation();
  const { code, message } = useProblemText(error);
  return (
    <Notice state="attention" title={t('restrictions.unread')}>
      <p>
        {message} <span className="code">{code}</span>
      </p>
    </Notice>
  );
}
