import { useTranslation } from 'react-i18next';
import { commonName } from '../../components/distinguished-name.ts';
import { Facts, fact } from '../../components/facts.tsx';
import { Fingerprint, groupsOf } from '../../components/fingerprint.tsx';
import type { TrustedServer } from '../../stores/trusted-servers.ts';

/** What saved profiles bring along for a server: it counts for the first connection only. */
export function ImplicitRoots({
  profiles,
  confirmed,
}: {
  readonly profiles: TrustedServer['profiles'];
  readonly confirmed: boolean;
}) {
  const { t } = useTranslation();
  if (profiles.length === 0) return null;
  return (
    <section>
      <div className="bar">
        <h2>{t('roots.implicit')}</h2>
        <p>{confirmed ? t('roots.implicitIdle') : t('roots.implicitFirst')}</p>
      </div>
      <Facts
        facts={profiles.map(({ name, root, fingerprint }) => {
          const digits = root?.fingerprint ?? fingerprint;
          return fact(
            name,
            <>
              {root
                ? commonName(root.subject)
                : digits
                  ? t('roots.byFingerprint')
                  : t('roots.nothing')}
              {digits && <Fingerprint small groups={groupsOf(digits)} />}
            </>,
          );
        })}
      />
    </section>
  );
}
