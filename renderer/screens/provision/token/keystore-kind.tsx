import { useTranslation } from 'react-i18next';
import { Segments } from '../../../components/segments.tsx';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';

/** Whether the key will live on a token or in an encrypted file. */
export function KeystoreKind() {
  const { t } = useTranslation();
  const { draft, setDraft } = useWizard();
  return (
    <Segments
      name="keystore-kind"
      label={t('token.kind')}
      testId={testIds.keystoreKind}
      options={[
        { value: 'pkcs11', text: t('token.kindPkcs11') },
        { value: 'software', text: t('token.kindSoftware') },
      ]}
      value={draft.keystore.kind}
      onChange={(kind) =>
        setDraft({
          ...draft,
          keystore:
            kind === 'pkcs11' ? { kind, module: '', token: {} } : { kind: 'software', path: '' },
        })
      }
    />
  );
}
