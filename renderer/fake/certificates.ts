import type { CertificateSummary } from '../../shared/enrollment.ts';
import { rootFingerprint } from './scenario.ts';

const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

export const root: CertificateSummary = {
  subject: 'CN=Plant 4 Device Root CA G2,O=Halden Works',
  issuer: 'CN=Plant 4 Device Root CA G2,O=Halden Works',
  serialNumber: '01',
  notBefore: '2024-01-12T00:00:00Z',
  notAfter: '2044-01-12T00:00:00Z',
  fingerprint: rootFingerprint,
  publicKey: 'EC P-384',
  subjectAltNames: [],
  pem,
};

/** The root that is to follow. */
export const newRoot: CertificateSummary = {
  ...root,
  subject: 'CN=Plant 4 Device Root CA G3,O=Halden Works',
  issuer: 'CN=Plant 4 Device Root CA G3,O=Halden Works',
  serialNumber: '03',
  notBefore: '2026-09-01T00:00:00Z',
  notAfter: '2046-09-01T00:00:00Z',
  fingerprint: 'A1B060D694F3295A0911A0D76CC7AA068B98466173F12BA34CEBCCD14C21FACE',
};

export const issuing: CertificateSummary = {
  ...root,
  subject: 'CN=Plant 4 Device Issuing CA 2,O=Halden Works',
  serialNumber: '02',
  fingerprint: '4CEB60D694F3295A0911A0D76CC7AA068B98466173F12BA34CEBCCD14C210EDF',
};

export const issued: CertificateSummary = {
  subject: 'CN=GW-20417,OU=Plant 4 Devices,O=Halden Works',
  issuer: issuing.subject,
  serialNumber: '5C1E90AF073B22D4',
  notBefore: '2026-11-21T09:43:00Z',
  notAfter: '2028-11-21T09:43:00Z',
  fingerprint: '193C3520F4599F5C7988B7CD5E9753685D5F2B7428DFD578BB93A85A7D5607AB',
  publicKey: 'EC P-256',
  subjectAltNames: ['DNS:gw-20417.plant4.example'],
  pem,
};
