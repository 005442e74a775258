import { enterOnly, tags } from './der.ts';
import { sequence } from './der-writer.ts';
import { nameRdns } from './name.ts';
import { reading } from './refusal.ts';
import type { CertificationRequest, RequestAttribute } from './request.ts';

/** RFC 6402 §2.8: id-cmc-changeSubjectName. */
const changeSubjectNameOid = '1.3.6.1.5.5.7.7.36';

/**
 * The attribute that asks for another name while the request's subject stays the present one (RFC 7030 §4.2.2).
 * @param subject the new Name, DER.
 */
export function changeSubjectName(subject: Uint8Array): RequestAttribute {
  return { oid: changeSubjectNameOid, value: sequence(subject) };
}

/**
 * The new Name a request asks for, DER; null when it asks for none. New alternative names beside it are passed over.
 * @throws StationError CERT-06 {detail}.
 */
export function changedSubjectName({
  attributes,
}: Pick<CertificationRequest, 'attributes'>): Buffer | null {
  const value = attributes.get(changeSubjectNameOid);
  if (value === undefined) return null;
  return reading('CERT-06', () => {
    const list = enterOnly(value, tags.sequence, 'the new name');
    const name = list.take(tags.sequence, 'the new name');
    // Name and GeneralNames are both optional sequences here; only a Name begins with a SET.
    const isName = name.contents[0] === tags.set;
    if (isName) nameRdns(name.whole);
    return isName ? name.whole : null;
  });
}
