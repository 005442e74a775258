import { uint8 } from '../../tls-server/bytes.ts';
import type { Conduct, Signing } from '../../tls-server/conduct.ts';
import { schemes, signBy } from '../../tls-server/key-exchange.ts';
import { type servers, strangeKey } from './kit.ts';
import type { AlertName } from './misbehaviour.ts';

type Sign = NonNullable<Conduct['sign']>;
/** An honest signature of something else, or by someone else. */
export const resigned =
  (change: (signing: Signing) => Signing): Sign =>
  (signing) => {
    const { scheme, key, content } = change(signing);
    return { scheme, signature: signBy(scheme, key, content) };
  };
/** Signs as usual and says it was by another scheme. */
const mislabelled =
  (label: number): Sign =>
  ({ scheme, key, content }) => ({ scheme: label, signature: signBy(scheme, key, content) });
const respelt =
  (change: (signature: Buffer) => Buffer): Sign =>
  ({ scheme, key, content }) => ({ scheme, signature: change(signBy(scheme, key, content)) });

export const wrongScheme: readonly AlertName[] = ['illegalParameter', 'handshakeFailure'];
const notDer: readonly AlertName[] = ['decryptError', 'decodeError'];

/** Signatures that do not prove that the server holds its key. */
export const signatures: readonly (readonly [
  string,
  keyof typeof servers,
  Sign,
  readonly AlertName[],
])[] = [
  [
    'by a key that is not the certificate’s',
    'ec',
    resigned((of) => ({ ...of, key: strangeKey })),
    ['decryptError'],
  ],
  [
    'over something else',
    'ec',
    resigned((of) => ({ ...of, content: Buffer.from('something else') })),
    ['decryptError'],
  ],
  ['of no octets', 'ec', respelt(() => Buffer.alloc(0)), notDer],
  ['of zeros', 'ec', respelt(() => Buffer.alloc(64)), notDer],
  ['with r and s of zero', 'ec', respelt(() => Buffer.from('3006020100020100', 'hex')), notDer],
  ['cut short', 'ec', respelt((whole) => whole.subarray(0, -1)), notDer],
  ['with an octet behind it', 'ec', respelt((whole) => Buffer.concat([whole, uint8(0)])), notDer],
  ['of RSA cut short', 'rsa', respelt((whole) => whole.subarray(0, -1)), notDer],
  ['of RSA that is zero', 'rsa', respelt((whole) => Buffer.alloc(whole.length)), notDer],
  ['with SHA-1', 'ec', resigned((of) => ({ ...of, scheme: schemes.ecdsaSha1 })), wrongScheme],
  [
    'with RSA and SHA-1',
    'rsa',
    resigned((of) => ({ ...of, scheme: schemes.rsaPkcs1Sha1 })),
    wrongScheme,
  ],
  ['with RSA and MD5', 'rsa', resigned((of) => ({ ...of, scheme: schemes.rsaMd5 })), wrongScheme],
  ['labelled as RSA, made by ECDSA', 'ec', mislabelled(schemes.rsaPssSha256), wrongScheme],
  ['labelled as Ed25519, made by ECDSA', 'ec', mislabelled(schemes.ed25519), wrongScheme],
  ['labelled as ECDSA, made by RSA', 'rsa', mislabelled(schemes.ecdsaP256Sha256), wrongScheme],
  ['labelled as nothing known', 'ec', mislabelled(0xfefe), wrongScheme],
];
