/**
 * A fingerprint (64 hexadecimal digits) in the groups people compare.
 * @returns 16 groups of 4.
 */
export function fingerprintGroups(fingerprint: string): string[] {
  return fingerprint.match(/.{1,4}/g) ?? [];
}
