import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

/** Nothing is here yet: what would stand here, and how it comes to be. */
export function EmptyState({
  icon,
  title,
  children,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <section className="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      <p>{children}</p>
    </section>
  );
}
