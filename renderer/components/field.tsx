import type { InputHTMLAttributes, ReactNode, Ref } from 'react';
import { useId } from 'react';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly testId: string;
  readonly ref?: Ref<HTMLInputElement>;
  readonly beside?: ReactNode;
}

/** A labelled input; what is wrong with it stands under it and replaces the hint. */
export function Field({ label, hint, error, testId, beside, className, ...input }: FieldProps) {
  const id = useId();
  const about = error || hint ? `${id}-about` : undefined;
  return (
    <div className={className ? `field ${className}` : 'field'}>
      <label htmlFor={id}>{label}</label>
      <div className="field-row">
        <input
          type="text"
          spellCheck={false}
          autoComplete="off"
          {...input}
          id={id}
          className="input"
          aria-invalid={error ? true : undefined}
          aria-describedby={about}
          data-testid={testId}
        />
        {beside}
      </div>
      {about && (
        <p id={about} className={error ? 'hint wrong' : 'hint'} role={error ? 'alert' : undefined}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}
