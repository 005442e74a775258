import type { ReactNode } from 'react';
import type { LampState } from '../stores/frame.ts';
import { Icon, type IconName } from './icon.tsx';

/** A message on a quiet ground: what is true, then what it means. */
export function Notice({
  state,
  icon = state,
  title,
  children,
  role,
  testId,
}: {
  readonly state: LampState;
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly role?: 'alert' | 'status';
  readonly testId?: string;
}) {
  return (
    <div className="notice" data-state={state} role={role} data-testid={testId}>
      <Icon name={icon} />
      <div>
        <h2>{title}</h2>
        {children}
      </div>
    </div>
  );
}
