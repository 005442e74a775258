import { useTranslation } from 'react-i18next';
import type { CertificateSummary } from '../../../shared/enrollment.ts';
import { noticeIn } from '../../../shared/notices.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { ask } from '../../stores/ask.ts';
import { useScreen } from '../../stores/screen.ts';
import { useSettings } from '../../stores/settings.ts';
import { useTask } from '../../stores/task.ts';
import {
  type Anchor,
  inOrder,
  profileOf,
  type TrustedServer,
} from '../../stores/trusted-servers.ts';
import { useWizard } from '../../stores/wizard.ts';
import { testIds } from '../../test-ids.ts';
import { AnchorCard } from './anchor-card.tsx';
import { ImplicitRoots } from './implicit-roots.tsx';
import { Offered } from './offered.tsx';
import type { TrustReport } from './trust.tsx';
import { TrustHelp } from './trust-help.tsx';

/** One server: its roots, how each came to be trusted, and what the server offers now. */
export function ServerPage({
  server,
  report,
  onReport,
  onRemove,
  onCompare,
  onImport,
  onLeave,
}: {
  readonly server: TrustedServer;
  readonly report: TrustReport | null;
  onReport(report: TrustReport): void;
  onRemove(anchor: Anchor): void;
  onCompare(root: CertificateSummary): void;
  onImport(): void;
  onLeave(): void;
}) {
  const { t } = useTranslation();
  const { profiles, draft, setDraft, goTo } = useWizard();
  const { open } = useScreen();
  const { busy, problem, run } = useTask();
  const confirmed = server.anchors.length > 0;
  const profile = profileOf(server.server, profiles, draft);

  async function refresh() {
    const news = await run(() => ask('trust.refresh', { profile }));
    if (news !== null) onReport(news);
  }
  /** Nobody has confirmed a root: the wizard's first steps do that. */
  function bootstrap() {
    setDraft(profiles.find(({ name }) => name === server.profiles[0]?.name) ?? draft);
    goTo('server');
    open('provision');
  }

  return (
    <Page
      testId={testIds.trust.server}
      title={server.server}
      lead={
        confirmed
          ? t('roots.serverLead', { count: server.anchors.length })
          : t('roots.serverLeadNone')
      }
      lamp={busy ? 'busy' : 'ready'}
      next={confirmed ? t('roots.refresh') : t('roots.confirm')}
      serverName={server.server}
      problem={problem}
      panel={<TrustHelp />}
      back={{ text: t('action.back'), onPress: onLeave }}
      side={
        <button type="button" className="btn" onClick={onImport} data-testid={testIds.addRoot}>
          {t('roots.add')}
        </button>
      }
      why={confirmed ? t('roots.refreshWhy') : t('roots.confirmWhy')}
      primary={{ text: confirmed ? t('roots.refresh') : t('roots.confirm'), disabled: busy }}
      onSubmit={() => {
        if (busy) return;
        if (confirmed) void refresh();
        else bootstrap();
      }}
    >
      {report && <Report report={report} onCompare={onCompare} />}
      {confirmed ? (
        inOrder(server.anchors, Date.now()).map((anchor) => (
          <section key={anchor.certificate.fingerprint}>
            <AnchorCard
              anchor={anchor}
              anchors={server.anchors}
              onRemove={() => onRemove(anchor)}
            />
          </section>
        ))
      ) : (
        <EmptyState icon="trust" title={t('roots.unconfirmedTitle')}>
          {t('roots.unconfirmedText')}
        </EmptyState>
      )}
      <ImplicitRoots profiles={server.profiles} confirmed={confirmed} />
    </Page>
  );
}

function Report({
  report,
  onCompare,
}: {
  readonly report: TrustReport;
  onCompare(root: CertificateSummary): void;
}) {
  const { t } = useTranslation();
  const language = useSettings((settings) => settings.language);
  return (
    <>
      {report.warnings.length > 0 && (
        <section>
          <Notice state="attention" title={t('roots.noticed')} role="status">
            {report.warnings.map((warning) => (
              <p key={warning.text}>{noticeIn(warning, language)}</p>
            ))}
          </Notice>
        </section>
      )}
      <Offered offered={report.offered} onCompare={onCompare} />
    </>
  );
}
