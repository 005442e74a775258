import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answerQuestion, useWantedSecrets } from '../stores/wanted-secret.ts';
import { testIds } from '../test-ids.ts';
import { SecretField, takeSecret } from './secret-field.tsx';
import { Tries } from './tries.tsx';

/** Asks for the PIN of one use of a key that wants it each time, over whatever stands in the window. */
export function PinForUse() {
  const question = useWantedSecrets(({ questions }) => questions[0]);
  return question ? <Question key={question.id} {...question} /> : null;
}

function Question({
  id,
  label,
  serial,
  pinState,
}: ReturnType<typeof useWantedSecrets.getState>['questions'][number]) {
  const { t } = useTranslation();
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [filled, setFilled] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
    field.current?.focus();
  }, []);
  useOwnKeys(dialog);
  const decline = () => void answerQuestion(id, null);
  const give = () => void answerQuestion(id, takeSecret(field.current));
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        decline();
      }}
      data-testid={testIds.pinForUse.dialog}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (filled) give();
        }}
      >
        <h2 id={titleId}>{t('pinForUse.title', { token: `${label} (${serial})` })}</h2>
        <p>{t('pinForUse.lead')}</p>
        <Tries pinState={pinState} brief={false} />
        <SecretField
          label={t('pin.name')}
          field={field}
          onFilled={setFilled}
          testId={testIds.pinForUse.pin}
        />
        <div className="dialog-actions">
          <button
            type="button"
            className="btn"
            onClick={decline}
            data-testid={testIds.pinForUse.decline}
          >
            {t('pinForUse.decline')}
          </button>
          <button
            type="submit"
            className="btn primary"
            disabled={!filled}
            data-testid={testIds.pinForUse.give}
          >
            {t('pinForUse.give')}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** Keys pressed in the dialog mean the dialog, not the page behind it, whose shortcuts listen at the window. */
function useOwnKeys(dialog: { readonly current: HTMLDialogElement | null }) {
  useEffect(() => {
    const element = dialog.current;
    const keep = (event: KeyboardEvent) => event.stopPropagation();
    element?.addEventListener('keydown', keep);
    return () => element?.removeEventListener('keydown', keep);
  }, [dialog]);
}
