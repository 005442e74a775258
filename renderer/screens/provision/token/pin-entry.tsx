import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../../shared/token.ts';
import { SecretField, takeSecret } from '../../../components/secret-field.tsx';
import { SerialCheck, serialTail } from '../../../components/serial-check.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { pinLamp, Tries } from '../../../components/tries.tsx';
import { ask } from '../../../stores/ask.ts';
import { namesToken, withToken } from '../../../stores/draft.ts';
import { useTask } from '../../../stores/task.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';
import { type PinEvent, PinHelp } from './pin-help.tsx';

/** The tries state first, then the PIN. A PIN is sent once; a refused one is never sent again. */
export function PinEntry({
  token,
  onToken,
  onLeave,
}: {
  readonly token: TokenInfo;
  onToken(token: TokenInfo): void;
  onLeave(): void;
}) {
  const { t } = useTranslation();
  const { draft, setDraft, set, advance } = useWizard();
  const pin = useRef<HTMLInputElement>(null);
  const [filled, setFilled] = useState(false);
  const [tail, setTail] = useState('');
  const [events, setEvents] = useState<readonly PinEvent[]>([]);
  const { busy, problem, run } = useTask();
  const { pinState } = token;
  const final = pinState === 'final';
  const shut = pinState === 'locked' || pinState === 'not-set';
  const confirmed = !final || serialTail(token) === tail.toUpperCase();
  const note = (what: PinEvent['what']) =>
    setEvents((before) => [...before, { at: new Date(), what }]);

  async function unlock() {
    const secret = takeSecret(pin.current);
    setFilled(false);
    const opened = await run(() =>
      ask('tokens.unlock', {
        module: token.module,
        serial: token.serial,
        label: token.label,
        pin: secret,
        finalTryConfirmed: final && confirmed,
      }),
    );
    secret.fill(0);
    if (opened === null) return await readAgain();
    if (!namesToken(draft, opened.token)) setDraft(withToken(draft, opened.token));
    set({ token: opened.token });
    advance();
  }

  /** After a refusal: the flags tell how near the lock is, and reading them costs no try. */
  async function readAgain() {
    note('refused');
    setTail('');
    const listed = await ask('tokens.list', { module: token.module });
    const now = listed.ok
      ? listed.value.find(({ serial, label }) => serial === token.serial && label === token.label)
      : undefined;
    if (!now) return;
    if (now.pinState !== pinState) note(now.pinState);
    onToken(now);
  }

  return (
    <StepPage
      step="token"
      title={t(`pin.title.${pinState}`, { token: token.label })}
      lead={t(`pin.lead.${pinState}`)}
      lamp={
        busy ? 'busy' : pinState === 'ok' ? (problem ? 'attention' : 'ready') : pinLamp[pinState]
      }
      next={shut ? t('pin.nextShut') : final ? t('pin.nextFinal') : t('pin.next')}
      tokenName={token.label}
      tokenNote={t('token.slot', { slot: token.slot })}
      problem={problem}
      panel={<PinHelp events={events} />}
      back={{ text: final ? t('pin.stop') : t('token.another'), onPress: onLeave, disabled: busy }}
      why={shut ? t('pin.whyShut') : final ? t('pin.whyFinal') : t('pin.why')}
      primary={
        shut
          ? undefined
          : {
              text: final ? t('pin.useLast') : t('pin.open'),
              grave: final,
              disabled: busy || !confirmed || !(filled || token.pinPad),
            }
      }
      onSubmit={() => {
        if (confirmed && (filled || token.pinPad)) void unlock();
      }}
    >
      <section>
        <Tries pinState={pinState} brief={problem !== null} />
      </section>
      {!shut && (
        <section className="narrow stack">
          {final && <SerialCheck token={token} tail={tail} onTail={setTail} />}
          {token.pinPad ? (
            <p className="lead">{t('pin.pinPad')}</p>
          ) : (
            <SecretField
              label={final ? t('pin.labelFinal') : t('pin.label')}
              hint={t('pin.hint')}
              field={pin}
              eager={!final}
              testId={testIds.pin}
              onFilled={setFilled}
            />
          )}
        </section>
      )}
    </StepPage>
  );
}
