import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../shared/token.ts';
import { NewPinFields, useNewPin } from '../../components/new-pin.tsx';
import { Page } from '../../components/page.tsx';
import { takeSecret } from '../../components/secret-field.tsx';
import { TokenPinFields, useTokenPin } from '../../components/token-pin.tsx';
import { ask } from '../../stores/ask.ts';
import { useTask } from '../../stores/task.ts';
import { readTokens } from '../../stores/tokens.ts';
import { testIds } from '../../test-ids.ts';
import { NewPinHelp } from './new-pin-help.tsx';

/** A new user PIN by the SO PIN: keys and certificates stay. */
export function UnblockPin({
  token,
  onDone,
  onLeave,
}: {
  readonly token: TokenInfo;
  onDone(): Promise<void>;
  onLeave(): void;
}) {
  const { t } = useTranslation();
  const so = useTokenPin(token, 'so');
  const fresh = useNewPin();
  const { busy, problem, run } = useTask();
  const ready = so.ready && (token.pinPad || fresh.filled);

  async function unblock() {
    const newPin = fresh.take(token);
    if (newPin === null) return;
    const soPin = takeSecret(so.field.current);
    so.setFilled(false);
    const { module, serial, label } = token;
    const { finalTryConfirmed } = so;
    const request = { module, serial, label, soPin, newPin, finalTryConfirmed };
    const reset = await run(() => ask('tokens.resetPin', request));
    soPin.fill(0);
    newPin.fill(0);
    if (reset !== null) return await onDone();
    so.setTail('');
    await readTokens(module);
  }

  return (
    <Page
      testId={testIds.tokens.work}
      title={t('tokens.unblock.title', { token: token.label })}
      lead={t('tokens.unblock.lead')}
      lamp={busy ? 'busy' : 'ready'}
      next={so.ready ? t('tokens.changePin.nextNew') : t('tokens.unblock.next')}
      tokenName={token.label}
      problem={problem}
      panel={<NewPinHelp />}
      back={{ text: t('action.back'), onPress: onLeave, disabled: busy }}
      why={t('tokens.unblock.why')}
      primary={{
        text: t('tokens.unblock.do'),
        grave: so.finalTryConfirmed,
        disabled: busy || !ready,
      }}
      onSubmit={() => {
        if (!busy && ready) void unblock();
      }}
    >
      <section>
        <TokenPinFields
          token={token}
          whose="so"
          pin={so}
          label={t('tokens.changePin.old.so')}
          testId={testIds.soPin}
        />
      </section>
      <section>
        <NewPinFields
          token={token}
          pin={fresh}
          whose="user"
          testIds={[testIds.newPin, testIds.newPinAgain]}
        />
      </section>
    </Page>
  );
}
