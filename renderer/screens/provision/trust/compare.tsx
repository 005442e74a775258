import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { normaliseFingerprint } from '../../../../shared/profile.ts';
import { commonName, nameBeyondCommon } from '../../../components/distinguished-name.ts';
import { Facts } from '../../../components/facts.tsx';
import { Notice } from '../../../components/notice.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { useFormat } from '../../../i18n/format.ts';
import { ask } from '../../../stores/ask.ts';
import { useTask } from '../../../stores/task.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';
import { Comparing } from './comparing.tsx';
import { type Comparison, clearGroup, compare, nothingTold, tell } from './told-fingerprint.ts';
import { CompareHelp } from './trust-help.tsx';
import type { TrustOffer } from './trust-step.tsx';

/** The fingerprint the server sent beside the one a person was told, group by group. */
export function Compare({ offer, onDeclined }: { readonly offer: TrustOffer; onDeclined(): void }) {
  const { t } = useTranslation();
  const { set, back, advance } = useWizard();
  const preset = offer.expected;
  const [told, setTold] = useState(() => tell(nothingTold, preset ?? ''));
  const [pasteRefused, setPasteRefused] = useState(false);
  const { busy, problem, run } = useTask();
  const comparison = compare(offer.groups, told);
  const differs = comparison.differing.length > 0;

  async function confirm() {
    const fingerprint = normaliseFingerprint(told.join(''));
    const trust = await run(() => ask('trust.confirm', { offerId: offer.offerId, fingerprint }));
    if (trust === null) return;
    set({ trust });
    advance();
  }
  async function decline() {
    if ((await run(() => ask('trust.decline', { offerId: offer.offerId }))) !== null) onDeclined();
  }
  function submit() {
    if (comparison.complete) return void confirm();
    const [place] = comparison.differing;
    if (place === undefined || preset !== null) return;
    setTold(clearGroup(told, place));
    document.querySelector<HTMLElement>(`[data-testid=${testIds.toldFingerprint}]`)?.focus();
  }
  const texts = useCompareTexts(offer, comparison);
  const readAgain = differs && preset === null;
  return (
    <StepPage
      step="trust"
      title={texts.title}
      lead={texts.lead}
      lamp={busy ? 'busy' : differs ? 'attention' : 'ready'}
      next={texts.next}
      problem={problem}
      code={differs ? { code: 'TRUST-04', clause: 'RFC 7030 §4.1.1' } : undefined}
      panel={<CompareHelp offer={offer} told={told} comparison={comparison} />}
      back={{ text: t('action.back'), onPress: back }}
      side={
        <button
          type="button"
          className="btn grave"
          onClick={() => void decline()}
          data-testid={testIds.doesNotMatch}
        >
          {differs ? t('trust.stop') : t('trust.doesNotMatch')}
        </button>
      }
      why={texts.why}
      primary={{
        text: readAgain ? t('trust.readAgain') : t('trust.confirm'),
        disabled: busy || !(comparison.complete || readAgain),
      }}
      onSubmit={submit}
    >
      <Comparing
        sent={offer.groups}
        told={told}
        preset={preset !== null}
        comparison={comparison}
        pasteRefused={pasteRefused}
        onTold={(next) => {
          setPasteRefused(false);
          setTold(next);
        }}
        onRefusedPaste={() => setPasteRefused(true)}
      />
      {differs ? (
        <section>
          <Notice state="failed" title={t('trust.differsTitle')} role="alert">
            <p>{t('trust.differsText')}</p>
          </Notice>
        </section>
      ) : (
        <RootFacts offer={offer} />
      )}
    </StepPage>
  );
}

function useCompareTexts({ expected }: TrustOffer, { same, differing, complete }: Comparison) {
  const { t } = useTranslation();
  const [first] = differing;
  if (first !== undefined) {
    const place = { row: Math.floor(first / 4) + 1, group: (first % 4) + 1 };
    return {
      title: t('trust.differs', { count: differing.length }),
      lead: expected === null ? t('trust.differsLead', place) : t('trust.differsPreset'),
      next: expected === null ? t('trust.differsNext', place) : t('trust.stop'),
      why: expected === null ? t('trust.clears') : t('trust.noWay'),
    };
  }
  if (expected !== null) {
    return {
      title: t('trust.presetTitle'),
      lead: t('trust.presetLead'),
      next: t('trust.confirm'),
      why: t('trust.comparedByStation'),
    };
  }
  return {
    title: t('trust.title'),
    lead: t('trust.lead'),
    next: complete ? t('trust.confirm') : t('trust.next', { count: 16 - same }),
    why: complete ? t('trust.allMatch') : t('trust.toGo', { count: 16 - same }),
  };
}

function RootFacts({ offer }: { readonly offer: TrustOffer }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { root, server } = offer;
  const issuer = root.issuer === root.subject ? t('trust.selfSigned') : root.issuer;
  return (
    <section>
      <div className="bar">
        <h2>{t('trust.about')}</h2>
      </div>
      <Facts
        facts={[
          [
            t('trust.root'),
            <>
              <b>{commonName(root.subject)}</b>
              {[nameBeyondCommon(root.subject), issuer]
                .filter((text) => text !== '')
                .map((text) => `, ${text}`)
                .join('')}
            </>,
          ],
          [
            t('certificate.good'),
            `${t('certificate.fromTo', { from: format.day(root.notBefore), to: format.day(root.notAfter) })}, ${root.publicKey}`,
          ],
          [t('trust.fromThenOn'), t('trust.fromThenOnText', { server })],
        ]}
      />
    </section>
  );
}
