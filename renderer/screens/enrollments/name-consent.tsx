import { useTranslation } from 'react-i18next';
import type { Profile } from '../../../shared/profile.ts';
import { CheckRow } from '../../components/check-row.tsx';
import { testIds } from '../../test-ids.ts';

/** Credentials would go to a server whose name is not checked (PROFILE-07): a person must agree. */
export function needsNameConsent({ server, httpAuthentication }: Profile): boolean {
  return !server.hostnameVerification && httpAuthentication.scheme !== 'none';
}

export function NameConsent({
  server,
  accepted,
  onChange,
}: {
  readonly server: string;
  readonly accepted: boolean;
  onChange(accepted: boolean): void;
}) {
  const { t } = useTranslation();
  return (
    <section>
      <CheckRow
        label={t('review.accept')}
        checked={accepted}
        onChange={onChange}
        testId={testIds.unverifiedName}
      >
        <p>{t('review.acceptText', { server })}</p>
      </CheckRow>
    </section>
  );
}
