import { useTranslation } from 'react-i18next';
import {
  type EnrollmentRecord,
  type EnrollmentStep,
  enrollmentSteps,
} from '../../shared/enrollment.ts';
import { useFormat } from '../i18n/format.ts';
import { Icon } from './icon.tsx';

type Steps = EnrollmentRecord['steps'];

/** Every stage on one time axis: what it took, beside what it usually takes. */
export function Trace({
  steps,
  working,
  elapsed,
  usual,
}: {
  readonly steps: Steps;
  readonly working: EnrollmentStep;
  readonly elapsed: number;
  readonly usual: ReadonlyMap<EnrollmentStep, number>;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = layOut(steps, working, elapsed, usual);
  const span = axisSpan(rows);
  const percent = (ms: number) => `${((100 * ms) / span).toFixed(2)}%`;
  return (
    <ol className="trace">
      {rows.map(({ step, kind, from, ms, usualMs }) => (
        <li
          key={step}
          className={kind}
          aria-current={kind === 'now' ? 'step' : undefined}
          data-state={kind === 'past' ? 'done' : kind === 'now' ? 'busy' : undefined}
        >
          <Icon name={kind === 'past' ? 'done' : kind === 'now' ? 'busy' : 'ready'} />
          <span>{t(`enroll.stage.${step}`)}</span>
          <span
            className="t"
            style={{
              '--u0': percent(from),
              '--u': percent(kind === 'todo' ? 0 : (usualMs ?? 0)),
              '--a': percent(from),
              '--w': percent(ms),
            }}
          />
          <span className="v">{reading(kind, ms, usualMs)}</span>
        </li>
      ))}
      <li className="axis" aria-hidden="true">
        <span />
        <span className="legend">
          <i />
          <span>{t('enroll.thisTime')}</span>
          {usual.size > 0 && (
            <>
              <i />
              <span>{t('enroll.usualWord')}</span>
            </>
          )}
        </span>
        <span className="t">
          {[0, 1, 2, 3, 4].map((quarter) => (
            <span key={quarter} style={{ left: `${quarter * 25}%` }}>
              {axisMark((span * quarter) / 4)}
              {quarter === 4 && ' s'}
            </span>
          ))}
        </span>
        <span />
      </li>
    </ol>
  );

  function reading(kind: Row['kind'], ms: number, usualMs: number | undefined): string {
    if (kind !== 'todo') return format.seconds(ms);
    return usualMs === undefined ? '' : t('enroll.about', { time: format.seconds(usualMs) });
  }
}

interface Row {
  readonly step: EnrollmentStep;
  readonly kind: 'past' | 'now' | 'todo';
  /** Milliseconds from the start. */
  readonly from: number;
  readonly ms: number;
  readonly usualMs: number | undefined;
}

/** Stages follow each other: each begins where the one before ended. */
function layOut(
  steps: Steps,
  working: EnrollmentStep,
  elapsed: number,
  usual: ReadonlyMap<EnrollmentStep, number>,
): readonly Row[] {
  let at = 0;
  return enrollmentSteps.map((step) => {
    const usualMs = usual.get(step);
    const took = steps.find(({ name }) => name === step)?.ms;
    const now = step === working && took === undefined;
    const ms = took ?? (now ? Math.max(0, elapsed - at) : (usualMs ?? 0));
    const kind = took !== undefined ? 'past' : now ? 'now' : 'todo';
    const row = { step, kind, from: at, ms, usualMs } as const;
    at += ms;
    return row;
  });
}

const spans = [1000, 2000, 4000, 8000, 20_000, 40_000, 80_000, 120_000, 240_000, 600_000];

/** Milliseconds the axis covers: the next round number, so that bars do not jump with every tick. */
function axisSpan(rows: readonly Row[]): number {
  const last = rows.at(-1);
  const end = last ? last.from + last.ms : 0;
  return spans.find((span) => span >= end * 1.1) ?? Math.ceil(end / 600_000) * 600_000;
}

function axisMark(ms: number): string {
  return String(ms / 1000);
}
