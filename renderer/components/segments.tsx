interface Option<Value extends string> {
  readonly value: Value;
  readonly text: string;
}

/** A few short alternatives side by side; one is chosen. */
export function Segments<Value extends string>({
  name,
  label,
  testId,
  options,
  value,
  onChange,
}: {
  readonly name: string;
  readonly label: string;
  readonly testId: string;
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  onChange(value: Value): void;
}) {
  return (
    <fieldset className="segments" data-testid={testId}>
      <legend className="sr">{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.text}</span>
        </label>
      ))}
    </fieldset>
  );
}
