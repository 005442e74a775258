import { constants, type KeyObject, verify, X509Certificate } from 'node:crypto';
import type { ServerIdentity } from './conduct.ts';
import { schemes, signBy, usualScheme } from './key-exchange.ts';
import { type MessageName, messageTypes } from './messages.ts';
import type { Session } from './session.ts';

/** The server goes no further: the client left, or sent what it may not. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Signature schemes to ask a client for: P-256, P-384, RSA-PSS and PKCS #1 with SHA-256. */
export const defaultRequested: readonly number[] = [0x0403, 0x0503, 0x0804, 0x0401];

/**
 * The client's next message; null when it cannot be read and the conduct is tolerant.
 * @throws Stopped when something else comes.
 */
export async function receiveMessage(session: Session, name: MessageName): Promise<Buffer | null> {
  for (;;) {
    const incoming = await session.receive();
    if (incoming.kind === 'changeCipherSpec') continue;
    if (incoming.kind === 'message' && incoming.bytes[0] === messageTypes[name]) {
      return incoming.bytes;
    }
    if (incoming.kind === 'unreadable' && session.conduct.tolerant === true) return null;
    throw new Stopped(`${incoming.kind} in place of ${name}`);
  }
}

/** The signature the conduct wants made, or an honest one. */
export function signatureOf({ conduct }: Session, content: Buffer, { key }: ServerIdentity) {
  const scheme = usualScheme(key);
  return (
    conduct.sign?.({ scheme, content, key }) ?? { scheme, signature: signBy(scheme, key, content) }
  );
}

/** Whether the client's signature is one by the key of the certificate it sent. */
export function verifies(
  { log }: Session,
  scheme: number,
  content: Buffer,
  signature: Buffer,
): boolean {
  const [certificate] = log.certificates;
  if (certificate === undefined) return false;
  const key = new X509Certificate(certificate).publicKey;
  const digest = `sha${{ 4: 256, 5: 384, 6: 512 }[scheme >> 8 === 8 ? scheme & 0xff : scheme >> 8]}`;
  return verify(digest, content, paddingOf(key, scheme), signature);
}

function paddingOf(key: KeyObject, scheme: number) {
  if (key.asymmetricKeyType !== 'rsa') return key;
  return scheme >> 8 === schemes.rsaPssSha256 >> 8
    ? {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      }
    : { key, padding: constants.RSA_PKCS1_PADDING };
}
