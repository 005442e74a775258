import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CheckRow } from '../../../components/check-row.tsx';
import { Evidence, EvidenceLine } from '../../../components/evidence.tsx';
import { Field } from '../../../components/field.tsx';
import { SecretField, takeSecret } from '../../../components/secret-field.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { useTask } from '../../../stores/task.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';
import { KeystoreKind } from './keystore-kind.tsx';
import { useKeptPassphrase } from './use-kept-passphrase.ts';

/** A folder of encrypted files instead of a token, for trying things out. */
export function SoftwareKeystore() {
  const { t } = useTranslation();
  const { draft, setDraft, hold, back, advance } = useWizard();
  const passphrase = useRef<HTMLInputElement>(null);
  const [filled, setFilled] = useState(false);
  const { busy, problem, run } = useTask();
  const path = draft.keystore.kind === 'software' ? draft.keystore.path : '';

  const kept = useKeptPassphrase(path);
  const ready = path !== '' && (filled || kept.ready);

  async function keep() {
    const secret = takeSecret(passphrase.current);
    setFilled(false);
    const given = await run(() => kept.give(secret));
    secret.fill(0);
    if (given === null) return;
    hold({ keystorePassphrase: true });
    advance();
  }

  return (
    <StepPage
      step="token"
      title={t('software.title')}
      lead={t('software.lead')}
      lamp={busy ? 'busy' : 'ready'}
      next={path === '' ? t('software.nextPath') : t('software.nextPassphrase')}
      problem={problem}
      panel={
        <section>
          <h2>{t('software.difference')}</h2>
          <Evidence>
            <EvidenceLine icon="attention" state="attention">
              {t('software.copied')}
            </EvidenceLine>
            <EvidenceLine icon="locked">{t('software.encrypted')}</EvidenceLine>
            <EvidenceLine icon="tokens">{t('software.token')}</EvidenceLine>
          </Evidence>
        </section>
      }
      back={{ text: t('action.back'), onPress: back }}
      why={t(filled ? 'software.held' : kept.ready ? 'software.kept' : 'software.why')}
      primary={{ text: t('action.continue'), disabled: busy || !ready }}
      onSubmit={() => {
        if (ready) void keep();
      }}
    >
      <section className="columns wide-narrow">
        <Field
          label={t('software.path')}
          className="mono-field"
          value={path}
          onChange={(event) =>
            setDraft({ ...draft, keystore: { kind: 'software', path: event.target.value } })
          }
          hint={t('software.pathHint')}
          testId={testIds.keystorePath}
        />
        <div className="field">
          <span className="label">{t('token.kind')}</span>
          <KeystoreKind />
        </div>
      </section>
      <section className="narrow">
        <SecretField
          label={t('software.passphrase')}
          hint={t('software.passphraseHint')}
          field={passphrase}
          testId={testIds.keystorePassphrase}
          onFilled={setFilled}
        />
        {kept.available && (
          <CheckRow
            label={t('software.remember')}
            checked={kept.wanted}
            onChange={kept.want}
            testId={testIds.rememberPassphrase}
          >
            <p>{t('software.rememberAbout')}</p>
          </CheckRow>
        )}
      </section>
    </StepPage>
  );
}
