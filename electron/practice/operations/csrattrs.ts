import { objectIdentifier, sequence, setOf } from '../../pki/der-writer.ts';
import { type Answer, base64Answer, emptyAnswer } from '../answer.ts';
import type { Desk } from '../desk.ts';
import type { KnownLabel } from '../routes.ts';

const challengePassword = '1.2.840.113549.1.9.7';
const idEcPublicKey = '1.2.840.10045.2.1';
const prime256v1 = '1.2.840.10045.3.1.7';
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

/**
 * RFC 7030 §4.5: 204 when there is nothing to ask for; challengePassword where proof of possession is required;
 * a key and a signature algorithm below the label `devices`.
 */
export function csrattrs({ options }: Desk, label: KnownLabel | null): Answer {
  const wishes = [
    ...(options.requirePop ? [objectIdentifier(challengePassword)] : []),
    ...(label === 'devices' ? [ecOnPrime256v1(), objectIdentifier(ecdsaWithSha256)] : []),
  ];
  if (wishes.length === 0) return emptyAnswer(204);
  return base64Answer('application/csrattrs', sequence(...wishes), options.unwrapped);
}

/** An Attribute: the key's algorithm with the curve as its value. */
function ecOnPrime256v1(): Buffer {
  return sequence(objectIdentifier(idEcPublicKey), setOf(objectIdentifier(prime256v1)));
}
