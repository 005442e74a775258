const deepest = 32;

/**
 * Zeroes every byte array inside a message, so that a PIN or password does not outlive its use.
 * Bounded in depth; cycles end where they began.
 */
export function wipeBytes(message: unknown): void {
  wipe(message, new Set(), 0);
}

function wipe(value: unknown, seen: Set<object>, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > deepest || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Uint8Array) {
    value.fill(0);
    return;
  }
  for (const part of Object.values(value)) wipe(part, seen, depth + 1);
}
