import { useTranslation } from 'react-i18next';
import { commonName } from '../../components/distinguished-name.ts';
import { type ListRow, RowList } from '../../components/row-list.tsx';
import { State } from '../../components/state.tsx';
import { useFormat } from '../../i18n/format.ts';
import type { TokenObject } from '../../stores/tokens.ts';

/** What stands on the token under each alias, as far as it shows without the PIN. */
export function ObjectList({
  objects,
  onOpen,
}: {
  readonly objects: readonly TokenObject[];
  onOpen(object: TokenObject): void;
}) {
  const { t } = useTranslation();
  const row = (object: TokenObject): ListRow => ({
    item: object.alias,
    title: object.alias,
    text: [
      object.certificate ? commonName(object.certificate.subject) : t('tokens.noCertificate'),
      object.key ? object.key.algorithm : t('tokens.noKey'),
      ...(object.generatedThere === null ? [] : [t(madeKey(object))]),
    ].join(' · '),
    keywords: [object.certificate?.subject, object.certificate?.serialNumber].join(' '),
    state: <Standing object={object} />,
  });
  return (
    <section>
      <div className="bar">
        <h2>{t('tokens.holds')}</h2>
        <p>{t('tokens.withoutPin')}</p>
      </div>
      {objects.length === 0 ? (
        <p className="quiet">{t('tokens.holdsNothing')}</p>
      ) : (
        <RowList
          findLabel={t('tokens.findObject')}
          groups={[{ title: null, rows: objects.map(row) }]}
          onOpen={(alias) => {
            const object = objects.find((one) => one.alias === alias);
            if (object) onOpen(object);
          }}
        />
      )}
    </section>
  );
}

/** The text key of where the key was made. */
export function madeKey({ generatedThere }: TokenObject) {
  return generatedThere ? ('tokens.madeThere' as const) : ('tokens.madeElsewhere' as const);
}

function Standing({ object: { certificate, neededBy } }: { readonly object: TokenObject }) {
  const { t } = useTranslation();
  const format = useFormat();
  const over = certificate !== null && Date.parse(certificate.notAfter) < Date.now();
  return (
    <>
      {neededBy !== null ? (
        <State state="busy">{t('tokens.needed')}</State>
      ) : certificate === null ? (
        <State state="ready">{t('tokens.keyAlone')}</State>
      ) : (
        <State state={over ? 'failed' : 'done'}>{t(over ? 'tokens.over' : 'tokens.valid')}</State>
      )}
      {certificate && <small>{t('tokens.until', { day: format.day(certificate.notAfter) })}</small>}
    </>
  );
}
