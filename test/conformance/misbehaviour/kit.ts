import type { ConnectOptions } from '../../../electron/tls/connector.ts';
import {
  alternativeNames,
  caExtensions,
  certify,
  ecKeys,
  extension,
  type Keys,
  rsaKeys,
} from '../../certificate-draft.ts';
import type { ServerIdentity } from '../../tls-server/conduct.ts';

export const host = '127.0.0.1';
const root = { subject: 'CN=Test Root', keys: ecKeys() };
/** DER of a KeyUsage with keyEncipherment alone. */
const keyEncipherment = Buffer.from('03020520', 'hex');

function issued(keys: Keys, ...extensions: readonly Buffer[]): ServerIdentity {
  const der = certify({
    subject: 'CN=Test Server',
    keys,
    issuer: root,
    extensions: [alternativeNames(`IP:${host}`), ...extensions],
  });
  return { der, key: keys.privateKey };
}

/** The anchor every server of these tests goes back to. */
export const anchor: Buffer = certify({ ...root, extensions: caExtensions() });

/** Servers a client trusts, and what is wrong with some. */
export const servers = {
  ec: issued(ecKeys()),
  rsa: issued(rsaKeys()),
  p384: issued(ecKeys('secp384r1')),
  /** Its key may not sign. */
  noSignature: issued(ecKeys(), extension('2.5.29.15', keyEncipherment)),
} as const satisfies Readonly<Record<string, ServerIdentity>>;

/** A key no certificate of these tests has. */
export const strangeKey = ecKeys().privateKey;
/** A client's certificate; what it may be used for is not said. */
export const client: ServerIdentity = issued(ecKeys());

/** What a client wants that believes in the anchor alone. @param tlsMs milliseconds for a handshake. */
export const optionsOf = (tlsMs: number): Omit<ConnectOptions, 'credential'> => ({
  trust: { kind: 'anchors', anchors: [anchor], origin: 'explicit', hostnameVerification: true },
  minTls: 'TLSv1.2',
  maxTls: 'TLSv1.3',
  connectMs: 5000,
  tlsMs,
});
