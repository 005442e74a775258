import { allSignatureAlgorithms, keyParameterSets } from '../../../../shared/profile.ts';

/** The text key of a key as this window calls it, or null for one it has no word for. */
export function keyWord(key: string) {
  const known = keyParameterSets.find((set) => key === set || key.endsWith(` ${set}`));
  return known ? (`key.${known}` as const) : null;
}

/** The text key of a signature algorithm, or null. */
export function signatureWord(algorithm: string) {
  const known = allSignatureAlgorithms.find((name) => name === algorithm);
  return known ? (`signature.${known}` as const) : null;
}

/** The names RFC 5280 gives extensions; they are the same in every language. */
const extensionNames: ReadonlyMap<string, string> = new Map([
  ['2.5.29.15', 'keyUsage'],
  ['2.5.29.37', 'extKeyUsage'],
  ['2.5.29.19', 'basicConstraints'],
]);

export function extensionName(oid: string): string {
  return extensionNames.get(oid) ?? oid;
}
