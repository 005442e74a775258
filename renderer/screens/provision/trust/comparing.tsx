import { useTranslation } from 'react-i18next';
import { Fingerprint, type GroupMark } from '../../../components/fingerprint.tsx';
import { Tally } from './tally.tsx';
import { ToldField } from './told-field.tsx';
import type { Comparison, Told } from './told-fingerprint.ts';

/** Two fingerprints side by side, group by group: what the server sent, and what was told or expected. */
export function Comparing({
  sent,
  told,
  preset = false,
  comparison,
  pasteRefused,
  onTold,
  onRefusedPaste,
}: {
  readonly sent: readonly string[];
  readonly told: Told;
  /** What is expected stands in the profile: nothing to type. */
  readonly preset?: boolean;
  readonly comparison: Comparison;
  readonly pasteRefused: boolean;
  onTold(told: Told): void;
  onRefusedPaste(): void;
}) {
  const { t } = useTranslation();
  return (
    <section>
      <div className="compare">
        <div className="sent">
          <header>
            <h2>{t('trust.sent')}</h2>
            <span className="small quiet">SHA-256</span>
          </header>
          <Fingerprint groups={sent} marks={sentMarks(comparison)} />
        </div>
        <div>
          <header>
            <h2>{preset ? t('trust.expected') : t('trust.told')}</h2>
            <span className="small quiet">{!preset && t('trust.ways')}</span>
          </header>
          {preset ? (
            <Fingerprint
              groups={told}
              marks={told.map((_, place) => expectedMark(comparison, place))}
            />
          ) : (
            <ToldField
              told={told}
              comparison={comparison}
              onTold={onTold}
              onRefusedPaste={onRefusedPaste}
            />
          )}
        </div>
      </div>
      <Tally comparison={comparison} pasteRefused={pasteRefused} />
    </section>
  );
}

function sentMarks({ same, differing, here }: Comparison): GroupMark[] {
  const reached = here ?? same + differing.length;
  return Array.from({ length: 16 }, (_, place) => {
    if (differing.includes(place)) return 'eye';
    if (place < reached) return 'same';
    return place === here && differing.length === 0 ? 'eye' : '';
  });
}

function expectedMark({ differing }: Comparison, place: number): GroupMark {
  return differing.includes(place) ? 'diff' : 'same';
}
