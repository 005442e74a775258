import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../shared/token.ts';
import { NewPinFields, useNewPin } from '../../components/new-pin.tsx';
import { Page } from '../../components/page.tsx';
import { takeSecret } from '../../components/secret-field.tsx';
import { Segments } from '../../components/segments.tsx';
import {
  pinStateOf,
  TokenPinFields,
  useTokenPin,
  type Whose,
} from '../../components/token-pin.tsx';
import { ask } from '../../stores/ask.ts';
import { useTask } from '../../stores/task.ts';
import { readTokens } from '../../stores/tokens.ts';
import { testIds } from '../../test-ids.ts';
import { NewPinHelp } from './new-pin-help.tsx';

interface Props {
  readonly token: TokenInfo;
  onDone(): Promise<void>;
  onLeave(): void;
}

/** Another PIN, or another SO PIN, for the present one. */
export function ChangePin(props: Props) {
  const [whose, setWhose] = useState<Whose>('user');
  return <ChangeOne key={whose} {...props} whose={whose} onWhose={setWhose} />;
}

function ChangeOne({
  token,
  whose,
  onWhose,
  onDone,
  onLeave,
}: Props & { readonly whose: Whose; onWhose(whose: Whose): void }) {
  const { t } = useTranslation();
  const old = useTokenPin(token, whose);
  const fresh = useNewPin();
  const { busy, problem, run } = useTask();
  const ready = old.ready && (token.pinPad || fresh.filled);
  const lastTry = whose === 'user' && pinStateOf(token, whose) === 'final';

  async function change() {
    const newPin = fresh.take(token);
    if (newPin === null) return;
    const oldPin = takeSecret(old.field.current);
    old.setFilled(false);
    const { module, serial, label } = token;
    const { finalTryConfirmed } = old;
    const request = { module, serial, label, who: whose, oldPin, newPin, finalTryConfirmed };
    const changed = await run(() => ask('tokens.changePin', request));
    oldPin.fill(0);
    newPin.fill(0);
    if (changed !== null) return await onDone();
    old.setTail('');
    await readTokens(module);
  }

  return (
    <Page
      testId={testIds.tokens.work}
      title={t('tokens.changePin.title', { token: token.label })}
      lead={t('tokens.changePin.lead')}
      lamp={busy ? 'busy' : 'ready'}
      next={old.ready ? t('tokens.changePin.nextNew') : t('tokens.changePin.next')}
      tokenName={token.label}
      problem={problem}
      panel={<NewPinHelp />}
      back={{ text: t('action.back'), onPress: onLeave, disabled: busy }}
      why={t(lastTry ? 'pin.whyFinal' : 'pin.why')}
      primary={{
        text: t('tokens.changePin.do'),
        grave: old.finalTryConfirmed,
        disabled: busy || !ready,
      }}
      onSubmit={() => {
        if (!busy && ready) void change();
      }}
    >
      <section>
        <div className="bar">
          <h2>{t('tokens.changePin.present')}</h2>
          <Segments
            name="whose"
            label={t('tokens.changePin.whose')}
            testId={testIds.whosePin}
            options={(['user', 'so'] as const).map((value) => ({
              value,
              text: t(`newPin.${value}.short`),
            }))}
            value={whose}
            onChange={onWhose}
          />
        </div>
        <div className="bar-fields">
          <TokenPinFields
            token={token}
            whose={whose}
            pin={old}
            label={t(`tokens.changePin.old.${whose}`)}
            testId={whose === 'user' ? testIds.pin : testIds.soPin}
          />
        </div>
      </section>
      <section>
        <NewPinFields
          token={token}
          pin={fresh}
          whose={whose}
          testIds={[testIds.newPin, testIds.newPinAgain]}
        />
      </section>
    </Page>
  );
}
