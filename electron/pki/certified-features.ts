import type { CertifiedFeatures } from '../../shared/issued-policy.ts';
import type { Certificate } from './certificate.ts';
import { changedSubjectName } from './change-subject-name.ts';
import { enterOnly, tags } from './der.ts';
import { type Extensions, readExtensions } from './extension-list.ts';
import { extendedKeyUsage, extensionOids, keyUsage } from './extensions.ts';
import { formatGeneralName, generalNames } from './general-names.ts';
import { formatDistinguishedName } from './name.ts';
import { comparableName } from './name-comparison.ts';
import { reading } from './refusal.ts';
import { extensionRequestOid, readRequest } from './request.ts';

/** What a request, DER, asks the certificate to say. @throws StationError CERT-06. */
export function requestFeatures(der: Uint8Array): CertifiedFeatures {
  const request = readRequest(der);
  const asked = request.attributes.get(extensionRequestOid);
  return reading('CERT-06', () => {
    const extensions: Extensions = asked
      ? readExtensions(enterOnly(asked, tags.sequence, 'the extensions'))
      : new Map();
    return features(changedSubjectName(request) ?? request.subject, extensions);
  });
}

/** What a certificate says, in the same words. @throws StationError CERT-06. */
export function certificateFeatures({ subjectDer, extensions }: Certificate): CertifiedFeatures {
  return reading('CERT-06', () => features(subjectDer, extensions));
}

/** Extensions compared by their meaning instead of their octets. */
const understood: ReadonlySet<string> = new Set([
  extensionOids.subjectAltName,
  extensionOids.keyUsage,
  extensionOids.extendedKeyUsage,
]);

function features(subject: Buffer, extensions: Extensions): CertifiedFeatures {
  const names = extensions.get(extensionOids.subjectAltName)?.value ?? null;
  return {
    subject: formatDistinguishedName(subject),
    comparableSubject: comparableName(subject),
    subjectAltNames: names === null ? [] : generalNames(names).map(formatGeneralName),
    keyUsage: keyUsage(extensions),
    extendedKeyUsage: extendedKeyUsage(extensions),
    extensions: [...extensions]
      .filter(([oid]) => !understood.has(oid))
      .map(([oid, { value }]) => ({ oid, value: value.toString('hex') })),
  };
}
