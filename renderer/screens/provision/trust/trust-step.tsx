import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandOutput } from '../../../../shared/contract/commands.ts';
import { StepPage } from '../../../components/step-page.tsx';
import { useOnAppear } from '../../../components/use-on-appear.ts';
import { ask } from '../../../stores/ask.ts';
import { serverProfile } from '../../../stores/draft.ts';
import { useTask } from '../../../stores/task.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { Compare } from './compare.tsx';
import { Declined } from './declined.tsx';
import { SentSoFar } from './trust-help.tsx';
import { Trusted } from './trusted.tsx';

export type TrustOffer = CommandOutput<'trust.fetch'>;

/** Whether this is the right server: known already, or compared by a person. */
export function TrustStep() {
  const { t } = useTranslation();
  const { draft, trust, set, back } = useWizard();
  const [offer, setOffer] = useState<TrustOffer | null>(null);
  const [declined, setDeclined] = useState(false);
  const { busy, problem, run } = useTask();

  async function look() {
    const profile = serverProfile(draft);
    const known = await run(() => ask('trust.show', { profile }));
    if (known === null) return;
    if (known.anchors.length > 0) return set({ trust: known });
    setOffer(await run(() => ask('trust.fetch', { profile })));
  }

  useOnAppear(() => {
    if (trust === null) void look();
  });

  if (trust) return <Trusted key="trusted" trust={trust} />;
  if (declined) {
    const again = () => {
      setDeclined(false);
      setOffer(null);
      void look();
    };
    return <Declined key="declined" onAgain={again} />;
  }
  if (offer)
    return <Compare key={offer.offerId} offer={offer} onDeclined={() => setDeclined(true)} />;
  const asking = busy || problem === null;
  return (
    <StepPage
      key="asking"
      step="trust"
      title={asking ? t('trust.asking') : t('trust.notReached')}
      lead={asking ? t('trust.askingLead') : undefined}
      lamp={asking ? 'busy' : 'attention'}
      next={asking ? t('trust.askingNext') : t('action.tryAgain')}
      problem={problem}
      panel={<SentSoFar />}
      back={{ text: t('action.back'), onPress: back }}
      why={asking ? t('trust.noAction') : undefined}
      primary={asking ? undefined : { text: t('action.tryAgain') }}
      onSubmit={() => {
        if (!asking) void look();
      }}
    >
      {null}
    </StepPage>
  );
}
