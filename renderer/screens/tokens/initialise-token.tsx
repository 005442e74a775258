import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../shared/token.ts';
import { Field } from '../../components/field.tsx';
import { NewPinFields, useNewPin } from '../../components/new-pin.tsx';
import { Page } from '../../components/page.tsx';
import { takeSecret } from '../../components/secret-field.tsx';
import { TokenPinFields, useTokenPin } from '../../components/token-pin.tsx';
import { TypedConsent } from '../../components/typed-consent.tsx';
import { ask } from '../../stores/ask.ts';
import { useTask } from '../../stores/task.ts';
import { readTokens } from '../../stores/tokens.ts';
import { testIds } from '../../test-ids.ts';
import { InitialiseHelp } from './initialise-help.tsx';
import { WhatIsLost } from './what-is-lost.tsx';

/** PKCS#11 C_InitToken: 32 octets of UTF-8. */
const longestLabel = 32;

/** Gives a token a name and PINs. One in use loses all it holds: that is listed, and its own name is typed. */
export function InitialiseToken({
  token,
  onDone,
  onLeave,
}: {
  readonly token: TokenInfo;
  onDone(token: TokenInfo): Promise<void>;
  onLeave(): void;
}) {
  const { t } = useTranslation();
  const used = token.initialised;
  const [label, setLabel] = useState(token.label);
  const [typed, setTyped] = useState('');
  const so = useTokenPin(token, 'so');
  const newSo = useNewPin();
  const fresh = useNewPin();
  const { busy, problem, run } = useTask();
  const names = [token.label, ...(token.serialUnique ? [token.serial] : [])].filter(Boolean);
  const tooLong = new TextEncoder().encode(label).length > longestLabel;
  const missing =
    used && !names.includes(typed)
      ? 'consent'
      : label === '' || tooLong
        ? 'label'
        : (used ? so.ready : token.pinPad || newSo.filled)
          ? token.pinPad || fresh.filled
            ? null
            : 'pin'
          : 'soPin';

  async function initialise() {
    const pin = fresh.take(token);
    const soPin = used ? takeSecret(so.field.current) : newSo.take(token);
    const { finalTryConfirmed } = so;
    so.setFilled(false);
    if (pin !== null && soPin !== null) {
      const { module, slot } = token;
      const destroyExisting = used ? typed : null;
      const request = { module, slot, label, soPin, pin, destroyExisting, finalTryConfirmed };
      const made = await run(() => ask('tokens.initialise', request));
      if (made === null) await readTokens(module);
      else await onDone(made);
    }
    pin?.fill(0);
    soPin?.fill(0);
  }

  return (
    <Page
      testId={testIds.tokens.work}
      title={used ? t('tokens.initialise.title', { token: token.label }) : t('blank.title')}
      mark={used ? 'attention' : undefined}
      lead={t(used ? 'tokens.initialise.lead' : 'tokens.initialise.leadBlank')}
      lamp={busy ? 'busy' : used ? 'attention' : 'ready'}
      next={t(`tokens.initialise.next.${missing ?? 'go'}`)}
      tokenName={used ? token.label : label || t('token.blank')}
      problem={problem}
      panel={<InitialiseHelp used={used} />}
      back={{ text: used ? t('tokens.keep') : t('action.back'), onPress: onLeave, disabled: busy }}
      why={t(`tokens.initialise.why.${missing ?? (used ? 'go' : 'goBlank')}`)}
      primary={{
        text: t(used ? 'tokens.initialise.doUsed' : 'tokens.initialise.do'),
        grave: used,
        disabled: busy || missing !== null,
      }}
      onSubmit={() => {
        if (!busy && missing === null) void initialise();
      }}
    >
      {used && <WhatIsLost token={token} />}
      <section className="columns">
        {used && (
          <TypedConsent
            label={t(token.serialUnique ? 'tokens.initialise.type' : 'tokens.initialise.typeLabel')}
            names={names}
            typed={typed}
            onTyped={setTyped}
          />
        )}
        <Field
          label={t('tokens.initialise.label')}
          value={label}
          maxLength={longestLabel}
          onChange={(event) => setLabel(event.target.value)}
          hint={t('blank.labelHint')}
          error={tooLong ? t('tokens.initialise.tooLong') : undefined}
          testId={testIds.tokenLabel}
        />
      </section>
      <section>
        {used ? (
          <>
            <div className="bar">
              <h2>{t('tokens.initialise.soPin')}</h2>
              <p>{t('tokens.initialise.soPinAbout')}</p>
            </div>
            <div className="bar-fields">
              <TokenPinFields
                token={token}
                whose="so"
                pin={so}
                label={t('tokens.changePin.old.so')}
                testId={testIds.soPin}
              />
            </div>
          </>
        ) : (
          <NewPinFields
            token={token}
            pin={newSo}
            whose="so"
            testIds={[testIds.soPin, testIds.soPinAgain]}
          />
        )}
      </section>
      <section>
        <NewPinFields
          token={token}
          pin={fresh}
          whose="user"
          testIds={[testIds.newPin, testIds.newPinAgain]}
        />
      </section>
    </Page>
  );
}
