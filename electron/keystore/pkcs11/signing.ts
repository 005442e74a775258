import { createHash } from 'node:crypto';
import type pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { SignatureAlgorithm } from '../../../shared/profile.ts';
import { ecdsaRawToDer } from '../../pki/signature.ts';
import {
  keyGenerations,
  keyTypes,
  type SignatureMaking,
  signableAlgorithms,
  signatureMakings,
} from './mechanisms.ts';
import type { ObjectHandle } from './objects.ts';
import { loginForUse } from './pin-guard.ts';
import { returnCodeOf } from './return-codes.ts';
import type { Session } from './session.ts';
import {
  forgetSigningKeys,
  rememberSigningKey,
  type SigningKey,
  signingKey,
} from './signing-key.ts';

/**
 * Signs `data` with the private key under `alias`.
 * @param pin for a key that wants it at each use (CKA_ALWAYS_AUTHENTICATE), typed for this use; UTF-8, zeroed.
 * @returns ECDSA as DER SEQUENCE{r,s}, RSA and Ed25519 as octets.
 * @throws StationError TOKEN-09 (no such key), TOKEN-05 (the token or the key cannot do it), PIN-08 (not logged in),
 *   PIN-10 (the key wants the PIN for this use; none was sent), PIN-01 to PIN-04.
 */
export function sign(
  session: Session,
  loggedIn: boolean,
  alias: string,
  algorithm: SignatureAlgorithm,
  data: Uint8Array,
  pin: Uint8Array | null,
): Buffer {
  const making = signatureMakings[algorithm];
  const key = signingKey(session, loggedIn, alias);
  try {
    const signature = signBy(session, key, making, data, pin);
    rememberSigningKey(session, alias, key);
    return signature;
  } catch (error) {
    // Somebody else replaced the key since it was looked up. A PIN for this use may have left: it is not sent again.
    if (key.alwaysAuthenticate || !staleHandle.has(returnCodeOf(error)?.name ?? '')) throw error;
    forgetSigningKeys(session);
    return signBy(session, signingKey(session, loggedIn, alias), making, data, pin);
  }
}

const staleHandle: ReadonlySet<string> = new Set([
  'CKR_KEY_HANDLE_INVALID',
  'CKR_OBJECT_HANDLE_INVALID',
]);

function signBy(
  session: Session,
  key: SigningKey,
  making: SignatureMaking,
  data: Uint8Array,
  pin: Uint8Array | null,
): Buffer {
  if (key.type !== keyTypes[making.family]) {
    throw new StationError('TOKEN-05', { mechanism: making.combined.name });
  }
  if (key.alwaysAuthenticate && pin === null && !session.token.pinPad) {
    throw new StationError('PIN-10');
  }
  const { hashed: bare, combined } = making;
  const chosen = [bare, combined].find(({ type }) => key.mechanisms.has(type));
  if (chosen === undefined) throw new StationError('TOKEN-05', { mechanism: combined.name });
  const input = chosen === bare ? hashed(key, making, data) : Buffer.from(data);
  const use = key.alwaysAuthenticate ? { pin } : null;
  return finish(making, key, signWith(session, key.handle, mechanism(making, chosen), input, use));
}

/**
 * What `sign` can make with the private key under `alias`.
 * @throws StationError TOKEN-09, PIN-08.
 */
export function signatureAlgorithms(
  session: Session,
  loggedIn: boolean,
  alias: string,
): SignatureAlgorithm[] {
  const { type, mechanisms } = signingKey(session, loggedIn, alias);
  return signableAlgorithms(mechanisms).filter(
    (algorithm) => keyTypes[signatureMakings[algorithm].family] === type,
  );
}

function mechanism(
  { pssParameters }: SignatureMaking,
  { type }: { readonly type: number },
): pkcs11js.Mechanism {
  return pssParameters === null
    ? { mechanism: type }
    : { mechanism: type, parameter: pssParameters };
}

/**
 * What the mechanism without a hash signs: for EC the hash's leftmost octets (SEC 1 §4.1.3), for RSA the DigestInfo or,
 * with PSS, the hash; for Ed25519 the message itself.
 */
function hashed(
  { curve }: SigningKey,
  { hash, family, digestInfoPrefix }: SignatureMaking,
  data: Uint8Array,
): Buffer {
  if (hash === null) return Buffer.from(data);
  const digest = createHash(hash).update(data).digest();
  if (family === 'RSA') return Buffer.concat([digestInfoPrefix, digest]);
  return digest.subarray(0, orderBytes(curve));
}

/** Octets of the curve's order; a curve the station does not generate takes every hash whole. */
function orderBytes(curve: Buffer | null): number {
  return knownOrderBytes(curve) ?? 64;
}

function knownOrderBytes(curve: Buffer | null): number | null {
  const known = Object.values(keyGenerations).find(
    ({ ecParameters }) => curve !== null && ecParameters?.equals(curve),
  );
  return known === undefined ? null : Math.ceil(known.bits / 8);
}

function signWith(
  session: Session,
  key: ObjectHandle,
  mechanism: pkcs11js.Mechanism,
  input: Buffer,
  use: { readonly pin: Uint8Array | null } | null,
): Buffer {
  const { lib } = session.module;
  const finish = () => Buffer.from(lib.C_Sign(session.handle, input, Buffer.alloc(1024)));
  lib.C_SignInit(session.handle, mechanism, key);
  if (use === null) return finish();
  try {
    loginForUse(session.module, session.slot, session.handle, use.pin);
  } catch (error) {
    endRefusedUse(finish);
    throw error;
  }
  return finish();
}

/** C_Sign without the login fails, and so ends the operation: the next one could not begin otherwise. */
function endRefusedUse(finish: () => Buffer): void {
  try {
    finish();
  } catch (error) {
    if (returnCodeOf(error) === null) throw error;
  }
}

/** PKCS#11 v2.40 §2.3.1: r and s, each as long as the curve's order. */
function finish({ family }: SignatureMaking, { curve }: SigningKey, signature: Buffer): Buffer {
  if (family !== 'EC') return signature;
  const half = knownOrderBytes(curve) ?? Math.ceil(signature.length / 2);
  if (signature.length === 0 || signature.length !== 2 * half) {
    const detail = `a signature of ${signature.length} octets`;
    throw new StationError('TOKEN-08', { detail, call: 'C_Sign' });
  }
  return ecdsaRawToDer(signature);
}
