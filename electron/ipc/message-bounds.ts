/** What one message from a window may hold at most; no honest one comes near. */
export const messageBounds = { depth: 24, parts: 20_000, characters: 1_000_000, bytes: 65_536 };

/**
 * Looks whether a message is plain data of bounded size, before any schema sees it.
 * @returns what is wrong with it, or null.
 */
export function boundsProblem(message: unknown): string | null {
  const left = { ...messageBounds };
  return walk(message, left, 0);
}

function walk(value: unknown, left: typeof messageBounds, depth: number): string | null {
  left.parts -= 1;
  if (depth > left.depth) return 'it is nested too deeply';
  if (left.parts < 0) return 'it has too many parts';
  switch (typeof value) {
    case 'string':
      return spend(left, value.length);
    case 'number':
    case 'boolean':
    case 'undefined':
      return null;
    case 'object':
      return value === null ? null : walkObject(value, left, depth);
    default:
      return `it holds a ${typeof value}`;
  }
}

function walkObject(value: object, left: typeof messageBounds, depth: number): string | null {
  if (value instanceof Uint8Array) {
    left.bytes -= value.length;
    return left.bytes < 0 ? 'it holds too many bytes' : null;
  }
  if (!Array.isArray(value) && !isPlain(value)) return 'it holds something that is not plain data';
  for (const [key, part] of Object.entries(value)) {
    const problem = spend(left, key.length) ?? walk(part, left, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

function spend(left: typeof messageBounds, characters: number): string | null {
  left.characters -= characters;
  return left.characters < 0 ? 'it is too long' : null;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
