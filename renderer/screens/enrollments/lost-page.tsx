import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandOutput } from '../../../shared/contract/commands.ts';
import type { Profile } from '../../../shared/profile.ts';
import { CertificateFile } from '../../components/certificate-file.tsx';
import { Choices } from '../../components/choices.tsx';
import { CopyText } from '../../components/copy-text.tsx';
import { Facts, fact } from '../../components/facts.tsx';
import { Page } from '../../components/page.tsx';
import { useOnAppear } from '../../components/use-on-appear.ts';
import { useFormat } from '../../i18n/format.ts';
import { ask } from '../../stores/ask.ts';
import { type OpenEnrollment, readOpenEnrollments } from '../../stores/open-enrollments.ts';
import { useScreen } from '../../stores/screen.ts';
import { useTask } from '../../stores/task.ts';
import { testIds, wayOutTestId } from '../../test-ids.ts';
import { NameConsent, needsNameConsent } from './name-consent.tsx';
import { nameOf } from './names.ts';
import { SecretFields } from './secret-fields.tsx';
import { WhereItBelongs } from './story.tsx';
import { useSecrets } from './use-secrets.tsx';

const ways = ['adopt', 'resubmit', 'abandon'] as const;
type Way = (typeof ways)[number];

/** A request whose answer was lost: what to ask the CA's operator, and the three ways to settle it. */
export function LostPage({
  one,
  profile,
}: {
  readonly one: OpenEnrollment;
  readonly profile: Profile;
}) {
  const { t } = useTranslation();
  const { open } = useScreen();
  const { busy, problem, run } = useTask();
  const [known, setKnown] = useState<CommandOutput<'enrollment.unknown'> | null>(null);
  const [way, setWay] = useState<Way | null>(null);
  const [file, setFile] = useState<Uint8Array<ArrayBuffer> | null>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const [accepted, setAccepted] = useState(false);
  const secrets = useSecrets(profile, way === 'resubmit');
  const { enrollmentId } = one.record;
  useOnAppear(() => {
    void run(() => ask('enrollment.unknown', { enrollmentId })).then(setKnown);
  });
  const unnamed = way === 'resubmit' && needsNameConsent(profile);
  const needs = way === 'adopt' || way === 'resubmit';
  const ready =
    way !== null &&
    (!needs || secrets.complete) &&
    (way !== 'adopt' || file !== null) &&
    (!unnamed || accepted);

  async function settle() {
    if (needs && (await run(() => secrets.give())) === null) return;
    if (way === 'abandon') {
      const ended = await run(() => ask('enrollment.abandon', { enrollmentId }));
      if (ended !== null) await readOpenEnrollments();
    } else if (way === 'resubmit') {
      await run(() =>
        ask('enrollment.resume', { enrollmentId, unverifiedNameConfirmed: accepted }),
      );
    } else if (file !== null) {
      // The station wipes what it is sent.
      await run(() => ask('enrollment.adopt', { enrollmentId, content: file.slice() }));
    }
  }

  return (
    <Page
      testId={testIds.enrollments.one}
      title={t('result.title.outcome-unknown')}
      mark="attention"
      lead={t('enrollments.lostLead', { name: nameOf(one) })}
      lamp={busy ? 'busy' : 'attention'}
      next={way === null ? t('enrollments.lostNext') : t(`enrollments.do.${way}`)}
      serverName={one.record.server}
      tokenName={one.record.keystore?.token}
      problem={problem}
      code={one.record.error ?? undefined}
      panel={<WhereItBelongs one={one} />}
      back={{ text: t('action.back'), onPress: () => open('enrollments') }}
      why={
        way === null ? t('enrollments.lostWhy') : ready ? undefined : t('enrollments.incomplete')
      }
      primary={{
        text: t(`enrollments.do.${way ?? 'adopt'}`),
        grave: way === 'abandon',
        disabled: busy || !ready,
      }}
      onSubmit={() => {
        if (!busy && ready) void settle();
      }}
    >
      <WhatToAsk known={known} />
      <section className="ways">
        <Choices<Way>
          name="way"
          label={t('restrictions.ways')}
          heads={[t('restrictions.ways'), t('restrictions.costs')]}
          choices={ways.map((value) => ({
            value,
            title: t(`enrollments.way.${value}`),
            text: t(`enrollments.wayText.${value}`),
            cost: t(`enrollments.wayCost.${value}`),
            testId: wayOutTestId(value),
          }))}
          value={way}
          onChange={setWay}
        />
      </section>
      {way === 'adopt' && (
        <section>
          <CertificateFile
            onContent={(content) => {
              setTooLarge(content === null);
              setFile(content?.length ? content : null);
            }}
            error={tooLarge ? t('certificateFile.tooLarge') : undefined}
          />
        </section>
      )}
      {unnamed && (
        <NameConsent server={one.record.server} accepted={accepted} onChange={setAccepted} />
      )}
      {needs && <SecretFields profile={profile} secrets={secrets} />}
    </Page>
  );
}

/** The key and the request, as a CA's operator finds them. */
function WhatToAsk({ known }: { readonly known: CommandOutput<'enrollment.unknown'> | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const unknown = t('enrollments.notKnown');
  return (
    <section>
      <div className="bar">
        <h2>{t('enrollments.toAsk')}</h2>
        {known?.request && (
          <CopyText text={pemOf(known.request)} label={t('enrollments.copyRequest')} />
        )}
      </div>
      <Facts
        facts={[
          fact(t('enrollments.subject'), known?.subject ?? unknown),
          fact(
            t('enrollments.publicKey'),
            <span className="mono">{known?.publicKey ?? unknown}</span>,
          ),
          [
            t('enrollments.submitted'),
            known?.submittedAt ? format.moment(known.submittedAt) : unknown,
          ],
        ]}
      />
    </section>
  );
}

/** RFC 7468 §7. */
function pemOf(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  const label = 'CERTIFICATE REQUEST';
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
