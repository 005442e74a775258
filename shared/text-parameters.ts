/** Values for the placeholders of a text. Never a secret. */
export type TextParameters = Readonly<Record<string, string | number>>;

const longestParameter = 500;

/** Fills `{name}` placeholders; a missing one stays visible, so that a test can find it. */
export function fillText(template: string, parameters: TextParameters): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(parameters, name) ? String(parameters[name]) : whole,
  );
}

/** Parameters may quote a server, a token or a file: bounded, and without control characters. */
export function boundedParameters(parameters: TextParameters): Record<string, string | number> {
  const clean: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(parameters)) {
    clean[name] =
      typeof value === 'number'
        ? value
        : value.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').slice(0, longestParameter);
  }
  return clean;
}
