import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../shared/token.ts';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { pinLamp, Tries } from '../../components/tries.tsx';
import { useOnAppear } from '../../components/use-on-appear.ts';
import { ask } from '../../stores/ask.ts';
import { signsInWith, withToken } from '../../stores/draft.ts';
import { useScreen } from '../../stores/screen.ts';
import { useTask } from '../../stores/task.ts';
import { selectionOf, type TokenObject, type TokenObjects } from '../../stores/tokens.ts';
import { useWizard } from '../../stores/wizard.ts';
import { testIds } from '../../test-ids.ts';
import { ProfileFit } from './fit.tsx';
import { ObjectList } from './object-list.tsx';
import { TokenFacts } from './token-facts.tsx';
import { TokensHelp } from './tokens-help.tsx';

/** What was done to the token a moment ago. */
export type Done = 'initialised' | 'pinChanged' | 'unblocked' | 'renamed' | 'deleted';

type Work = 'initialise' | 'change-pin' | 'unblock';

/** One token: its PIN first, then what it is, what it can do and what it holds. */
export function TokenPage({
  token,
  done,
  onTask,
  onObject,
  onLeave,
}: {
  readonly token: TokenInfo;
  readonly done: Done | null;
  onTask(work: Work): void;
  onObject(object: TokenObject): void;
  onLeave(): void;
}) {
  const { t } = useTranslation();
  const { draft, profiles, setDraft, goTo } = useWizard();
  const { open } = useScreen();
  const [objects, setObjects] = useState<TokenObjects['objects'] | null>(null);
  const { problem, run } = useTask();
  const { initialised, pinState } = token;
  const own = signsInWith([draft, ...profiles], token);
  useOnAppear(() => {
    if (!initialised) return;
    const keystore = selectionOf(token);
    void run(() => ask('objects.list', { keystore })).then((list) => {
      if (list !== null) setObjects(list.objects);
    });
  });

  const shut = pinState === 'locked' || pinState === 'not-set';
  const way = !initialised ? 'initialise' : shut ? 'unblock' : own ? 'change-pin' : 'provision';
  function go() {
    if (way !== 'provision') return onTask(way);
    setDraft(withToken(draft, token));
    goTo('token');
    open('provision');
  }

  return (
    <Page
      testId={testIds.tokens.one}
      title={initialised ? token.label : t('token.blank')}
      mark={initialised ? pinLamp[pinState] : 'ready'}
      lead={t(initialised ? `tokens.pinLead.${pinState}` : 'tokens.blankLead')}
      lamp={initialised && pinState !== 'ok' ? pinLamp[pinState] : 'ready'}
      next={t(`tokens.way.${way}`)}
      tokenName={initialised ? token.label : t('token.blank')}
      tokenNote={t('token.slot', { slot: token.slot })}
      problem={problem}
      panel={<TokensHelp />}
      back={{ text: t('action.back'), onPress: onLeave }}
      side={
        initialised && <WorkButton shown={way !== 'initialise'} work="initialise" onTask={onTask} />
      }
      primary={{ text: t(`tokens.way.${way}`) }}
      onSubmit={go}
    >
      {done && (
        <section>
          <Notice
            state="done"
            title={t(`tokens.done.${done}`)}
            role="status"
            testId={testIds.tokenDone}
          >
            <p>{t('tokens.recorded')}</p>
          </Notice>
        </section>
      )}
      {own && (
        <section>
          <Notice state="attention" title={t('tokens.own')} role="status">
            <p>{t('tokens.ownText')}</p>
          </Notice>
        </section>
      )}
      {initialised && (
        <section>
          <div className="bar">
            <h2>{t('pin.name')}</h2>
            <span className="buttons">
              <WorkButton
                small
                shown={way !== 'change-pin' && !shut}
                work="change-pin"
                onTask={onTask}
              />
              <WorkButton small shown={way !== 'unblock'} work="unblock" onTask={onTask} />
            </span>
          </div>
          {pinState !== 'not-set' && <Tries pinState={pinState} brief={false} />}
        </section>
      )}
      {objects !== null && <ObjectList objects={objects} onOpen={onObject} />}
      <ProfileFit token={token} />
      <TokenFacts token={token} />
    </Page>
  );
}

function WorkButton({
  shown,
  small = false,
  work,
  onTask,
}: {
  readonly shown: boolean;
  readonly small?: boolean;
  readonly work: Work;
  onTask(work: Work): void;
}) {
  const { t } = useTranslation();
  if (!shown) return null;
  return (
    <button
      type="button"
      className={small ? 'btn small' : 'btn'}
      onClick={() => onTask(work)}
      data-testid={testIds.tokenWork[work]}
    >
      {t(`tokens.way.${work}`)}
    </button>
  );
}
