import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import { parameterSets } from '../../../shared/profile.ts';
import { spkiFromEcPoint, spkiFromEd25519, spkiFromRsa } from '../../pki/public-key.ts';
import { keyGenerations, keyTypes } from './mechanisms.ts';
import { type ObjectHandle, readAttribute, readAttributes } from './objects.ts';
import type { Session } from './session.ts';

/**
 * SubjectPublicKeyInfo (DER) of a public key object; null when its kind of key is not one the station uses.
 * @param type its CKA_KEY_TYPE.
 */
export function publicKeyInfo(
  session: Session,
  object: ObjectHandle,
  type: number | null,
): Buffer | null {
  if (type === pkcs11js.CKK_EC) return ecKeyInfo(session, object);
  if (type === pkcs11js.CKK_RSA) return rsaKeyInfo(session, object);
  if (type === keyTypes.EdDSA) return ed25519KeyInfo(session, object);
  return null;
}

function ecKeyInfo(session: Session, object: ObjectHandle): Buffer | null {
  const types = [pkcs11js.CKA_EC_PARAMS, pkcs11js.CKA_EC_POINT];
  const attribute = readAttributes(session, object, types);
  const parameters = attribute(pkcs11js.CKA_EC_PARAMS);
  const value = attribute(pkcs11js.CKA_EC_POINT);
  const set = parameterSets.EC.find(
    (name) => parameters !== null && keyGenerations[name].ecParameters?.equals(parameters),
  );
  if (set === undefined || value === null) return null;
  const point = ecPoint(value, keyGenerations[set].bits);
  return point === null ? null : infoIfUsable(() => spkiFromEcPoint(set, point));
}

/**
 * The uncompressed point (SEC 1 §2.3.3) inside CKA_EC_POINT: the standard wraps it in an OCTET STRING,
 * some modules do not. The lengths differ, so there is no doubt which it is.
 * @param bits length of the curve's field.
 */
export function ecPoint(value: Buffer, bits: number): Buffer | null {
  const point = unwrapped(value, 1 + 2 * Math.ceil(bits / 8));
  return point?.[0] === 0x04 ? point : null;
}

/** An OCTET STRING of `size` octets, or these octets themselves; null for anything else. */
function unwrapped(value: Buffer, size: number): Buffer | null {
  if (value.length === size) return value;
  const header = size < 0x80 ? Buffer.of(0x04, size) : Buffer.of(0x04, 0x81, size);
  const wrapped =
    value.length === header.length + size && value.subarray(0, header.length).equals(header);
  return wrapped ? value.subarray(header.length) : null;
}

/** Ed448 shares the key type; its points have 57 octets (RFC 8032 §5.2.2). */
function ed25519KeyInfo(session: Session, object: ObjectHandle): Buffer | null {
  const value = readAttribute(session, object, pkcs11js.CKA_EC_POINT);
  const point = value === null ? null : unwrapped(value, 32);
  return point === null ? null : infoIfUsable(() => spkiFromEd25519(point));
}

function rsaKeyInfo(session: Session, object: ObjectHandle): Buffer | null {
  const types = [pkcs11js.CKA_MODULUS, pkcs11js.CKA_PUBLIC_EXPONENT];
  const attribute = readAttributes(session, object, types);
  const modulus = attribute(pkcs11js.CKA_MODULUS);
  const exponent = attribute(pkcs11js.CKA_PUBLIC_EXPONENT);
  if (modulus === null || exponent === null) return null;
  return infoIfUsable(() => spkiFromRsa(modulus, exponent));
}

/** One damaged key on a token must not hide the others. */
function infoIfUsable(read: () => Buffer): Buffer | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof StationError) return null;
    throw error;
  }
}
