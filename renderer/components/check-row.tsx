import type { ReactNode } from 'react';
import { useId } from 'react';

/** A choice between yes and no, with what it means said beside it. */
export function CheckRow({
  label,
  children,
  checked,
  onChange,
  testId,
}: {
  readonly label: string;
  readonly children?: ReactNode;
  readonly checked: boolean;
  onChange(checked: boolean): void;
  readonly testId: string;
}) {
  const id = useId();
  return (
    <div className="check-row">
      <input
        type="checkbox"
        id={id}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        aria-describedby={children ? `${id}-about` : undefined}
        data-testid={testId}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {children && <div id={`${id}-about`}>{children}</div>}
      </div>
    </div>
  );
}
