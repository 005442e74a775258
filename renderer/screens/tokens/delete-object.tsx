import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../shared/token.ts';
import { CertificateCard } from '../../components/certificate-card.tsx';
import { Evidence, EvidenceLine } from '../../components/evidence.tsx';
import { giveTokenPin } from '../../components/give-token-pin.ts';
import { Page } from '../../components/page.tsx';
import { TokenPinFields, useTokenPin } from '../../components/token-pin.tsx';
import { TypedConsent } from '../../components/typed-consent.tsx';
import { ask } from '../../stores/ask.ts';
import { useTask } from '../../stores/task.ts';
import { readTokens, selectionOf, type TokenObject } from '../../stores/tokens.ts';
import { testIds } from '../../test-ids.ts';

/** Deletes a key pair and its certificate, once the alias was typed. */
export function DeleteObject({
  token,
  object: { alias, key, certificate },
  onDone,
  onLeave,
}: {
  readonly token: TokenInfo;
  readonly object: TokenObject;
  onDone(): Promise<void>;
  onLeave(): void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const pin = useTokenPin(token);
  const { busy, problem, run } = useTask();
  const agreed = typed === alias;
  const ready = agreed && pin.ready;

  async function remove() {
    if ((await run(() => giveTokenPin(token, pin))) === null) return await readTokens(token.module);
    const keystore = selectionOf(token);
    const done = await run(() => ask('objects.delete', { keystore, alias, confirmed: typed }));
    if (done !== null) await onDone();
  }

  return (
    <Page
      testId={testIds.tokens.work}
      title={t('tokens.delete.title', { alias })}
      mark="attention"
      lead={t('tokens.delete.lead', { token: token.label })}
      lamp={busy ? 'busy' : 'attention'}
      next={agreed ? t('tokens.givePin') : t('tokens.delete.next')}
      tokenName={token.label}
      problem={problem}
      panel={
        <section>
          <h2>{t('tokens.delete.does')}</h2>
          <Evidence>
            {key && <EvidenceLine icon="no">{t('tokens.delete.key')}</EvidenceLine>}
            {certificate && <EvidenceLine icon="no">{t('tokens.delete.certificate')}</EvidenceLine>}
            <EvidenceLine icon="story">{t('tokens.recorded')}</EvidenceLine>
          </Evidence>
        </section>
      }
      back={{ text: t('tokens.keep'), onPress: onLeave, disabled: busy }}
      why={ready ? t('tokens.delete.final') : t('tokens.delete.why')}
      primary={{ text: t('tokens.delete.confirm'), grave: true, disabled: busy || !ready }}
      onSubmit={() => {
        if (!busy && ready) void remove();
      }}
    >
      <section>
        <TypedConsent
          label={t('tokens.delete.type', { alias })}
          names={[alias]}
          typed={typed}
          onTyped={setTyped}
        />
      </section>
      <section>
        <TokenPinFields
          token={token}
          pin={pin}
          label={t('tokens.pinOf', { token: token.label })}
          testId={testIds.pin}
        />
      </section>
      {certificate && (
        <section>
          <CertificateCard
            certificate={certificate}
            state="attention"
            word={t('tokens.delete.word')}
          />
        </section>
      )}
    </Page>
  );
}
