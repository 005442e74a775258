import { StationError } from '../../shared/errors/station-error.ts';
import type { Profile } from '../../shared/profile.ts';
import { writeGeneralNames } from '../pki/general-names.ts';
import { parseDistinguishedName } from '../pki/name.ts';
import { certificatesFromPem } from '../pki/pem.ts';

/**
 * Reads what the profile's schema takes as text: the subject, the alternative names and the root.
 * Found before a token is opened or a server asked.
 * @throws StationError PROFILE-05 subject, PROFILE-02 alternative name, PROFILE-06 root.
 */
export function checkProfileContents({ request, trust }: Profile): void {
  parseDistinguishedName(request.subject);
  if (request.subjectAltNames.length > 0) writeGeneralNames(request.subjectAltNames);
  if (trust.caRootCertificate === null) return;
  if (certificatesFromPem(trust.caRootCertificate).length === 0) {
    throw new StationError('PROFILE-06', { detail: 'it holds no certificate' });
  }
}

/** The attribute an error of `checkProfileContents` is about, as a dotted path. */
export function attributeOf({ code }: StationError): string {
  if (code === 'PROFILE-05') return 'request.subject';
  return code === 'PROFILE-06' ? 'trust.caRootCertificate' : 'request.subjectAltNames';
}
