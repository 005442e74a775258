import { createHash } from 'node:crypto';
import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { SignatureAlgorithm } from '../../../shared/profile.ts';
import { ecdsaRawToDer } from '../../pki/signature.ts';
import {
  keyGenerations,
  mechanismsOf,
  type SignatureMaking,
  signatureMakings,
} from './mechanisms.ts';
import { findObjects, type ObjectHandle, readAttribute, readFlag, readNumber } from './objects.ts';
import type { Session } from './session.ts';

/**
 * Signs `data` with the private key under `alias`.
 * @returns ECDSA as DER SEQUENCE{r,s}, RSA as PKCS#1 v1.5 octets.
 * @throws StationError TOKEN-09 (no such key), TOKEN-05 (the token or the key cannot do it), PIN-08 (not logged in).
 */
export function sign(
  session: Session,
  loggedIn: boolean,
  alias: string,
  algorithm: SignatureAlgorithm,
  data: Uint8Array,
): Buffer {
  const making = signatureMakings[algorithm];
  const key = findObjects(session, 'privateKey', alias).at(-1);
  // Without a login the token hides its private keys.
  if (key === undefined && !loggedIn) throw new StationError('PIN-08');
  if (key === undefined) throw new StationError('TOKEN-09', { object: 'private key', alias });
  mustFit(session, key, making, algorithm);

  const listed = mechanismsOf(session.module, session.slot);
  if (listed.has(making.hashed.type)) {
    return finish(
      making,
      signWith(session, key, making.hashed.type, hashed(session, key, making, data)),
    );
  }
  if (listed.has(making.combined.type)) {
    return finish(making, signWith(session, key, making.combined.type, Buffer.from(data)));
  }
  throw new StationError('TOKEN-05', { mechanism: making.combined.name });
}

function mustFit(
  session: Session,
  key: ObjectHandle,
  making: SignatureMaking,
  algorithm: string,
): void {
  const type = readNumber(session, key, pkcs11js.CKA_KEY_TYPE);
  const wanted = making.family === 'EC' ? pkcs11js.CKK_EC : pkcs11js.CKK_RSA;
  if (type !== wanted) throw new StationError('TOKEN-05', { mechanism: algorithm });
  if (readFlag(session, key, pkcs11js.CKA_ALWAYS_AUTHENTICATE) === true) {
    throw new StationError('TOKEN-05', { mechanism: 'CKA_ALWAYS_AUTHENTICATE' });
  }
}

/** What the hash-only mechanism signs: for EC the hash's leftmost octets (SEC 1 §4.1.3), for RSA the DigestInfo. */
function hashed(
  session: Session,
  key: ObjectHandle,
  making: SignatureMaking,
  data: Uint8Array,
): Buffer {
  const digest = createHash(making.hash).update(data).digest();
  if (making.family === 'RSA') return Buffer.concat([making.digestInfoPrefix, digest]);
  return digest.subarray(0, orderBytes(readAttribute(session, key, pkcs11js.CKA_EC_PARAMS)));
}

/** Octets of the curve's order; a curve the station does not generate takes every hash whole. */
function orderBytes(curve: Buffer | null): number {
  const known = Object.values(keyGenerations).find(
    ({ ecParameters }) => curve !== null && ecParameters?.equals(curve),
  );
  return known === undefined ? 64 : known.bits / 8;
}

function signWith(session: Session, key: ObjectHandle, mechanism: number, input: Buffer): Buffer {
  const { lib } = session.module;
  lib.C_SignInit(session.handle, { mechanism }, key);
  return Buffer.from(lib.C_Sign(session.handle, input, Buffer.alloc(1024)));
}

function finish(making: SignatureMaking, signature: Buffer): Buffer {
  return making.family === 'EC' ? ecdsaRawToDer(signature) : signature;
}
