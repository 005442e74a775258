import { useTranslation } from 'react-i18next';
import type { NeededPin } from '../stores/needed-secrets.ts';
import { testIds } from '../test-ids.ts';
import { Notice } from './notice.tsx';
import { TokenPinFields } from './token-pin.tsx';
import type { NeededToken } from './use-token.ts';

/** The token first: whether it is there and how many tries it has, then its PIN. */
export function NeededTokenPin({
  purpose,
  needed: { token, selection, pin, look },
  eager = false,
}: {
  readonly purpose: NeededPin;
  readonly needed: NeededToken;
  /** Typing anywhere on the page goes here, unless it is the last try. */
  readonly eager?: boolean;
}) {
  const { t } = useTranslation();
  if (token === null) return null;
  if (token === 'missing') {
    const { serial, label } = selection?.token ?? {};
    return (
      <div className="bar-fields">
        <Notice
          state="attention"
          title={t('enrollments.tokenMissing', { token: label ?? serial ?? '' })}
          role="status"
        >
          <p>{t(`enrollments.missing.${purpose}`)}</p>
          <button type="button" className="btn small" onClick={() => void look()}>
            {t('enrollments.lookAgain')}
          </button>
        </Notice>
      </div>
    );
  }
  return (
    <div className="bar-fields">
      <TokenPinFields
        token={token}
        pin={pin}
        label={t(`enrollments.pinOf.${purpose}`, { token: token.label })}
        eager={eager}
        testId={purpose === 'token-pin' ? testIds.pin : testIds.tlsTokenPin}
      />
    </div>
  );
}
