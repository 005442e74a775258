import 'reflect-metadata';
import { generateKeyPairSync } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
} from '@peculiar/x509';
import { certificateToPem } from '../pki/pem.ts';
import { keyPem, type PracticeAuthority, spkiOf } from './authority.ts';
import { distinguishedName } from './certificate-writer.ts';
import type { TlsCredential } from './issue.ts';
import { signedCertificate } from './signed-certificate.ts';

const minute = 60_000;
const year = 365 * 24 * 3600 * 1000;
const elsewhere = 'ra.elsewhere.example';
const serverAuth = '1.3.6.1.5.5.7.3.1';
/** id-kp-cmcRA, RFC 6402 §2.10. */
const cmcRa = '1.3.6.1.5.5.7.3.28';

/** Key (P-256) and certificate of a server that is a registration authority under another name (RFC 7030 §3.6.1). */
export async function registrationAuthorityCredential({
  issuing,
}: PracticeAuthority): Promise<TlsCredential> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const now = Date.now();
  const der = await signedCertificate(
    {
      subject: distinguishedName('EST Practice', elsewhere),
      spki: spkiOf(publicKey),
      notBefore: new Date(now - 5 * minute),
      notAfter: new Date(Math.min(now + year, issuing.certificate.validToDate.getTime())),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([serverAuth, cmcRa]),
        new SubjectAlternativeNameExtension([{ type: 'dns', value: elsewhere }]),
      ],
    },
    issuing,
  );
  return {
    keyPem: keyPem(privateKey),
    chainPem: certificateToPem(der) + certificateToPem(issuing.certificate.raw),
  };
}
