import { describe, expect, it } from 'vitest';
import {
  alternativeNames,
  caExtensions,
  certify,
  ecKeys,
  purposesExtension,
} from '../../test/certificate-draft.ts';
import { purposes } from '../pki/path-validation.ts';
import { identifyServer } from './server-identity.ts';

const root = { subject: 'CN=Root', keys: ecKeys() };
const issuing = { subject: 'CN=Issuing', keys: ecKeys() };
const rootDer = certify({ ...root, extensions: caExtensions() });
const target = { host: 'est.example', port: 443 };
const { serverAuth, cmcRA, any } = purposes;

/** How a server of this name and for these purposes is known under an issuer for those, which may be the anchor. */
function known(
  name: string,
  own: string[] | null,
  issuer: string[] | null,
  anchored: boolean,
): string {
  const of = (oids: string[] | null) => (oids === null ? [] : [purposesExtension(...oids)]);
  const middle = certify({
    ...issuing,
    issuer: root,
    extensions: [...caExtensions(), ...of(issuer)],
  });
  const server = certify({
    subject: 'CN=server',
    keys: ecKeys(),
    issuer: issuing,
    extensions: [alternativeNames(`DNS:${name}`), ...of(own)],
  });
  try {
    return identifyServer({
      target,
      chain: [server, middle],
      trust: {
        kind: 'anchors',
        anchors: [anchored ? middle : rootDer],
        origin: 'explicit',
        hostnameVerification: true,
      },
      at: new Date('2030-01-01T00:00:00Z'),
    });
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

describe('an issuer that is limited to purposes', () => {
  it.each<[name: string, own: string[] | null, issuer: string[] | null, string]>([
    ['est.example', [serverAuth], null, 'name'],
    ['est.example', [serverAuth], [any], 'name'],
    ['est.example', null, [serverAuth], 'name'],
    ['other.example', [cmcRA], [cmcRA], 'cmcRA'],
    ['other.example', [serverAuth, cmcRA], [serverAuth, cmcRA], 'cmcRA'],
    // A CA for ordinary servers makes none that need not have the right name.
    ['other.example', [serverAuth, cmcRA], [serverAuth], 'TRUST-03'],
    ['other.example', [cmcRA], [serverAuth], 'TRUST-07'],
    // A CA for registration authorities makes no ordinary servers.
    ['est.example', [serverAuth], [cmcRA], 'TRUST-07'],
    ['est.example', null, [cmcRA], 'TRUST-07'],
    ['est.example', [serverAuth, cmcRA], [cmcRA], 'cmcRA'],
  ])('%s for %j below one for %j: %s', (name, own, issuer, expected) => {
    expect(known(name, own, issuer, false)).toBe(expected);
    expect(known(name, own, issuer, true)).toBe(expected);
  });
});
