import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../shared/token.ts';
import type { TokenDetails } from '../../../shared/token-details.ts';
import { type Fact, Facts, fact } from '../../components/facts.tsx';
import { useOnAppear } from '../../components/use-on-appear.ts';
import { useFormat } from '../../i18n/format.ts';
import { ask } from '../../stores/ask.ts';
import { tokenItem } from '../../stores/tokens.ts';
import { spacedSerial } from '../provision/token/token-list.tsx';

/** What a token is and can do, in words. */
export function TokenFacts({ token }: { readonly token: TokenInfo }) {
  const { t } = useTranslation();
  const [details, setDetails] = useState<TokenDetails | null>(null);
  useOnAppear(() => {
    void ask('tokens.describe', { module: token.module }).then((reply) => {
      if (!reply.ok) return;
      const item = tokenItem(token);
      setDetails(reply.value.find((one) => tokenItem(one.token) === item) ?? null);
    });
  });
  const makes = token.canGenerate.map((set) => t(`key.${set}`, { defaultValue: set }));
  const signs = token.canSign.map((name) => t(`signature.${name}`, { defaultValue: name }));
  const { integer } = useFormat();
  const free = details?.freePublicMemory ?? null;
  const room =
    free === null
      ? t('tokens.facts.roomUnknown')
      : t('tokens.facts.octets', { octets: integer(free) });
  const serial: Fact = fact(
    t('token.serialName'),
    <>
      <span className="mono">{spacedSerial(token.serial) || t('word.none')}</span>
      {!token.serialUnique && <span className="fact-note">{t('tokens.serialZero')}</span>}
    </>,
  );
  return (
    <section>
      <div className="bar">
        <h2>{t('tokens.facts.title')}</h2>
        <p>{t('tokens.facts.about')}</p>
      </div>
      <Facts
        facts={[
          serial,
          [t('token.model'), [token.manufacturer, token.model].join(' ').trim() || t('word.none')],
          [t('tokens.facts.makes'), makes.join(', ') || t('token.makesNone')],
          [t('tokens.facts.signs'), signs.join('; ') || t('tokens.facts.signsNone')],
          [t('tokens.facts.room'), room],
          ...(token.initialised
            ? [fact(t('tokens.facts.soPin'), t(`pin.state.${token.soPinState}`))]
            : []),
          [
            t('tokens.facts.pinIs'),
            t(token.pinPad ? 'tokens.facts.onPad' : 'tokens.facts.typed', {
              min: token.minPinLength,
              max: token.maxPinLength,
            }),
          ],
          [
            t('tokens.facts.writing'),
            t(token.writeProtected ? 'token.writeProtected' : 'tokens.facts.writable'),
          ],
          [
            t('tokens.facts.reader'),
            `${token.slotDescription}, ${t('token.slot', { slot: token.slot })}`,
          ],
          fact(t('token.module'), <span className="mono">{token.module}</span>),
        ]}
      />
    </section>
  );
}
