import { writeCrlsOnly } from '../../pki/crls-only.ts';
import { type Answer, base64Answer, Refusal } from '../answer.ts';
import { issueCrl } from '../crl.ts';
import type { Desk } from '../desk.ts';

/**
 * RFC 8295: the CRLs of issuing CA and root, to anyone; what was revoked was issued by the issuing CA.
 * @throws Refusal 404 where a fault leaves them out.
 */
export async function crls({ authority, options, ownSerial }: Desk): Promise<Answer> {
  const { faults, revoked } = options;
  if (faults.includes('no-crls')) throw new Refusal(404, 'This server offers no CRLs.');
  const own = faults.includes('revoked-server-certificate') ? [ownSerial] : [];
  const lists = [
    await issueCrl(authority.issuing, [...revoked, ...own]),
    await issueCrl(authority.root, []),
  ];
  const type = 'application/pkcs7-mime; smime-type=crls-only';
  return base64Answer(type, writeCrlsOnly(lists), options.unwrapped);
}
