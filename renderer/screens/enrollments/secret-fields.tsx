import { useTranslation } from 'react-i18next';
import type { Profile } from '../../../shared/profile.ts';
import { NeededTokenPin } from '../../components/needed-token-pin.tsx';
import { SecretField } from '../../components/secret-field.tsx';
import type { HeldPurpose } from '../../stores/needed-secrets.ts';
import { testIds } from '../../test-ids.ts';
import { isPin, type Secrets } from './use-secrets.tsx';

const ids: Readonly<Record<HeldPurpose, string>> = {
  'keystore-passphrase': testIds.keystorePassphrase,
  'http-password': testIds.password,
  'tls-key-passphrase': testIds.tlsKeyPassphrase,
  'proxy-password': testIds.proxyPassword,
};

/** The fields for what a person must give once more. */
export function SecretFields({
  profile,
  secrets,
}: {
  readonly profile: Profile;
  readonly secrets: Secrets;
}) {
  const { t } = useTranslation();
  const { needed, fields, filled, tokens } = secrets;
  const rest = needed.filter((purpose): purpose is HeldPurpose => !isPin(purpose));
  const about: Readonly<Record<HeldPurpose, string>> = {
    'keystore-passphrase': profile.keystore.kind === 'software' ? profile.keystore.path : '',
    'http-password': t('enrollments.asUser', { user: profile.httpAuthentication.username }),
    'tls-key-passphrase': profile.tlsClientAuthentication.alias,
    'proxy-password': t('enrollments.atProxy', {
      user: profile.server.proxy?.username ?? '',
      proxy: profile.server.proxy?.endpoint ?? '',
    }),
  };
  return (
    <section>
      <div className="bar">
        <h2>{t('enrollments.needed')}</h2>
        <p>{t('enrollments.neededOnce')}</p>
      </div>
      {needed.filter(isPin).map((purpose) => (
        <NeededTokenPin
          key={purpose}
          purpose={purpose}
          needed={tokens[purpose]}
          eager={needed.length === 1}
        />
      ))}
      {rest.length > 0 && (
        <div className="columns bar-fields">
          {rest.map((purpose) => (
            <SecretField
              key={purpose}
              label={t(`enrollments.secret.${purpose}`)}
              hint={about[purpose]}
              field={fields[purpose]}
              testId={ids[purpose]}
              onFilled={(is) => filled(purpose, is)}
            />
          ))}
        </div>
      )}
    </section>
  );
}
