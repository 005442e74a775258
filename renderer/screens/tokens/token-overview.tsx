import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../shared/token.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Page } from '../../components/page.tsx';
import { type ListRow, RowList } from '../../components/row-list.tsx';
import { State } from '../../components/state.tsx';
import { pinLamp } from '../../components/tries.tsx';
import { isLoading, tokenItem, useTokens } from '../../stores/tokens.ts';
import { testIds } from '../../test-ids.ts';
import { spacedSerial } from '../provision/token/token-list.tsx';
import { ModuleList } from './module-list.tsx';
import { TokensHelp } from './tokens-help.tsx';

/** All tokens of all modules, live. */
export function TokenOverview({
  onOpen,
  onModule,
}: {
  readonly onOpen: (item: string) => void;
  readonly onModule: () => void;
}) {
  const { t } = useTranslation();
  const { seen, modules, news } = useTokens();
  const tokens = Object.values(seen).flat();
  const loading =
    modules === null ||
    modules.some((module) => isLoading(module) || (module.probe?.usable && !seen[module.path]));
  const none = tokens.length === 0;
  const told =
    news && t(`tokens.news.${news.kind}`, { token: news.token.label || t('token.blank') });
  return (
    <Page
      testId={testIds.tokens.list}
      title={t('tokens.title', { count: tokens.length })}
      lead={t('tokens.lead')}
      next={none ? t('tokens.nextNone') : t('tokens.next')}
      panel={<TokensHelp />}
      side={
        <button type="button" className="btn" onClick={onModule} data-testid={testIds.addModule}>
          {t('tokens.addModule')}
        </button>
      }
      why={
        <span role="status" data-testid={testIds.tokenNews}>
          {told ?? t('tokens.live')}
        </span>
      }
    >
      {none && (
        <EmptyState icon="tokens" title={loading ? t('tokens.looking') : t('tokens.none')}>
          {t('tokens.noneText')}
        </EmptyState>
      )}
      <RowList
        findLabel={t('tokens.find')}
        onOpen={onOpen}
        groups={Object.entries(seen)
          .filter(([, all]) => all.length > 0)
          .map(([module, all]) => ({
            title: modules?.find(({ path }) => path === module)?.name || fileName(module),
            rows: all.map((token) => ({ ...words(token), state: <PinWord token={token} /> })),
          }))}
      />
      <ModuleList />
    </Page>
  );

  function words(token: TokenInfo): Omit<ListRow, 'state'> {
    const { initialised, label, serial, serialUnique, manufacturer, model, slotDescription } =
      token;
    const name = [manufacturer, model].filter((word) => word !== '').join(' ');
    return {
      item: tokenItem(token),
      title: initialised ? label : t('token.blank'),
      text: [
        ...(serial === '' ? [] : [`${t('token.serial')} ${spacedSerial(serial)}`]),
        ...(serialUnique || !initialised ? [] : [t('tokens.serialShared')]),
        name,
        slotDescription,
      ]
        .filter((word) => word !== '')
        .join(' · '),
      keywords: serial,
    };
  }
}

function PinWord({ token }: { readonly token: TokenInfo }) {
  const { t } = useTranslation();
  if (!token.initialised) return <State state="ready">{t('token.stateBlank')}</State>;
  return (
    <>
      <State state={pinLamp[token.pinState]}>
        {t('tokens.pinState', { state: t(`pin.state.${token.pinState}`) })}
      </State>
      {token.pinPad && <small>{t('tokens.onPad')}</small>}
    </>
  );
}

function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
