import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Certificate, readCertificate } from '../../pki/certificate.ts';
import { alerts, TlsFailure } from './failure.ts';
import type { GroupName } from './key-exchange.ts';
import type { Version } from './options.ts';
import type { Signed } from './server-messages.ts';
import { schemeFits, verifySignature } from './signature-schemes.ts';

/** OpenSSL's names of the curves a server's key may be on. */
const ellipticCurves: ReadonlyMap<unknown, GroupName> = new Map([
  ['prime256v1', 'secp256r1'],
  ['secp384r1', 'secp384r1'],
  ['secp521r1', 'secp521r1'],
]);

/**
 * The key of the server's own certificate, which must be for signatures (RFC 8446 §4.4.2.2).
 * @throws TlsFailure bad_certificate, unsupported_certificate, illegal_parameter.
 */
export function serverKey([own]: readonly Buffer[]): KeyObject {
  const certificate = readOwn(own);
  if (certificate.keyUsage !== null && !certificate.keyUsage.includes('digitalSignature')) {
    const message = 'the certificate of the server is not meant for signatures';
    throw new TlsFailure(alerts.illegalParameter, message);
  }
  const key = readKey(certificate);
  const kind = key.asymmetricKeyType;
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (kind === 'rsa' || kind === 'ed25519') return key;
  if (kind === 'ec' && ellipticCurves.has(curve)) return key;
  const message = 'the key of the server is of a kind this client does not know';
  throw new TlsFailure(alerts.unsupportedCertificate, message);
}

/**
 * In TLS 1.2 the groups offered are also the curves on which the server's key may be (RFC 8422 §5.1).
 * @throws TlsFailure illegal_parameter.
 */
export function checkCurve(key: KeyObject, offered: readonly GroupName[]): void {
  if (key.asymmetricKeyType !== 'ec') return;
  const group = ellipticCurves.get(key.asymmetricKeyDetails?.namedCurve);
  if (group !== undefined && offered.includes(group)) return;
  const message = 'the key of the server is on a curve that was not offered';
  throw new TlsFailure(alerts.illegalParameter, message);
}

function readOwn(own: Buffer | undefined): Certificate {
  try {
    return readCertificate(own ?? Buffer.alloc(0));
  } catch {
    // Without its cause: CERT-06 speaks of certificates that a person gave the station.
    throw new TlsFailure(alerts.badCertificate, 'the certificate of the server cannot be read');
  }
}

function readKey({ spki }: Certificate): KeyObject {
  try {
    return createPublicKey({ key: spki, type: 'spki', format: 'der' });
  } catch (cause) {
    const message = 'the key of the server cannot be read';
    throw new TlsFailure(alerts.unsupportedCertificate, message, { cause });
  }
}

/**
 * The server's proof that it holds its key.
 * @throws TlsFailure illegal_parameter when the scheme does not fit the key, decrypt_error when the
 *   signature is wrong.
 */
export function checkProof(
  key: KeyObject,
  { scheme, signature }: Signed,
  message: Buffer,
  version: Version,
): void {
  if (!schemeFits(scheme, key, version)) {
    const text = 'the server signed with a scheme that does not fit its key';
    throw new TlsFailure(alerts.illegalParameter, text);
  }
  if (!verifySignature(scheme, key, message, signature)) {
    const text = 'the server did not prove that it holds its key';
    throw new TlsFailure(alerts.decryptError, text);
  }
}
