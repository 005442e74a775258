import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../../shared/token.ts';
import { Field } from '../../../components/field.tsx';
import { useScanner } from '../../../components/scanner.ts';
import { StepPage } from '../../../components/step-page.tsx';
import { useOnAppear } from '../../../components/use-on-appear.ts';
import { useWatchedModules } from '../../../components/use-watched-modules.ts';
import { ask } from '../../../stores/ask.ts';
import { namesToken, otherTlsToken, selects } from '../../../stores/draft.ts';
import { useTask } from '../../../stores/task.ts';
import { tokenItem, useTokens, watchTokens } from '../../../stores/tokens.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';
import { DraftFit } from '../../tokens/fit.tsx';
import { KeystoreKind } from './keystore-kind.tsx';
import { TokenHelp } from './token-help.tsx';
import { TokenList } from './token-list.tsx';
import { wellKnownModules } from './well-known-modules.ts';

/** The tokens a module sees. A scanned serial picks its token. */
export function ChooseToken({ onChosen }: { onChosen(token: TokenInfo): void }) {
  const { t } = useTranslation();
  const { draft, back } = useWizard();
  const [module, setModule] = useState(
    draft.keystore.kind === 'pkcs11' ? draft.keystore.module : '',
  );
  const [found, setFound] = useState(false);
  const [pickedItem, setPickedItem] = useState<string | null>(null);
  const live = useTokens((state) => state.seen[module]);
  const officers = otherTlsToken(draft);
  const tokens = found
    ? (live ?? []).filter((token) => officers === null || !selects(officers, token))
    : null;
  const usable = tokens?.filter((token) => token.pinState !== 'locked') ?? [];
  const suggested =
    usable.find((token) => namesToken(draft, token)) ??
    (usable.length === 1 ? usable[0] : undefined);
  // One that was picked and is gone must not be another one now.
  const picked =
    (pickedItem === null ? suggested : tokens?.find((token) => tokenItem(token) === pickedItem)) ??
    null;
  const setPicked = (token: TokenInfo) => setPickedItem(tokenItem(token));
  const { busy, problem, run } = useTask();

  /** Reads the module's tokens, and shows from then on what comes and goes. */
  async function find(path: string) {
    setPickedItem(null);
    const listed = await run(() => ask('tokens.list', { module: path }));
    setFound(listed !== null);
    if (listed === null) return;
    useTokens.setState({ seen: { [path]: listed } });
    await watchTokens([path]);
  }
  useWatchedModules(async () => undefined);
  useOnAppear(() => {
    if (module !== '') void find(module);
  });
  useScanner((text) => {
    const serial = text.replace(/\s/g, '').toUpperCase();
    const match = tokens?.find(
      (token) => token.initialised && token.serial.toUpperCase() === serial,
    );
    if (match) setPicked(match);
    return match !== undefined;
  });

  const state = { module, busy, tokens, picked };
  return (
    <StepPage
      step="token"
      title={t('token.title')}
      lead={t('token.lead')}
      lamp={busy ? 'busy' : problem ? 'attention' : 'ready'}
      next={t(nextKey(state))}
      problem={problem}
      panel={<TokenHelp />}
      back={{ text: t('action.back'), onPress: back }}
      why={picked ? t(pickedWhy(picked)) : t('token.why')}
      primary={
        tokens === null || tokens.length === 0
          ? { text: t('token.find'), disabled: busy || module === '' }
          : {
              text: picked && !picked.initialised ? t('token.prepare') : t('token.use'),
              disabled: picked === null || picked.pinState === 'locked',
            }
      }
      onSubmit={() => {
        if (tokens === null || tokens.length === 0) void find(module);
        else if (picked) onChosen(picked);
      }}
    >
      <section className="columns wide-narrow">
        <Field
          label={t('token.module')}
          className="mono-field"
          value={module}
          placeholder={wellKnownModules()[0]?.path}
          onChange={(event) => {
            setModule(event.target.value.trim());
            setFound(false);
          }}
          testId={testIds.module}
          hint={
            <WellKnown
              onPick={(path) => {
                setModule(path);
                void find(path);
              }}
            />
          }
          beside={
            <button
              type="button"
              className="btn"
              disabled={busy || module === ''}
              onClick={() => void find(module)}
              data-testid={testIds.findTokens}
            >
              {t('token.look')}
            </button>
          }
        />
        <div className="field">
          <span className="label">{t('token.kind')}</span>
          <KeystoreKind />
        </div>
      </section>
      {tokens && <TokenList tokens={tokens} picked={picked} onPick={setPicked} />}
      {picked && <DraftFit token={picked} />}
    </StepPage>
  );
}

function nextKey({
  module,
  busy,
  tokens,
  picked,
}: {
  readonly module: string;
  readonly busy: boolean;
  readonly tokens: readonly TokenInfo[] | null;
  readonly picked: TokenInfo | null;
}) {
  if (busy) return 'token.nextBusy';
  if (module === '') return 'token.nextModule';
  if (tokens === null || tokens.length === 0) return 'token.nextFind';
  if (picked === null) return 'token.nextPick';
  return picked.initialised ? 'token.nextPin' : 'token.nextPrepare';
}

function pickedWhy(token: TokenInfo) {
  if (token.pinState === 'locked') return 'token.whyLocked' as const;
  return token.initialised ? ('token.whyPin' as const) : ('token.whyBlank' as const);
}

/** Where modules usually are on this kind of computer. */
function WellKnown({ onPick }: { onPick(path: string): void }) {
  const { t } = useTranslation();
  return (
    <>
      {t('token.usual')}{' '}
      {wellKnownModules().map(({ name, path }) => (
        <button key={path} type="button" className="link" title={path} onClick={() => onPick(path)}>
          {name}
        </button>
      ))}
    </>
  );
}
