import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../shared/token.ts';
import { testIds } from '../test-ids.ts';
import { State } from './state.tsx';

const tailLength = 4;

/** What a person must read off the token before its last try: the end of its serial, or of its label. */
export function serialTail(token: TokenInfo): string {
  const printed = token.serialUnique ? token.serial : token.label;
  return printed.slice(-tailLength).toUpperCase();
}

/** Proves that the token on the screen is the one in the hand. */
export function SerialCheck({
  token,
  tail,
  onTail,
}: {
  readonly token: TokenInfo;
  readonly tail: string;
  onTail(tail: string): void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const expected = serialTail(token);
  const printed = token.serialUnique ? token.serial : token.label;
  const complete = tail.length === expected.length;
  const same = tail.toUpperCase() === expected;
  return (
    <div className="field">
      <label htmlFor={id}>{token.serialUnique ? t('pin.serialCheck') : t('pin.labelCheck')}</label>
      <div className="serial-check">
        <i>{printed.slice(0, -tailLength).slice(-8)}</i>
        <input
          id={id}
          type="text"
          autoComplete="off"
          spellCheck={false}
          value={tail}
          onChange={(event) => onTail(event.target.value.trim().slice(-tailLength))}
          data-testid={testIds.serialCheck}
        />
        <span role="status">
          {complete && (
            <State state={same ? 'done' : 'failed'}>
              {same ? t('pin.serialSame') : t('pin.serialOther')}
            </State>
          )}
        </span>
      </div>
    </div>
  );
}
