import { type CsrAttributeItem, writeCsrAttributes } from '../../pki/csr-attributes.ts';
import { type Answer, base64Answer, emptyAnswer, textAnswer } from '../answer.ts';
import type { Desk } from '../desk.ts';
import type { PracticeOptions } from '../practice.ts';
import { challengePasswordOid } from '../request.ts';
import type { KnownLabel } from '../routes.ts';
import { type CsrattrsShape, csrAttributesOf } from '../wishes.ts';

/** RFC 5758 §3.2: ecdsa-with-SHA256. */
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

const deviceWishes: readonly CsrAttributeItem[] = [
  { ecPublicKey: 'prime256v1' },
  { oid: ecdsaWithSha256 },
];

/**
 * RFC 7030 §4.5: 204 when there is nothing to ask for; challengePassword where proof of possession is required;
 * a key and a signature algorithm below the label `devices`.
 */
export function csrattrs({ options }: Desk, label: KnownLabel | null): Answer {
  const wishes: readonly CsrAttributeItem[] = [
    ...(options.requirePop ? [{ oid: challengePasswordOid }] : []),
    ...(label === 'devices' ? deviceWishes : []),
  ];
  if (options.csrattrs !== null) return shaped(options, options.csrattrs, wishes);
  if (wishes.length === 0) return emptyAnswer(204);
  return base64Answer('application/csrattrs', writeCsrAttributes(wishes), options.unwrapped);
}

/** A shape chosen for training; what the server would ask anyway stands first in it. */
function shaped(
  { unwrapped, requirePop }: PracticeOptions,
  shape: CsrattrsShape,
  wishes: readonly CsrAttributeItem[],
): Answer {
  const der = csrAttributesOf(shape, wishes, requirePop);
  if (der === null) return textAnswer(404, 'This server has no CSR attributes.');
  return base64Answer('application/csrattrs', der, unwrapped);
}
