import { useTranslation } from 'react-i18next';
import { Choices } from '../../../components/choices.tsx';
import type { Draft } from '../../../stores/draft.ts';
import { profileTestId } from '../../../test-ids.ts';

const fresh = '\u0000new';

/** The saved profiles, and a row for a server that has none. */
export function ProfileList({
  profiles,
  draft,
  onChoose,
}: {
  readonly profiles: readonly Draft[];
  readonly draft: Draft;
  onChoose(profile: Draft | null): void;
}) {
  const { t } = useTranslation();
  const chosen = profiles.find(({ name }) => name === draft.name);
  return (
    <section className="profiles">
      <Choices
        name="profile"
        label={t('server.profiles')}
        heads={[t('server.profiles'), t('server.profileMakes')]}
        value={chosen?.name ?? fresh}
        onChange={(name) => onChoose(profiles.find((profile) => profile.name === name) ?? null)}
        choices={[
          ...profiles.map((profile) => ({
            value: profile.name,
            title: profile.name,
            text: profile.server.endpoint,
            cost: `${profile.request.subject}, ${t(`key.${profile.request.keyParameterSet}`)}`,
            disabled: !profile.enabled,
            testId: profileTestId(profile.name),
          })),
          {
            value: fresh,
            title: t('server.new'),
            text: t('server.newText'),
            cost: t('server.newCost'),
            testId: profileTestId('new'),
          },
        ]}
      />
    </section>
  );
}
