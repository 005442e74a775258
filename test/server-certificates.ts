import { tags } from '../electron/pki/der.ts';
import { element, sequence } from '../electron/pki/der-writer.ts';
import { addressOctets } from '../electron/pki/ip-address.ts';
import type { ServerTrust } from '../electron/tls/connector.ts';
import { identifyServer } from '../electron/tls/server-identity.ts';
import { StationError } from '../shared/errors/station-error.ts';
import {
  caExtensions,
  certify,
  type Draft,
  ecKeys,
  extension,
  purposesExtension,
  subtree,
} from './certificate-draft.ts';

export const at = new Date('2026-06-01T00:00:00Z');
export const serverAuth = '1.3.6.1.5.5.7.3.1';
export const clientAuth = '1.3.6.1.5.5.7.3.2';
export const cmcRa = '1.3.6.1.5.5.7.3.28';
export const rootName = { subject: 'CN=Root', keys: ecKeys() };
export const middleName = { subject: 'CN=Middle', keys: ecKeys() };
export const serverKeys = ecKeys();
export const keyUsage = (...bytes: number[]) =>
  extension('2.5.29.15', element(tags.bitString, Buffer.of(...bytes)));
export const signing = keyUsage(7, 0x80);

export const root = certify({ ...rootName, extensions: caExtensions() });
export const middle = certify({ ...middleName, issuer: rootName, extensions: caExtensions() });

/** The contents of a GeneralName, also of names an honest CA would not write. */
export function contentsOf(name: string): string | Buffer {
  const [, kind, value = ''] = /^(DNS|IP):(.+)$/.exec(name) ?? [];
  return kind === 'IP' ? (addressOctets(value) ?? '') : value;
}

/** A server's certificate under the root for these names; `change` makes it wrong in one way. */
export function server(names: readonly string[], change: Partial<Draft> = {}): Buffer {
  const written = names.map((name) => subtree(name.startsWith('IP:') ? 7 : 2, contentsOf(name)));
  const named = names.length > 0 ? [extension('2.5.29.17', sequence(...written), false)] : [];
  return certify({
    subject: 'CN=est.example',
    keys: serverKeys,
    issuer: rootName,
    extensions: [signing, purposesExtension(serverAuth), ...named],
    ...change,
  });
}

/** How the server is identified, or the code it is refused with. */
export function verdict(
  name: string,
  chain: readonly Buffer[],
  trust: Partial<ServerTrust & { kind: 'anchors' }> = {},
  when = at,
): string {
  try {
    return identifyServer({
      target: { host: name, port: 443 },
      chain,
      at: when,
      trust: {
        kind: 'anchors',
        anchors: [root],
        origin: 'explicit',
        hostnameVerification: true,
        ...trust,
      },
    });
  } catch (error) {
    if (error instanceof StationError) return error.code;
    throw error;
  }
}

/** How an identification counts in the conformance table. */
export const told = (identified: string) =>
  /^[a-z]/.test(identified) ? 'accept' : `refuse ${identified}`;
