import { useTranslation } from 'react-i18next';
import { Evidence, EvidenceLine } from '../../components/evidence.tsx';
import { Page } from '../../components/page.tsx';
import { ask } from '../../stores/ask.ts';
import { useTask } from '../../stores/task.ts';
import type { Anchor, TrustedServer } from '../../stores/trusted-servers.ts';
import { testIds } from '../../test-ids.ts';
import { AnchorCard } from './anchor-card.tsx';

/** Asks once more before a root stops being trusted, and says what follows. */
export function RemoveRoot({
  server,
  anchor,
  onDone,
  onLeave,
}: {
  readonly server: TrustedServer;
  readonly anchor: Anchor;
  onDone(server: string | null): Promise<void>;
  onLeave(): void;
}) {
  const { t } = useTranslation();
  const { busy, problem, run } = useTask();
  const last = server.anchors.length === 1;
  const { fingerprint } = anchor.certificate;
  const followed = server.anchors.some(({ successorOf }) => successorOf === fingerprint);

  async function remove() {
    const done = await run(() => ask('trust.remove', { server: server.server, fingerprint }));
    if (done !== null) await onDone(last && server.profiles.length === 0 ? null : server.server);
  }

  return (
    <Page
      testId={testIds.trust.remove}
      title={t('roots.removeTitle')}
      mark="attention"
      lead={last ? t('roots.removeLast', { server: server.server }) : t('roots.removeLead')}
      lamp={busy ? 'busy' : 'attention'}
      next={t('roots.removeNext')}
      serverName={server.server}
      problem={problem}
      panel={
        <section>
          <h2>{t('roots.removeDoes')}</h2>
          <Evidence>
            <EvidenceLine icon="no">{t('roots.removeNoConnection')}</EvidenceLine>
            <EvidenceLine icon="tokens">{t('roots.removeTokens')}</EvidenceLine>
            {followed && (
              <EvidenceLine icon="attention" state="attention">
                {t('roots.removeSuccessor')}
              </EvidenceLine>
            )}
            <EvidenceLine icon="story">{t('roots.removeRecord')}</EvidenceLine>
          </Evidence>
        </section>
      }
      back={{ text: t('roots.keep'), onPress: onLeave, disabled: busy }}
      why={t('roots.removeWhy')}
      primary={{ text: t('roots.removeConfirm'), grave: true, disabled: busy }}
      onSubmit={() => {
        if (!busy) void remove();
      }}
    >
      <section>
        <AnchorCard anchor={anchor} anchors={server.anchors} />
      </section>
    </Page>
  );
}
