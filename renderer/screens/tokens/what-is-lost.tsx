import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenInfo } from '../../../shared/token.ts';
import { commonName } from '../../components/distinguished-name.ts';
import { Notice } from '../../components/notice.tsx';
import { State } from '../../components/state.tsx';
import { useOnAppear } from '../../components/use-on-appear.ts';
import { useFormat } from '../../i18n/format.ts';
import { ask } from '../../stores/ask.ts';
import { selectionOf, type TokenObject } from '../../stores/tokens.ts';
import { testIds } from '../../test-ids.ts';

/** Everything on the token that initialising destroys, as far as it shows without the PIN. */
export function WhatIsLost({ token }: { readonly token: TokenInfo }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [objects, setObjects] = useState<readonly TokenObject[] | 'unread' | null>(null);
  useOnAppear(() => {
    void ask('objects.list', { keystore: selectionOf(token) }).then((reply) =>
      setObjects(reply.ok ? reply.value.objects : 'unread'),
    );
  });
  const listed = objects === null || objects === 'unread' ? [] : objects;
  return (
    <section data-testid={testIds.lost}>
      <div className="bar">
        <h2>{t('tokens.lost.title')}</h2>
        <p>{t('tokens.lost.hidden')}</p>
      </div>
      {objects === 'unread' && <p className="lead">{t('tokens.lost.unread')}</p>}
      {objects !== null && objects !== 'unread' && listed.length === 0 && (
        <p className="lead">{t('tokens.lost.nothing')}</p>
      )}
      <ul className="rows still">
        {listed.map(({ alias, key, certificate, neededBy }) => (
          <li key={alias}>
            <span className="what">
              <b title={alias}>{alias}</b>
              <span>
                {[
                  certificate ? commonName(certificate.subject) : t('tokens.noCertificate'),
                  key ? key.algorithm : t('tokens.noKey'),
                ].join(' · ')}
              </span>
            </span>
            <span className="how">
              <State state={neededBy === null ? 'ready' : 'attention'}>
                {t(neededBy === null ? 'tokens.lost.word' : 'tokens.needed')}
              </State>
              {certificate && (
                <small>{t('tokens.until', { day: format.day(certificate.notAfter) })}</small>
              )}
            </span>
          </li>
        ))}
      </ul>
      {listed.some(({ neededBy }) => neededBy !== null) && (
        <Notice state="attention" title={t('tokens.lost.neededTitle')} role="status">
          <p>{t('tokens.lost.neededText')}</p>
        </Notice>
      )}
    </section>
  );
}
