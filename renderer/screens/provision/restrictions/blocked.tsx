import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StationError } from '../../../../shared/errors/station-error.ts';
import type { PopFinding, PopWayOut } from '../../../../shared/pop.ts';
import { Choices } from '../../../components/choices.tsx';
import { useProblemText } from '../../../components/problem.tsx';
import { StepPage } from '../../../components/step-page.tsx';
import { takeWayOut } from '../../../stores/draft.ts';
import { judge } from '../../../stores/restrictions.ts';
import { authenticationReady, useWizard } from '../../../stores/wizard.ts';
import { wayOutTestId } from '../../../test-ids.ts';
import { BindingDrawing } from './binding-drawing.tsx';
import { ConnectionFacts, NotPossible } from './restriction-help.tsx';

/** The policy says no: why, and the ways out with their cost. */
export function Blocked({ block }: { readonly block: PopFinding }) {
  const { t } = useTranslation();
  const { draft, wishes, token, setDraft, back, goTo, advance } = useWizard();
  const possible = (way: PopWayOut) => way !== 'allow-token-channel-binding';
  const [way, setWay] = useState<PopWayOut | null>(block.waysOut.find(possible) ?? null);
  const { message, cause } = useProblemText(new StationError(block.code).toData());
  const chosen = way === null ? draft : takeWayOut(draft, way);
  const drawn = block.code === 'POP-01';

  function take() {
    if (way === null) return;
    setDraft(chosen);
    const { held } = useWizard.getState();
    if (!authenticationReady(chosen, held)) return goTo('authentication');
    if (judge(chosen, wishes).block === null) advance();
  }

  return (
    <StepPage
      step="restrictions"
      title={t(`restrictions.blocked.${block.code === 'POP-05' ? 'asked' : 'pop'}`)}
      lamp="attention"
      next={t('restrictions.choose')}
      code={{ code: block.code, clause: block.clause }}
      panel={
        <>
          <ConnectionFacts draft={chosen} title={t('restrictions.withChoice')} />
          {chosen.proofOfPossession.enabled && (
            <NotPossible channelBinding={chosen.proofOfPossession.channelBinding} />
          )}
          <section>
            <h2>{t('restrictions.forGood')}</h2>
            <p>{t('restrictions.forGoodText')}</p>
          </section>
        </>
      }
      back={{ text: t('action.back'), onPress: back }}
      why={t('restrictions.thisToken')}
      primary={way === null ? undefined : { text: t(`restrictions.take.${way}`) }}
      onSubmit={take}
    >
      <section>
        <div className="restrict">
          <p className="what">{drawn ? t('restrictions.popWhat') : message}</p>
          <p className="lead">{cause}</p>
        </div>
        {drawn && <BindingDrawing />}
      </section>
      <section className="ways">
        <Choices<PopWayOut>
          name="way-out"
          label={t('restrictions.ways')}
          heads={[t('restrictions.ways'), t('restrictions.costs')]}
          value={way}
          onChange={setWay}
          choices={block.waysOut.map((value) => ({
            value,
            title: t(`restrictions.way.${value}`),
            text: t(`restrictions.wayText.${value}`, {
              user: draft.httpAuthentication.username || t('restrictions.someUser'),
              token: token?.label ?? t('authentication.theToken'),
            }),
            cost:
              value === 'turn-pop-off' && judge(takeWayOut(draft, value), wishes).block !== null
                ? t('restrictions.costMore')
                : t(`restrictions.wayCost.${value}`),
            disabled: !possible(value),
            testId: wayOutTestId(value),
          }))}
        />
      </section>
    </StepPage>
  );
}
