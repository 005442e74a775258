import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../shared/token.ts';
import { Field } from '../../components/field.tsx';
import { giveTokenPin } from '../../components/give-token-pin.ts';
import { Page } from '../../components/page.tsx';
import { TokenPinFields, useTokenPin } from '../../components/token-pin.tsx';
import { ask } from '../../stores/ask.ts';
import { useTask } from '../../stores/task.ts';
import { readTokens, selectionOf, type TokenObject } from '../../stores/tokens.ts';
import { testIds } from '../../test-ids.ts';

/** Another alias for a key and its certificate. */
export function RenameObject({
  token,
  object: { alias },
  onDone,
  onLeave,
}: {
  readonly token: TokenInfo;
  readonly object: TokenObject;
  onDone(): Promise<void>;
  onLeave(): void;
}) {
  const { t } = useTranslation();
  const [to, setTo] = useState(alias);
  const pin = useTokenPin(token);
  const { busy, problem, run } = useTask();
  const changed = to !== '' && to !== alias;
  const ready = changed && pin.ready;

  async function rename() {
    if ((await run(() => giveTokenPin(token, pin))) === null) return await readTokens(token.module);
    const keystore = selectionOf(token);
    const done = await run(() => ask('objects.rename', { keystore, alias, to }));
    if (done !== null) await onDone();
  }

  return (
    <Page
      testId={testIds.tokens.work}
      title={t('tokens.rename.title', { alias })}
      lead={t('tokens.rename.lead')}
      lamp={busy ? 'busy' : 'ready'}
      next={changed ? t('tokens.givePin') : t('tokens.rename.next')}
      tokenName={token.label}
      problem={problem}
      panel={
        <section>
          <h2>{t('tokens.rename.meaning')}</h2>
          <p>{t('tokens.rename.meaningText')}</p>
        </section>
      }
      back={{ text: t('action.back'), onPress: onLeave, disabled: busy }}
      why={ready ? t('pin.why') : t('tokens.rename.why')}
      primary={{
        text: t('tokens.rename.do'),
        grave: pin.finalTryConfirmed,
        disabled: busy || !ready,
      }}
      onSubmit={() => {
        if (!busy && ready) void rename();
      }}
    >
      <section className="narrow">
        <Field
          label={t('tokens.rename.to')}
          className="mono-field"
          value={to}
          maxLength={256}
          onChange={(event) => setTo(event.target.value)}
          testId={testIds.alias}
        />
      </section>
      <section>
        <TokenPinFields
          token={token}
          pin={pin}
          label={t('tokens.pinOf', { token: token.label })}
          testId={testIds.pin}
        />
      </section>
    </Page>
  );
}
