import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { TlsClientKey } from '../../../../shared/pop.ts';
import { tlsClientKey } from '../../../../shared/pop.ts';
import { Field } from '../../../components/field.tsx';
import { NeededTokenPin } from '../../../components/needed-token-pin.tsx';
import { SecretField } from '../../../components/secret-field.tsx';
import { Segments } from '../../../components/segments.tsx';
import { State } from '../../../components/state.tsx';
import type { NeededToken } from '../../../components/use-token.ts';
import { type Draft, otherTlsToken } from '../../../stores/draft.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';

/** A certificate the station shows while connecting, and where its key is. */
export function TlsSignIn({
  field,
  other,
  onFilled,
}: {
  readonly field: RefObject<HTMLInputElement | null>;
  /** The token with the key, where it is not the one being enrolled. */
  readonly other: NeededToken;
  onFilled(filled: boolean): void;
}) {
  const { t } = useTranslation();
  const { draft, held, token, setDraft } = useWizard();
  const kind = tlsClientKey(draft);
  const { tlsClientAuthentication } = draft;
  const { keystore, alias } = tlsClientAuthentication;
  const selection = otherTlsToken(draft);
  const otherName =
    other.token !== null && other.token !== 'missing'
      ? other.token.label
      : (selection?.token.label ?? selection?.token.serial);
  const change = (facts: Partial<typeof tlsClientAuthentication>) =>
    setDraft({ ...draft, tlsClientAuthentication: { ...tlsClientAuthentication, ...facts } });
  const kinds: readonly TlsClientKey[] =
    draft.keystore.kind === 'pkcs11' || kind === 'pkcs11'
      ? ['none', 'software', 'pkcs11']
      : ['none', 'software'];
  return (
    <section>
      <div className="bar">
        <h2>{t('authentication.tls')}</h2>
        <Segments
          name="tls-client-key"
          label={t('authentication.tls')}
          testId={testIds.tlsClientKey}
          options={kinds.map((value) => ({ value, text: t(`authentication.tlsKey.${value}`) }))}
          value={kind}
          onChange={(chosen) => change(keystoreFor(chosen, draft))}
        />
      </div>
      <p className="quiet small bar-note">
        {t(`authentication.aboutTls.${kind}`, {
          token: (selection === null ? token?.label : otherName) ?? t('authentication.theToken'),
        })}
      </p>
      {kind !== 'none' && (
        <div className="columns bar-fields">
          {keystore?.kind === 'software' && (
            <Field
              label={t('authentication.tlsPath')}
              className="mono-field"
              value={keystore.path}
              onChange={(event) =>
                change({ keystore: { kind: 'software', path: event.target.value } })
              }
              testId={testIds.tlsKeyPath}
            />
          )}
          <Field
            label={t('authentication.alias')}
            className="mono-field"
            value={alias}
            onChange={(event) => change({ alias: event.target.value })}
            maxLength={128}
            testId={testIds.tlsKeyAlias}
          />
          {kind === 'software' && (
            <SecretField
              label={t('authentication.passphrase')}
              hint={t(held.tlsKey ? 'authentication.passwordHeld' : 'authentication.passwordHint')}
              field={field}
              testId={testIds.tlsKeyPassphrase}
              onFilled={onFilled}
            />
          )}
        </div>
      )}
      {selection !== null &&
        (held.tlsKey ? (
          <p className="bar-fields">
            <State state="done">{t('authentication.tokenOpen')}</State>
          </p>
        ) : (
          <NeededTokenPin purpose="tls-token-pin" needed={other} />
        ))}
    </section>
  );
}

function keystoreFor(
  kind: TlsClientKey,
  { keystore }: Draft,
): Pick<Draft['tlsClientAuthentication'], 'enabled' | 'keystore'> {
  if (kind === 'none') return { enabled: false, keystore: null };
  if (kind === 'software') return { enabled: true, keystore: { kind, path: '' } };
  return { enabled: true, keystore: keystore.kind === 'pkcs11' ? keystore : null };
}
