/** One challenge of WWW-Authenticate (RFC 9110 §11.3); scheme and parameter names in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const parameter = new RegExp(`^(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s"=]+))$`);
const start = new RegExp(`^(${token})(?:\\s+(.*))?$`, 's');

/** Splits at commas outside quoted strings; an unclosed quote runs to the end. */
function splitList(value: string): string[] {
  const items: string[] = [];
  let item = '';
  let quoted = false;
  for (let index = 0; index < value.length; index++) {
    const character = value.charAt(index);
    if (quoted && character === '\\') {
      item += character + value.charAt(++index);
      continue;
    }
    if (character === '"') quoted = !quoted;
    if (character === ',' && !quoted) {
      items.push(item);
      item = '';
    } else {
      item += character;
    }
  }
  items.push(item);
  return items.map((text) => text.trim()).filter((text) => text !== '');
}

function readParameter(text: string): [name: string, value: string] | null {
  const match = parameter.exec(text);
  if (match?.[1] === undefined) return null;
  const value = match[2] === undefined ? match[3] : match[2].replace(/\\(.)/gs, '$1');
  return [match[1].toLowerCase(), value ?? ''];
}

/**
 * Reads the values of one or several WWW-Authenticate headers, several challenges each. Commas
 * separate challenges as well as their parameters, so an item that is `name=value` belongs to the
 * challenge before it. What cannot be read is left out.
 */
export function parseChallenges(headers: readonly string[]): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  for (const header of headers) {
    let current: Map<string, string> | null = null;
    for (const item of splitList(header)) {
      const continued = readParameter(item);
      if (continued !== null) {
        // RFC 9110 §11.2: a name occurs once; a second one must not replace the first.
        if (current && !current.has(continued[0])) current.set(...continued);
        continue;
      }
      const opening = start.exec(item);
      if (opening?.[1] === undefined) continue;
      current = new Map();
      challenges.push({ scheme: opening[1].toLowerCase(), parameters: current });
      const first = readParameter(opening[2] ?? '');
      if (first !== null) current.set(...first);
    }
  }
  return challenges;
}
