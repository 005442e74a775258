import type { ReactNode } from 'react';
import type { LampState } from '../stores/frame.ts';
import { Icon, type IconName } from './icon.tsx';

/** What is proven, what is not, line by line. */
export function Evidence({ children }: { readonly children: ReactNode }) {
  return <ul className="ticks">{children}</ul>;
}

export function EvidenceLine({
  icon,
  state,
  children,
}: {
  readonly icon: IconName;
  readonly state?: LampState;
  readonly children: ReactNode;
}) {
  return (
    <li data-state={state}>
      <Icon name={icon} />
      <span>{children}</span>
    </li>
  );
}
