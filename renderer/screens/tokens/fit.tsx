import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Profile } from '../../../shared/profile.ts';
import type { TokenInfo } from '../../../shared/token.ts';
import { missingOnToken } from '../../../shared/token-fit.ts';
import { State } from '../../components/state.tsx';
import { useWizard } from '../../stores/wizard.ts';
import { testIds } from '../../test-ids.ts';

/** Profiles shown; more would push everything else off the page. */
const most = 6;

/** Whether the token can do what each profile asks, before anything is tried. */
export function ProfileFit({ token }: { readonly token: TokenInfo }) {
  const { t } = useTranslation();
  const { profiles, draft } = useWizard();
  const asked = profiles.filter(({ keystore }) => keystore.kind === 'pkcs11');
  const shown =
    asked.length > 0 ? asked.slice(0, most) : [{ ...draft, name: t('tokens.fit.wizard') }];
  return (
    <section data-testid={testIds.fit}>
      <div className="bar">
        <h2>{t('tokens.fit.title')}</h2>
        <p>{t('tokens.fit.about')}</p>
      </div>
      <ul className="rows still">
        {shown.map((profile) => (
          <li key={profile.name}>
            <Asked profile={profile} />
            <span className="how">
              <Verdict token={token} request={profile.request} />
            </span>
          </li>
        ))}
      </ul>
      {asked.length > most && (
        <p className="small quiet">{t('tokens.fit.more', { count: asked.length - most })}</p>
      )}
    </section>
  );
}

function Asked({
  profile: { name, request },
}: {
  readonly profile: Pick<Profile, 'name' | 'request'>;
}) {
  const { t } = useTranslation();
  return (
    <span className="what">
      <b title={name}>{name}</b>
      <span>
        {[t(`key.${request.keyParameterSet}`), t(`signature.${request.signatureAlgorithm}`)].join(
          ' · ',
        )}
      </span>
    </span>
  );
}

/** The same for what the wizard has put together so far. */
export function DraftFit({ token }: { readonly token: TokenInfo }) {
  const { t } = useTranslation();
  const { draft } = useWizard();
  return (
    <section data-testid={testIds.fit}>
      <ul className="rows still">
        <li>
          <Asked profile={{ ...draft, name: t('tokens.fit.title') }} />
          <span className="how">
            <Verdict token={token} request={draft.request} />
          </span>
        </li>
      </ul>
    </section>
  );
}

/** What is missing, in words; a token that says nothing is given the benefit of the doubt. */
function Verdict({
  token,
  request,
}: {
  readonly token: TokenInfo;
  readonly request: Profile['request'];
}) {
  const { t } = useTranslation();
  const missing = missingOnToken(token, { ...request, newKey: true });
  if (missing.length > 0) {
    return <State state="failed">{t('tokens.fit.lacks', { what: lackWords(missing, t) })}</State>;
  }
  if (token.canGenerate.length === 0) return <State state="ready">{t('tokens.fit.unknown')}</State>;
  return <State state="done">{t('tokens.fit.can')}</State>;
}

/** What a token lacks, as this window calls it. */
export function lackWords(missing: readonly string[], t: TFunction): string {
  return missing
    .map((one) =>
      one === 'CKF_WRITE_PROTECTED'
        ? t('token.writeProtected')
        : t(`key.${one}`, { defaultValue: t(`signature.${one}`, { defaultValue: one }) }),
    )
    .join(', ');
}
