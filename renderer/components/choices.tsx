import type { ReactNode } from 'react';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly title: string;
  readonly text: ReactNode;
  readonly cost: ReactNode;
  readonly disabled?: boolean;
  readonly testId: string;
}

/** Rows on one ruled sheet, one of which is chosen; each says what it costs. */
export function Choices<Value extends string>({
  name,
  label,
  heads,
  choices,
  value,
  onChange,
}: {
  readonly name: string;
  readonly label: string;
  readonly heads: readonly [string, string];
  readonly choices: readonly Choice<Value>[];
  readonly value: Value | null;
  onChange(value: Value): void;
}) {
  return (
    <fieldset>
      <legend className="sr">{label}</legend>
      <div className="choices-head" aria-hidden="true">
        <span>{heads[0]}</span>
        <span>{heads[1]}</span>
      </div>
      <div className="choices">
        {choices.map((choice) => (
          <label key={choice.value} className="choice">
            <input
              type="radio"
              className="dot"
              name={name}
              value={choice.value}
              checked={choice.value === value}
              disabled={choice.disabled}
              onChange={() => onChange(choice.value)}
              data-testid={choice.testId}
            />
            <span>
              <span className="title">{choice.title}</span>
              <span className="text">{choice.text}</span>
            </span>
            <span className="cost">{choice.cost}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
