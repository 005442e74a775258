import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../../shared/token.ts';
import { State } from '../../../components/state.tsx';
import { TokenFigure } from '../../../components/token-figure.tsx';
import { pinLamp } from '../../../components/tries.tsx';
import { tokenTestId } from '../../../test-ids.ts';

/** One row a token; each says its serial, its PIN's state, and what keys it can make. */
export function TokenList({
  tokens,
  picked,
  onPick,
}: {
  readonly tokens: readonly TokenInfo[];
  readonly picked: TokenInfo | null;
  onPick(token: TokenInfo): void;
}) {
  const { t } = useTranslation();
  return (
    <section>
      <div className="bar">
        <h2>{t('token.found', { count: tokens.length })}</h2>
        <p>{t('token.readJustNow')}</p>
      </div>
      {tokens.length === 0 && (
        <div className="token is-empty">
          <TokenFigure blank />
          <div>
            <h3>{t('token.none')}</h3>
            <p>{t('token.noneText')}</p>
          </div>
        </div>
      )}
      <fieldset>
        <legend className="sr">{t('token.title')}</legend>
        {tokens.map((token) => (
          <label key={token.slot} className="token">
            <input
              type="radio"
              className="dot"
              name="token"
              checked={token.slot === picked?.slot}
              onChange={() => onPick(token)}
              data-testid={tokenTestId(token)}
            />
            <TokenFigure blank={!token.initialised} />
            <TokenWords token={token} />
            <TokenState token={token} />
          </label>
        ))}
      </fieldset>
    </section>
  );
}

function TokenWords({ token }: { readonly token: TokenInfo }) {
  const { t } = useTranslation();
  const makes = token.canGenerate.map((set) => t(`key.${set}`, { defaultValue: set }));
  return (
    <span>
      <span className="title">{token.initialised ? token.label : t('token.blank')}</span>
      <span className="text">
        {[token.manufacturer, token.model].filter((word) => word !== '').join(' ')}
        {token.serial !== '' && (
          <>
            {', '}
            {t('token.serial')} <span className="mono">{spacedSerial(token.serial)}</span>
          </>
        )}
        {`, ${t('token.slot', { slot: token.slot })}`}
      </span>
      <span className="text">
        {makes.length > 0 ? t('token.makes', { keys: makes.join(', ') }) : t('token.makesNone')}
        {token.writeProtected && `. ${t('token.writeProtected')}`}
        {!token.serialUnique && token.initialised && `. ${t('token.serialShared')}`}
      </span>
    </span>
  );
}

function TokenState({ token }: { readonly token: TokenInfo }) {
  const { t } = useTranslation();
  if (!token.initialised) return <State state="ready">{t('token.stateBlank')}</State>;
  return <State state={pinLamp[token.pinState]}>{t(`pin.state.${token.pinState}`)}</State>;
}

/** A serial in groups of four, as it is printed and read out. */
export function spacedSerial(serial: string): string {
  return serial.match(/.{1,4}/g)?.join(' ') ?? serial;
}
