import { useTranslation } from 'react-i18next';
import type { Profile } from '../../../shared/profile.ts';
import { Notice } from '../../components/notice.tsx';
import { SecretField } from '../../components/secret-field.tsx';
import { SerialCheck } from '../../components/serial-check.tsx';
import { Tries } from '../../components/tries.tsx';
import type { NeededSecret } from '../../stores/needed-secrets.ts';
import { testIds } from '../../test-ids.ts';
import type { Secrets } from './use-secrets.tsx';

const ids: Readonly<Record<NeededSecret, string>> = {
  'token-pin': testIds.pin,
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
  const { needed, fields, filled } = secrets;
  const rest = needed.filter((purpose) => purpose !== 'token-pin');
  const about: Readonly<Record<Exclude<NeededSecret, 'token-pin'>, string>> = {
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
      {needed.includes('token-pin') && <TokenPin profile={profile} secrets={secrets} />}
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

/** The token first: whether it is there and how many tries it has, then its PIN. */
function TokenPin({ profile, secrets }: { readonly profile: Profile; readonly secrets: Secrets }) {
  const { t } = useTranslation();
  const { token, fields, tail, setTail, filled, lookForToken } = secrets;
  if (profile.keystore.kind !== 'pkcs11' || token === null) return null;
  if (token === 'missing') {
    const { serial, label } = profile.keystore.token;
    return (
      <div className="bar-fields">
        <Notice
          state="attention"
          title={t('enrollments.tokenMissing', { token: label ?? serial ?? '' })}
          role="status"
        >
          <p>{t('enrollments.tokenMissingText')}</p>
          <button type="button" className="btn small" onClick={() => void lookForToken()}>
            {t('enrollments.lookAgain')}
          </button>
        </Notice>
      </div>
    );
  }
  const shut = token.pinState === 'locked' || token.pinState === 'not-set';
  return (
    <div className="bar-fields stack">
      <Tries pinState={token.pinState} brief />
      {shut && <p className="lead">{t(`pin.lead.${token.pinState}`)}</p>}
      {!shut && (
        <div className="narrow stack">
          {token.pinState === 'final' && <SerialCheck token={token} tail={tail} onTail={setTail} />}
          {token.pinPad ? (
            <p className="lead">{t('pin.pinPad')}</p>
          ) : (
            <SecretField
              label={t('enrollments.pinOf', { token: token.label })}
              hint={t('pin.hint')}
              field={fields['token-pin']}
              eager={secrets.needed.length === 1 && token.pinState !== 'final'}
              testId={testIds.pin}
              onFilled={(is) => filled('token-pin', is)}
            />
          )}
        </div>
      )}
    </div>
  );
}
