import { useTranslation } from 'react-i18next';
import { placeOf, steps } from '../stores/steps.ts';
import { useWizard } from '../stores/wizard.ts';
import { Icon } from './icon.tsx';

/** A scale: passed marks are ink, the present mark is the accent, the rest is faint. */
export function Stepper() {
  const { t } = useTranslation();
  const present = placeOf(useWizard((wizard) => wizard.step));
  return (
    <ol className="stepper" aria-label={t('frame.steps')}>
      {steps.map((step) => {
        const place = placeOf(step);
        return (
          <li
            key={step}
            className={place < present ? 'past' : ''}
            aria-current={place === present ? 'step' : undefined}
          >
            {place < present ? <Icon name="check" className="i-s" /> : <b>{place}</b>}
            {t(`steps.${step}`)}
          </li>
        );
      })}
    </ol>
  );
}
