import type { ReactNode } from 'react';

export type Fact = readonly [name: string, value: ReactNode];

/** Puts a label and its value together. */
export function fact(name: string, value: ReactNode): Fact {
  return [name, value];
}

/** Label and value pairs. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} className="fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
