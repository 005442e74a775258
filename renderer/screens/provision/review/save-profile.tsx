import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorData } from '../../../../shared/errors/station-error.ts';
import { Icon } from '../../../components/icon.tsx';
import { ask } from '../../../stores/ask.ts';
import { emptyDraft } from '../../../stores/draft.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';

/** Keeps these settings under a name, for the next token. */
export function SaveProfile({ onProblem }: { onProblem(error: ErrorData): void }) {
  const { t } = useTranslation();
  const { draft, profiles, set, setDraft } = useWizard();
  const [saved, setSaved] = useState(false);
  const named = draft.name !== emptyDraft().name;
  const [name, setName] = useState(named ? draft.name : draft.server.endpoint);

  async function save() {
    const profile = { ...draft, name: name.trim() };
    const reply = await ask('profiles.save', { profile });
    if (!reply.ok) return onProblem(reply.error);
    setDraft(profile);
    set({ profiles: [...profiles.filter((other) => other.name !== profile.name), profile] });
    setSaved(true);
  }

  return (
    <section className="save-profile">
      <h2>{t('review.save')}</h2>
      <p>{t('review.saveText')}</p>
      <div className="field-row">
        <input
          type="text"
          className="input"
          aria-label={t('review.saveName')}
          value={name}
          maxLength={120}
          onChange={(event) => {
            setName(event.target.value);
            setSaved(false);
          }}
        />
        <button
          type="button"
          className="btn"
          disabled={saved || name.trim() === ''}
          onClick={() => void save()}
          data-testid={testIds.saveProfile}
        >
          {t('review.saveButton')}
        </button>
      </div>
      <p role="status" className="saved">
        {saved && (
          <span className="state" data-state="done">
            <Icon name="done" />
            {t('review.saved')}
          </span>
        )}
      </p>
    </section>
  );
}
