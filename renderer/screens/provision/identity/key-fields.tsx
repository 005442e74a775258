import { useTranslation } from 'react-i18next';
import {
  type KeyParameterSet,
  keyAlgorithms,
  parameterSets,
  signatureAlgorithms,
} from '../../../../shared/profile.ts';
import { Select } from '../../../components/select.tsx';
import type { Draft } from '../../../stores/draft.ts';
import { useWizard } from '../../../stores/wizard.ts';
import { testIds } from '../../../test-ids.ts';

/** The key to be made: only what the token can make, only signatures that fit it. */
export function KeyFields() {
  const { t } = useTranslation();
  const { draft, setDraft, token } = useWizard();
  const { request, keystore } = draft;
  const makes = (set: KeyParameterSet) =>
    keystore.kind === 'software' || token === null || token.canGenerate.includes(set);
  const change = (facts: Partial<Draft['request']>) =>
    setDraft({ ...draft, request: { ...request, ...facts } });
  const missing = !makes(request.keyParameterSet);
  return (
    <section>
      <div className="bar">
        <h2>{t('identity.key')}</h2>
      </div>
      <div className="columns bar-fields">
        <Select
          label={t('identity.parameterSet')}
          hint={
            missing
              ? t('identity.cannotMake', { token: token?.label ?? '' })
              : t(`identity.about.${request.keyAlgorithm}`)
          }
          options={keyAlgorithms.flatMap((algorithm) =>
            parameterSets[algorithm].map((set) => ({
              value: set,
              text: makes(set) ? t(`key.${set}`) : t('identity.notMade', { key: t(`key.${set}`) }),
              disabled: !makes(set),
            })),
          )}
          value={request.keyParameterSet}
          onChange={(keyParameterSet) => change(withParameterSet(request, keyParameterSet))}
          testId={testIds.keyParameterSet}
        />
        <Select
          label={t('identity.signature')}
          hint={t('identity.signatureHint')}
          options={signatureAlgorithms[request.keyAlgorithm].map((value) => ({
            value,
            text: t(`signature.${value}`),
          }))}
          value={request.signatureAlgorithm}
          onChange={(signatureAlgorithm) => change({ signatureAlgorithm })}
          testId={testIds.signatureAlgorithm}
        />
      </div>
    </section>
  );
}

/** A key of another kind brings a signature of its kind along. */
function withParameterSet(
  request: Draft['request'],
  keyParameterSet: KeyParameterSet,
): Partial<Draft['request']> {
  const keyAlgorithm =
    keyAlgorithms.find((kind) =>
      (parameterSets[kind] as readonly string[]).includes(keyParameterSet),
    ) ?? request.keyAlgorithm;
  const fitting: readonly Draft['request']['signatureAlgorithm'][] =
    signatureAlgorithms[keyAlgorithm];
  const signatureAlgorithm = fitting.includes(request.signatureAlgorithm)
    ? request.signatureAlgorithm
    : signatureAlgorithms[keyAlgorithm][0];
  return { keyAlgorithm, keyParameterSet, signatureAlgorithm };
}
