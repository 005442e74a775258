import { createHash } from 'node:crypto';
import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { SignatureAlgorithm } from '../../../shared/profile.ts';
import { ecdsaRawToDer } from '../../pki/signature.ts';
import {
  keyGenerations,
  keyTypes,
  mechanismsOf,
  type SignatureMaking,
  signableAlgorithms,
  signatureMakings,
} from './mechanisms.ts';
import { findObjects, type ObjectHandle, readAttribute, readFlag, readNumber } from './objects.ts';
import { loginForUse } from './pin-guard.ts';
import { returnCodeOf } from './return-codes.ts';
import type { Session } from './session.ts';

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
  const key = privateKey(session, loggedIn, alias);
  mustFit(session, key, making, algorithm);

  const always = readFlag(session, key, pkcs11js.CKA_ALWAYS_AUTHENTICATE) === true;
  if (always && pin === null && !session.token.pinPad) throw new StationError('PIN-10');
  const use = always ? { pin } : null;
  const listed = mechanismsOf(session.module, session.slot);
  if (listed.has(making.hashed.type)) {
    const input = hashed(session, key, making, data);
    return finish(making, signWith(session, key, mechanism(making, making.hashed), input, use));
  }
  if (listed.has(making.combined.type)) {
    const whole = Buffer.from(data);
    return finish(making, signWith(session, key, mechanism(making, making.combined), whole, use));
  }
  throw new StationError('TOKEN-05', { mechanism: making.combined.name });
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
  const key = privateKey(session, loggedIn, alias);
  const type = readNumber(session, key, pkcs11js.CKA_KEY_TYPE);
  return signableAlgorithms(session.module, session.slot).filter(
    (algorithm) => keyTypes[signatureMakings[algorithm].family] === type,
  );
}

/** Without a login the token hides its private keys. */
function privateKey(session: Session, loggedIn: boolean, alias: string): ObjectHandle {
  const key = findObjects(session, 'privateKey', alias).at(-1);
  if (key === undefined && !loggedIn) throw new StationError('PIN-08');
  if (key === undefined) throw new StationError('TOKEN-09', { object: 'private key', alias });
  return key;
}

function mustFit(
  session: Session,
  key: ObjectHandle,
  making: SignatureMaking,
  algorithm: string,
): void {
  const type = readNumber(session, key, pkcs11js.CKA_KEY_TYPE);
  if (type !== keyTypes[making.family]) {
    throw new StationError('TOKEN-05', { mechanism: algorithm });
  }
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
  session: Session,
  key: ObjectHandle,
  { hash, family, digestInfoPrefix }: SignatureMaking,
  data: Uint8Array,
): Buffer {
  if (hash === null) return Buffer.from(data);
  const digest = createHash(hash).update(data).digest();
  if (family === 'RSA') return Buffer.concat([digestInfoPrefix, digest]);
  return digest.subarray(0, orderBytes(readAttribute(session, key, pkcs11js.CKA_EC_PARAMS)));
}

/** Octets of the curve's order; a curve the station does not generate takes every hash whole. */
function orderBytes(curve: Buffer | null): number {
  const known = Object.values(keyGenerations).find(
    ({ ecParameters }) => curve !== null && ecParameters?.equals(curve),
  );
  return known === undefined ? 64 : Math.ceil(known.bits / 8);
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

function finish(making: SignatureMaking, signature: Buffer): Buffer {
  return making.family === 'EC' ? ecdsaRawToDer(signature) : signature;
}
