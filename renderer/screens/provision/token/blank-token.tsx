import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../../shared/token.ts';
import { Evidence, EvidenceLine } from '../../../components/evidence.tsx';
import { Field } from '../../../components/field.tsx';
import { SecretField, sameSecret, takeSecret } from '../../../components/secret-field.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { ask } from '../../../stores/ask.ts';
import { withToken } from '../../../stores/draft.ts';
import { useTask } from '../../../stores/task.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';

const longestLabel = 32;
type Mistake = 'label' | 'pinLength' | 'pinsDiffer' | 'soPinLength' | 'soPinsDiffer';

/** Gives a blank token its name, its PIN and its SO PIN, then opens it. */
export function BlankToken({
  token,
  onReady,
  onLeave,
}: {
  readonly token: TokenInfo;
  onReady(token: TokenInfo): void;
  onLeave(): void;
}) {
  const { t } = useTranslation();
  const { draft, setDraft, set, advance } = useWizard();
  const [label, setLabel] = useState('');
  const [mistake, setMistake] = useState<Mistake | null>(null);
  const pin = useRef<HTMLInputElement>(null);
  const pinAgain = useRef<HTMLInputElement>(null);
  const soPin = useRef<HTMLInputElement>(null);
  const soPinAgain = useRef<HTMLInputElement>(null);
  const { busy, problem, run } = useTask();

  async function initialise() {
    const secrets = [pin, pinAgain, soPin, soPinAgain].map((field) => takeSecret(field.current));
    try {
      const [first, second, so, soSecond] = secrets;
      if (!first || !second || !so || !soSecond) return;
      const found = findMistake(token, label, [first, second], [so, soSecond]);
      setMistake(found);
      if (found !== null) return;
      const { module, slot } = token;
      const pinToSet = Uint8Array.from(first);
      secrets.push(pinToSet);
      const ready = await run(() =>
        ask('tokens.initialise', { module, slot, label, soPin: so, pin: pinToSet }),
      );
      if (ready === null) return;
      setDraft(withToken(draft, ready));
      // The PIN this very token was just given opens it: no second typing, one submission.
      const opened = await ask('tokens.unlock', {
        module,
        serial: ready.serial,
        label: ready.label,
        pin: first,
        finalTryConfirmed: false,
      });
      if (!opened.ok) return onReady(ready);
      set({ token: opened.value.token });
      advance();
    } finally {
      for (const secret of secrets) secret.fill(0);
    }
  }

  const wrong = (kinds: readonly Mistake[]) =>
    mistake !== null && kinds.includes(mistake) ? t(`blank.mistake.${mistake}`, limits) : undefined;
  const limits = { min: token.minPinLength, max: token.maxPinLength };
  return (
    <StepPage
      step="token"
      title={t('blank.title')}
      lead={t('blank.lead', { slot: token.slot })}
      lamp={busy ? 'busy' : 'ready'}
      next={label === '' ? t('blank.next') : t('blank.nextPins')}
      tokenName={label || t('token.blank')}
      problem={problem}
      panel={
        <>
          <section>
            <h2>{t('blank.does')}</h2>
            <Evidence>
              <EvidenceLine icon="tokens">{t('blank.doesLabel')}</EvidenceLine>
              <EvidenceLine icon="locked">{t('blank.doesPin')}</EvidenceLine>
              <EvidenceLine icon="attention" state="attention">
                {t('blank.doesErase')}
              </EvidenceLine>
            </Evidence>
          </section>
          <section>
            <h2>{t('blank.soPinTitle')}</h2>
            <p>{t('blank.soPinText')}</p>
          </section>
        </>
      }
      back={{ text: t('token.another'), onPress: onLeave, disabled: busy }}
      why={t('blank.why')}
      primary={{ text: t('blank.initialise'), disabled: busy || label === '' }}
      onSubmit={() => void initialise()}
    >
      <section>
        <Field
          label={t('blank.label')}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
          maxLength={longestLabel}
          hint={t('blank.labelHint')}
          error={wrong(['label'])}
          testId={testIds.tokenLabel}
        />
      </section>
      <section className="columns">
        <SecretField
          label={t('blank.pin')}
          hint={t('blank.pinHint', limits)}
          error={wrong(['pinLength'])}
          field={pin}
          testId={testIds.newPin}
        />
        <SecretField
          label={t('blank.pinAgain')}
          error={wrong(['pinsDiffer'])}
          field={pinAgain}
          testId={testIds.newPinAgain}
        />
        <SecretField
          label={t('blank.soPin')}
          hint={t('blank.soPinHint', limits)}
          error={wrong(['soPinLength'])}
          field={soPin}
          testId={testIds.soPin}
        />
        <SecretField
          label={t('blank.soPinAgain')}
          error={wrong(['soPinsDiffer'])}
          field={soPinAgain}
          testId={testIds.soPinAgain}
        />
      </section>
    </StepPage>
  );
}

type Twice = readonly [Uint8Array, Uint8Array];

function findMistake(token: TokenInfo, label: string, pin: Twice, soPin: Twice): Mistake | null {
  if (new TextEncoder().encode(label).length > longestLabel) return 'label';
  if (!lengthFits(token, pin[0])) return 'pinLength';
  if (!sameSecret(...pin)) return 'pinsDiffer';
  if (!lengthFits(token, soPin[0])) return 'soPinLength';
  return sameSecret(...soPin) ? null : 'soPinsDiffer';
}

function lengthFits({ minPinLength, maxPinLength }: TokenInfo, { length }: Uint8Array): boolean {
  return length > 0 && length >= minPinLength && length <= maxPinLength;
}
