import { type AsnType, ObjectIdentifier, Sequence, Set as SetOf } from 'asn1js';
import { type Answer, base64Answer, emptyAnswer } from '../answer.ts';
import type { Desk } from '../desk.ts';
import { challengePasswordOid } from '../request.ts';
import type { KnownLabel } from '../routes.ts';

/** RFC 5758 §3.2: ecdsa-with-SHA256. */
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

/** RFC 5480 §2.1.1. */
const ecPublicKey = '1.2.840.10045.2.1';
const prime256v1 = '1.2.840.10045.3.1.7';

const identifier = (value: string): AsnType => new ObjectIdentifier({ value });

const deviceWishes = (): AsnType[] => [
  new Sequence({
    value: [identifier(ecPublicKey), new SetOf({ value: [identifier(prime256v1)] })],
  }),
  identifier(ecdsaWithSha256),
];

/**
 * RFC 7030 §4.5: 204 when there is nothing to ask for; challengePassword where proof of possession is required;
 * a key and a signature algorithm below the label `devices`.
 */
export function csrattrs({ options }: Desk, label: KnownLabel | null): Answer {
  const wishes: AsnType[] = [
    ...(options.requirePop ? [identifier(challengePasswordOid)] : []),
    ...(label === 'devices' ? deviceWishes() : []),
  ];
  if (wishes.length === 0) return emptyAnswer(204);
  const der = Buffer.from(new Sequence({ value: wishes }).toBER());
  return base64Answer('application/csrattrs', der, options.unwrapped);
}
