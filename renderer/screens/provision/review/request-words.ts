import {
  allSignatureAlgorithms,
  keyAlgorithms,
  keyParameterSets,
} from '../../../../shared/profile.ts';
import type { Draft } from '../../../stores/draft.ts';
import type { ServerWishes } from '../../../stores/wizard.ts';

/** The profile with the key and the signature that the plan will send: what the token must be able to do. */
export function asSent(draft: Draft, wishes: ServerWishes | null): Draft {
  const sent = (about: 'key' | 'signature') =>
    wishes?.plan.find((line) => line.about === about)?.sent;
  const [algorithm, set] = sent('key')?.split(' ') ?? [];
  const keyAlgorithm = keyAlgorithms.find((name) => name === algorithm);
  const keyParameterSet = keyParameterSets.find((name) => name === set);
  const signatureAlgorithm = allSignatureAlgorithms.find((name) => name === sent('signature'));
  if (!keyAlgorithm || !keyParameterSet || !signatureAlgorithm) return draft;
  return {
    ...draft,
    request: { ...draft.request, keyAlgorithm, keyParameterSet, signatureAlgorithm },
  };
}

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
