import { writeCrlsOnly } from '../../pki/crls-only.ts';
import { type Answer, base64Answer } from '../answer.ts';
import { issueCrl } from '../crl.ts';
import type { Desk } from '../desk.ts';

/** RFC 8295: the CRLs of issuing CA and root, to anyone; what was revoked was issued by the issuing CA. */
export async function crls({ authority, options }: Desk): Promise<Answer> {
  const lists = [
    await issueCrl(authority.issuing, options.revoked),
    await issueCrl(authority.root, []),
  ];
  const type = 'application/pkcs7-mime; smime-type=crls-only';
  return base64Answer(type, writeCrlsOnly(lists), options.unwrapped);
}
