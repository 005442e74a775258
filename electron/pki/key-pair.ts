import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyParameterSet } from '../../shared/profile.ts';

const generate = promisify(generateKeyPair);

/** A key pair in this process: for a software keystore, or to be thrown away. RSA has the exponent 65537. */
export function makeKeyPair(
  set: KeyParameterSet,
): Promise<{ readonly publicKey: KeyObject; readonly privateKey: KeyObject }> {
  switch (set) {
    case 'ed25519':
      return generate('ed25519');
    case 'prime256v1':
    case 'secp384r1':
    case 'secp521r1':
      return generate('ec', { namedCurve: set });
    default:
      return generate('rsa', { modulusLength: Number(set), publicExponent: 65_537 });
  }
}
