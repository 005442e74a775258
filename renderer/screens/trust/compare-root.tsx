import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CertificateSummary } from '../../../shared/enrollment.ts';
import { normaliseFingerprint } from '../../../shared/profile.ts';
import { CertificateCard } from '../../components/certificate-card.tsx';
import { groupsOf } from '../../components/fingerprint.tsx';
import { Page } from '../../components/page.tsx';
import { ask } from '../../stores/ask.ts';
import { useTask } from '../../stores/task.ts';
import { profileOf, type TrustedServer } from '../../stores/trusted-servers.ts';
import { useWizard } from '../../stores/wizard.ts';
import { testIds } from '../../test-ids.ts';
import { Comparing } from '../provision/trust/comparing.tsx';
import { compare, nothingTold } from '../provision/trust/told-fingerprint.ts';

/** A new root the server offers, compared with what a person was told before it is trusted. */
export function CompareRoot({
  server,
  root,
  onDone,
  onLeave,
}: {
  readonly server: TrustedServer;
  readonly root: CertificateSummary;
  onDone(server: string): Promise<void>;
  onLeave(): void;
}) {
  const { t } = useTranslation();
  const { profiles, draft } = useWizard();
  const [told, setTold] = useState(nothingTold);
  const [pasteRefused, setPasteRefused] = useState(false);
  const { busy, problem, run } = useTask();
  const groups = groupsOf(root.fingerprint);
  const comparison = compare(groups, told);
  const differs = comparison.differing.length > 0;

  async function confirm() {
    const profile = profileOf(server.server, profiles, draft);
    const fingerprint = normaliseFingerprint(told.join(''));
    const state = await run(() => ask('trust.confirmOffered', { profile, fingerprint }));
    if (state !== null) await onDone(server.server);
  }

  const toGo = 16 - comparison.same;
  return (
    <Page
      testId={testIds.trust.compare}
      title={t('roots.compareTitle')}
      lead={t('roots.compareLead')}
      lamp={busy ? 'busy' : differs ? 'attention' : 'ready'}
      next={comparison.complete ? t('trust.confirm') : t('trust.next', { count: toGo })}
      serverName={server.server}
      problem={problem}
      code={differs ? { code: 'TRUST-04', clause: 'RFC 7030 §4.1.3' } : undefined}
      panel={
        <>
          <section>
            <h2>{t('trust.phone.title')}</h2>
            <p>{t('trust.phone.call')}</p>
            <p>{t('trust.phone.noCopy')}</p>
          </section>
          <section>
            <h2>{t('roots.afterwards')}</h2>
            <p>{t('roots.afterwardsText')}</p>
          </section>
        </>
      }
      back={{ text: t('action.back'), onPress: onLeave, disabled: busy }}
      why={
        comparison.complete
          ? t('trust.allMatch')
          : differs
            ? t('trust.differs', { count: comparison.differing.length })
            : t('trust.toGo', { count: toGo })
      }
      primary={{ text: t('trust.confirm'), disabled: busy || !comparison.complete }}
      onSubmit={() => {
        if (!busy && comparison.complete) void confirm();
      }}
    >
      <Comparing
        sent={groups}
        told={told}
        comparison={comparison}
        pasteRefused={pasteRefused}
        onTold={(next) => {
          setPasteRefused(false);
          setTold(next);
        }}
        onRefusedPaste={() => setPasteRefused(true)}
      />
      <section>
        <CertificateCard certificate={root} state="attention" word={t('roots.offer.unproven')} />
      </section>
    </Page>
  );
}
