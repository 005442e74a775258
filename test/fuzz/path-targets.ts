import { readCertificate } from '../../electron/pki/certificate.ts';
import { certificateFeatures } from '../../electron/pki/certified-features.ts';
import { MalformedDer } from '../../electron/pki/der.ts';
import { distributionPoints } from '../../electron/pki/distribution-points.ts';
import { validatePath } from '../../electron/pki/path.ts';
import { pathCertificate } from '../../electron/pki/path-certificate.ts';
import { PathRefusal } from '../../electron/pki/path-refusal.ts';
import { checkPath } from '../../electron/pki/path-validation.ts';
import { noPolicyDemands } from '../../electron/pki/policy-state.ts';
import { matchServerName } from '../../electron/pki/server-name.ts';
import type { FuzzTarget } from './targets.ts';

const at = new Date('2030-01-01T00:00:00Z');
const policies = { ...noPolicyDemands, explicit: true };

/** Path validation: what stands in the extensions of a certificate, read although nobody signed the change. */
export const pathTargets: readonly FuzzTarget[] = [
  { name: 'path-extensions', read: readExtensions },
  { name: 'path', read: readPath },
];

/** As target, as issuer and as anchor, whose limits bind its own name. */
function readExtensions(input: Buffer): void {
  try {
    const certificate = pathCertificate(input);
    distributionPoints(certificate.extensions);
    checkPath([certificate, certificate, certificate], { at, purpose: 'server', policies });
  } catch (error) {
    if (!(error instanceof MalformedDer) && !(error instanceof PathRefusal)) throw error;
  }
}

function readPath(input: Buffer): void {
  const [certificate, bag] = [input, [input]];
  validatePath({ certificate, intermediates: bag, anchors: bag, crls: bag, at, purpose: 'any' });
  const read = readCertificate(input);
  certificateFeatures(read);
  matchServerName(read, 'est.works.example');
}
