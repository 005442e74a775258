import type { ReactNode } from 'react';
import { testIds } from '../test-ids.ts';
import { KeyCap } from './key-cap.tsx';

/** The form every step's primary button submits. */
export const stepForm = 'step';

export interface Action {
  readonly text: string;
  readonly disabled?: boolean;
  /** It cannot be undone, or it ends something. */
  readonly grave?: boolean;
  /** The key that does the same, as its cap reads. */
  readonly key?: string;
  onPress?(): void;
}

/** One primary, at the right, always in the same place; the reason it is disabled stands beside it. */
export function ActionBar({
  back,
  side,
  why,
  primary,
}: {
  readonly back?: Action | undefined;
  readonly side?: ReactNode;
  readonly why?: ReactNode;
  readonly primary?: Action | undefined;
}) {
  return (
    <>
      {back && (
        <button
          type="button"
          className="btn"
          disabled={back.disabled}
          onClick={back.onPress}
          data-testid={testIds.back}
        >
          {back.text} <KeyCap cap={back.key ?? 'Esc'} />
        </button>
      )}
      {side}
      <div className="why push">{why}</div>
      {primary && (
        <button
          type="submit"
          form={stepForm}
          className={primary.grave ? 'btn primary grave' : 'btn primary'}
          disabled={primary.disabled}
          data-testid={testIds.primary}
        >
          {primary.text} {!primary.disabled && <KeyCap cap="↵" />}
        </button>
      )}
    </>
  );
}
