import { useTranslation } from 'react-i18next';
import type { ErrorData } from '../../../shared/errors/station-error.ts';
import { commonName } from '../../components/distinguished-name.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Page } from '../../components/page.tsx';
import { RowList } from '../../components/row-list.tsx';
import { State } from '../../components/state.tsx';
import { useScreen } from '../../stores/screen.ts';
import {
  inOrder,
  standingLamp,
  standingOf,
  type TrustedServer,
} from '../../stores/trusted-servers.ts';
import { testIds } from '../../test-ids.ts';
import { TrustHelp } from './trust-help.tsx';

/** Every server the station knows, with the root that counts for it. */
export function ServerList({
  servers,
  problem,
  onOpen,
  onImport,
}: {
  readonly servers: readonly TrustedServer[] | null;
  readonly problem: ErrorData | null;
  onOpen(server: string): void;
  onImport(): void;
}) {
  const { t } = useTranslation();
  const { open } = useScreen();
  const none = servers?.length === 0;
  return (
    <Page
      testId={testIds.trust.list}
      title={t('roots.title')}
      lead={t('roots.lead')}
      next={none ? t('roots.nextNone') : t('roots.next')}
      problem={problem}
      panel={<TrustHelp />}
      side={
        <button type="button" className="btn" onClick={onImport} data-testid={testIds.addRoot}>
          {t('roots.add')}
        </button>
      }
      why={none ? t('roots.whyNone') : undefined}
      primary={none ? { text: t('roots.provision') } : undefined}
      onSubmit={none ? () => open('provision') : undefined}
    >
      {none && (
        <EmptyState icon="trust" title={t('roots.none')}>
          {t('roots.noneText')}
        </EmptyState>
      )}
      {servers !== null && !none && (
        <RowList
          findLabel={t('roots.find')}
          onOpen={onOpen}
          groups={[
            {
              title: null,
              rows: servers.map((server) => ({
                item: server.server,
                title: server.server,
                text: rootOf(server) ?? t('roots.noRoot'),
                keywords: server.anchors
                  .map(({ certificate }) => certificate.fingerprint)
                  .join(' '),
                state: <Standing server={server} />,
              })),
            },
          ]}
        />
      )}
    </Page>
  );
}

function rootOf({ anchors, profiles }: TrustedServer): string | null {
  const [anchor] = inOrder(anchors, Date.now());
  const root = anchor?.certificate ?? profiles.find((profile) => profile.root !== null)?.root;
  return root ? commonName(root.subject) : null;
}

function Standing({ server: { anchors } }: { readonly server: TrustedServer }) {
  const { t } = useTranslation();
  const now = Date.now();
  const [anchor] = inOrder(anchors, now);
  if (!anchor) return <State state="attention">{t('roots.unconfirmed')}</State>;
  const standing = standingOf(anchor, anchors, now);
  const others = anchors.length - 1;
  return (
    <>
      <State state={standingLamp[standing]}>{t(`roots.standing.${standing}`)}</State>
      {others > 0 && <small>{t('roots.more', { count: others })}</small>}
    </>
  );
}
