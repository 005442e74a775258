/** Octets of CKA_ID in a name; the station's own are 20 (SHA-1 of the public key). */
const longestId = 20;
/** Characters of a label in a name. */
const longestLabel = 200;

/**
 * The name of an object without a label, or of one more object under a label: `(ID 0a1b)`, `GW-1 (ID 0a1b)`.
 * @param id CKA_ID; empty when there is none.
 * @param count 1 for the first object of this name, 2 for the next, …
 */
export function generatedName(label: string, id: Uint8Array, count: number): string {
  const hex = Buffer.from(id.subarray(0, longestId)).toString('hex');
  const own = `(ID ${hex === '' ? 'none' : hex}${count === 1 ? '' : `, ${count}`})`;
  return label === '' ? own : `${label.slice(0, longestLabel)} ${own}`;
}

/** Whether `name` was generated for a further object under the label `alias`. */
export function isFurther(name: string, alias: string): boolean {
  const start = `${alias.slice(0, longestLabel)} (ID `;
  return (
    name.startsWith(start) && /^(?:[0-9a-f]+|none)(?:, \d+)?\)$/.test(name.slice(start.length))
  );
}
