import type { Profile } from './profile.ts';
import type { TokenInfo } from './token.ts';

/** What an enrollment needs of a token. */
export type TokenDemand = Pick<Profile['request'], 'keyParameterSet' | 'signatureAlgorithm'> & {
  /** A key pair is made on the token; false where its key is used again or comes from the server. */
  readonly newKey: boolean;
};

/**
 * What the token cannot do of what the profile asks, in the words of PKCS#11 and of the profile; empty when it can.
 * A token that tells nothing of its mechanisms is given the benefit of the doubt. Pure.
 */
export function missingOnToken(
  { canGenerate, canSign, writeProtected }: TokenInfo,
  { keyParameterSet, signatureAlgorithm, newKey }: TokenDemand,
): string[] {
  return [
    ...(newKey && canGenerate.length > 0 && !canGenerate.includes(keyParameterSet)
      ? [keyParameterSet]
      : []),
    ...(canSign.length > 0 && !canSign.includes(signatureAlgorithm) ? [signatureAlgorithm] : []),
    ...(writeProtected ? ['CKF_WRITE_PROTECTED'] : []),
  ];
}
