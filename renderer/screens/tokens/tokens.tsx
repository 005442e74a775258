import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../shared/token.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Page } from '../../components/page.tsx';
import { useOnAppear } from '../../components/use-on-appear.ts';
import { useWatchedModules } from '../../components/use-watched-modules.ts';
import { useScreen } from '../../stores/screen.ts';
import {
  findModules,
  readTokens,
  type TokenObject,
  tokenItem,
  useTokens,
} from '../../stores/tokens.ts';
import { useWizard } from '../../stores/wizard.ts';
import { testIds } from '../../test-ids.ts';
import { ChangePin } from './change-pin.tsx';
import { ChooseModule } from './choose-module.tsx';
import { DeleteObject } from './delete-object.tsx';
import { InitialiseToken } from './initialise-token.tsx';
import { ObjectPage } from './object-page.tsx';
import { RenameObject } from './rename-object.tsx';
import { TokenOverview } from './token-overview.tsx';
import { type Done, TokenPage } from './token-page.tsx';
import { TokensHelp } from './tokens-help.tsx';
import { UnblockPin } from './unblock-pin.tsx';

/** What is being done to the token in view. */
type Task =
  | { readonly kind: 'view' | 'module' | 'initialise' | 'change-pin' | 'unblock' }
  | { readonly kind: 'object' | 'rename' | 'delete'; readonly object: TokenObject };

/** Every token that is plugged in: what it is, how its PINs stand, what it holds, and what can be done about it. */
export function Tokens() {
  const { item, open } = useScreen();
  const seen = useTokens((state) => state.seen);
  const [task, setTask] = useState<Task>({ kind: 'view' });
  const [done, setDone] = useState<Done | null>(null);
  useWatchedModules(findModules);
  useOnAppear(() => useTokens.setState({ news: null }));
  const view = () => setTask({ kind: 'view' });

  if (task.kind === 'module') return <ChooseModule onLeave={view} />;
  if (item === null) {
    return (
      <TokenOverview
        onOpen={(name) => {
          setDone(null);
          open('tokens', name);
        }}
        onModule={() => setTask({ kind: 'module' })}
      />
    );
  }
  const token = Object.values(seen)
    .flat()
    .find((one) => tokenItem(one) === item);
  if (token === undefined) return <TokenGone />;

  /** Something was done: the wizard must look again, and the page says what it was. */
  const finished = async (what: Done, now: TokenInfo = token) => {
    useWizard.setState({ token: null });
    await readTokens(token.module);
    setDone(what);
    view();
    open('tokens', tokenItem(now));
  };
  const common = { token, onLeave: view };
  if (task.kind === 'initialise') {
    return <InitialiseToken {...common} onDone={(now) => finished('initialised', now)} />;
  }
  if (task.kind === 'change-pin') {
    return <ChangePin {...common} onDone={() => finished('pinChanged')} />;
  }
  if (task.kind === 'unblock')
    return <UnblockPin {...common} onDone={() => finished('unblocked')} />;
  if (task.kind === 'object') {
    const { object } = task;
    return (
      <ObjectPage
        token={token}
        object={object}
        onRename={() => setTask({ kind: 'rename', object })}
        onDelete={() => setTask({ kind: 'delete', object })}
        onLeave={view}
      />
    );
  }
  if (task.kind === 'rename' || task.kind === 'delete') {
    const { object, kind } = task;
    const Form = kind === 'rename' ? RenameObject : DeleteObject;
    return (
      <Form
        token={token}
        object={object}
        onDone={() => finished(kind === 'rename' ? 'renamed' : 'deleted')}
        onLeave={() => setTask({ kind: 'object', object })}
      />
    );
  }
  return (
    <TokenPage
      token={token}
      done={done}
      onTask={(kind) => {
        setDone(null);
        setTask({ kind });
      }}
      onObject={(object) => {
        setDone(null);
        setTask({ kind: 'object', object });
      }}
      onLeave={() => open('tokens')}
    />
  );
}

/** The token in view was unplugged; plugged in again it comes back by itself. */
function TokenGone() {
  const { t } = useTranslation();
  const { open } = useScreen();
  return (
    <Page
      testId={testIds.tokens.gone}
      title={t('tokens.gone')}
      mark="attention"
      lamp="attention"
      next={t('tokens.goneNext')}
      panel={<TokensHelp />}
      back={{ text: t('action.back'), onPress: () => open('tokens') }}
      primary={{ text: t('tokens.toList') }}
      onSubmit={() => open('tokens')}
    >
      <EmptyState icon="tokens" title={t('tokens.goneTitle')}>
        {t('tokens.goneText')}
      </EmptyState>
    </Page>
  );
}
