import type { ReactNode } from 'react';
import type { LampState } from '../stores/frame.ts';
import { Icon } from './icon.tsx';

/** A state as icon, word and colour together. */
export function State({
  state,
  form = '',
  children,
}: {
  readonly state: LampState;
  readonly form?: '' | 'badge' | 'solid';
  readonly children: ReactNode;
}) {
  return (
    <span className={`state ${form}`} data-state={state}>
      <Icon name={state} />
      {children}
    </span>
  );
}
