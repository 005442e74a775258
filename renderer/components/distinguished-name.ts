/** One attribute of a distinguished name, as a person reads it. */
export interface NamePart {
  readonly type: string;
  readonly value: string;
}

/**
 * Splits a distinguished name (RFC 4514 notation) for reading. The station parses it for use;
 * what this cannot split it leaves out.
 */
export function readName(name: string): readonly NamePart[] {
  const parts: NamePart[] = [];
  for (const text of splitUnescaped(name)) {
    const equals = text.indexOf('=');
    if (equals < 1) continue;
    const type = text.slice(0, equals).trim();
    const value = text
      .slice(equals + 1)
      .trim()
      .replace(/\\([ ,+"\\<>;=#])/g, '$1');
    if (value !== '') parts.push({ type, value });
  }
  return parts;
}

/** The common name, else the whole name. */
export function commonName(name: string): string {
  return readName(name).find(({ type }) => type.toUpperCase() === 'CN')?.value ?? name;
}

/** The name's other parts in one line: organisation, unit, country. */
export function nameBeyondCommon(name: string): string {
  return readName(name)
    .filter(({ type }) => type.toUpperCase() !== 'CN')
    .map(({ value }) => value)
    .join(', ');
}

function splitUnescaped(name: string): string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  for (let at = 0; at < name.length; at += 1) {
    const character = name.charAt(at);
    if (character === '\\') {
      part += character + name.charAt(at + 1);
      at += 1;
    } else if (character === '"') {
      quoted = !quoted;
    } else if (!quoted && (character === ',' || character === '+')) {
      parts.push(part);
      part = '';
    } else {
      part += character;
    }
  }
  return [...parts, part];
}
