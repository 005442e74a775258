import {
  createCipheriv,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import { keyParameterSets } from '../../../shared/profile.ts';
import { octetString } from '../../pki/der-writer.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import type { KeyDescription } from '../keystore.ts';
import { describeMaking, keyPairUnder, makingAttributes } from './key-pair.ts';
import { keyGenerations, keyTypes, mechanismsOf } from './mechanisms.ts';
import { destroyObject, type ObjectHandle, readAttributes } from './objects.ts';
import { returnCodeOf } from './return-codes.ts';
import type { Session } from './session.ts';

/** PKCS#11 v2.40 §2.14: wraps with RFC 5649; v3.0 gave the same its own number. */
const keyWrapPad = pkcs11js.CKM_AES_KEY_WRAP_PAD;
const keyWrapKwp = 0x210b;
/** RFC 5649 §3. */
const wrapInitialValue = Buffer.from('a65959a6', 'hex');

/**
 * Places a private key made elsewhere on the token and removes the pair that stood under the alias before.
 * The token unwraps it where it can, else it is created from its parts; either way it is sensitive and cannot leave.
 * `pkcs8` is zeroed.
 * @param pkcs8 PrivateKeyInfo, DER: RSA, Ed25519, or EC on a curve the station uses.
 * @throws StationError TOKEN-05 (the token takes no keys), TOKEN-12 (the key could leave it; it is destroyed).
 */
export function importKeyPair(session: Session, alias: string, pkcs8: Uint8Array): KeyDescription {
  try {
    const privateKey = createPrivateKey({ key: asBuffer(pkcs8), format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
    const former = keyPairUnder(session, alias);
    const placed = place(session, { alias, id: keyIdentifier(spki), privateKey, pkcs8 });
    for (const object of former) destroyObject(session, object);
    return { alias, spki, id: keyIdentifier(spki), generatedThere: false, notes: placed };
  } finally {
    pkcs8.fill(0);
  }
}

interface Placing {
  readonly alias: string;
  /** CKA_ID, hex. */
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly pkcs8: Uint8Array;
}

/** @returns notes beyond the one fact everybody knows: that the key was imported. */
function place(session: Session, placing: Placing): KeyDescription['notes'] {
  const { lib } = session.module;
  const made: ObjectHandle[] = [];
  try {
    const privateKey = unwrap(session, placing) ?? create(session, placing);
    made.push(privateKey);
    made.push(lib.C_CreateObject(session.handle, publicTemplate(placing)));
    const { exportable } = describeMaking(readAttributes(session, privateKey, makingAttributes));
    if (exportable !== null) throw new StationError('TOKEN-12', { detail: exportable });
    return [];
  } catch (error) {
    for (const object of made) destroyObject(session, object);
    throw error;
  }
}

/** Codes with which a token says that it does not unwrap this key, or does not unwrap so. */
const cannotUnwrap: ReadonlySet<string> = new Set([
  'CKR_MECHANISM_INVALID',
  'CKR_MECHANISM_PARAM_INVALID',
  // SoftHSM says so of a wrapped Ed25519 key, and takes its parts.
  'CKR_FUNCTION_FAILED',
  'CKR_FUNCTION_NOT_SUPPORTED',
  'CKR_TEMPLATE_INCONSISTENT',
  'CKR_TEMPLATE_INCOMPLETE',
  'CKR_ATTRIBUTE_VALUE_INVALID',
  'CKR_ATTRIBUTE_TYPE_INVALID',
  'CKR_ATTRIBUTE_READ_ONLY',
  'CKR_KEY_TYPE_INCONSISTENT',
  'CKR_KEY_FUNCTION_NOT_PERMITTED',
  'CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT',
  'CKR_WRAPPED_KEY_INVALID',
  'CKR_WRAPPED_KEY_LEN_RANGE',
]);

/**
 * Wraps the key in software with a key of the moment that the token is told for this session, and has the token
 * unwrap it. Null when the token does not.
 */
function unwrap(session: Session, placing: Placing): ObjectHandle | null {
  const listed = mechanismsOf(session.module, session.slot);
  const mechanism = [keyWrapPad, keyWrapKwp].find((type) => listed.has(type));
  if (mechanism === undefined) return null;
  const { lib } = session.module;
  const wrappingKey = randomBytes(32);
  let temporary: ObjectHandle | null = null;
  try {
    temporary = lib.C_CreateObject(session.handle, wrappingTemplate(wrappingKey));
    const wrapped = wrap(wrappingKey, placing.pkcs8);
    const template = privateTemplate(placing);
    return lib.C_UnwrapKey(session.handle, { mechanism }, temporary, wrapped, template);
  } catch (error) {
    if (cannotUnwrap.has(returnCodeOf(error)?.name ?? '')) return null;
    throw error;
  } finally {
    wrappingKey.fill(0);
    if (temporary !== null) destroyObject(session, temporary);
  }
}

/** AES key wrap with padding (RFC 5649). */
function wrap(wrappingKey: Buffer, pkcs8: Uint8Array): Buffer {
  const cipher = createCipheriv('id-aes256-wrap-pad', wrappingKey, wrapInitialValue);
  return Buffer.concat([cipher.update(pkcs8), cipher.final()]);
}

function wrappingTemplate(value: Buffer): pkcs11js.Template {
  return [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_SECRET_KEY },
    { type: pkcs11js.CKA_KEY_TYPE, value: pkcs11js.CKK_AES },
    { type: pkcs11js.CKA_TOKEN, value: false },
    { type: pkcs11js.CKA_PRIVATE, value: true },
    { type: pkcs11js.CKA_SENSITIVE, value: true },
    { type: pkcs11js.CKA_EXTRACTABLE, value: false },
    { type: pkcs11js.CKA_UNWRAP, value: true },
    { type: pkcs11js.CKA_VALUE, value },
  ];
}

/** Creates the private key object from the key's numbers (PKCS#11 v2.40 §2.1.3, §2.3.4). */
function create(session: Session, placing: Placing): ObjectHandle {
  const parts = privateParts(placing.privateKey);
  try {
    const template = [...privateTemplate(placing), ...parts];
    return session.module.lib.C_CreateObject(session.handle, template);
  } catch (error) {
    if (!cannotUnwrap.has(returnCodeOf(error)?.name ?? '')) throw error;
    throw new StationError('TOKEN-05', { mechanism: 'C_UnwrapKey, C_CreateObject' });
  } finally {
    for (const { value } of parts) value.fill(0);
  }
}

function privateTemplate({ alias, id, privateKey }: Placing): pkcs11js.Template {
  return [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY },
    { type: pkcs11js.CKA_KEY_TYPE, value: keyType(privateKey) },
    { type: pkcs11js.CKA_TOKEN, value: true },
    { type: pkcs11js.CKA_PRIVATE, value: true },
    { type: pkcs11js.CKA_LABEL, value: alias },
    { type: pkcs11js.CKA_ID, value: Buffer.from(id, 'hex') },
    { type: pkcs11js.CKA_SENSITIVE, value: true },
    { type: pkcs11js.CKA_EXTRACTABLE, value: false },
    { type: pkcs11js.CKA_SIGN, value: true },
    { type: pkcs11js.CKA_DECRYPT, value: false },
    { type: pkcs11js.CKA_UNWRAP, value: false },
    { type: pkcs11js.CKA_DERIVE, value: false },
  ];
}

function publicTemplate({ alias, id, privateKey }: Placing): pkcs11js.Template {
  return [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PUBLIC_KEY },
    { type: pkcs11js.CKA_KEY_TYPE, value: keyType(privateKey) },
    { type: pkcs11js.CKA_TOKEN, value: true },
    { type: pkcs11js.CKA_PRIVATE, value: false },
    { type: pkcs11js.CKA_LABEL, value: alias },
    { type: pkcs11js.CKA_ID, value: Buffer.from(id, 'hex') },
    { type: pkcs11js.CKA_VERIFY, value: true },
    { type: pkcs11js.CKA_ENCRYPT, value: false },
    { type: pkcs11js.CKA_WRAP, value: false },
    ...publicParts(privateKey),
  ];
}

function keyType({ asymmetricKeyType }: KeyObject): number {
  if (asymmetricKeyType === 'ed25519') return keyTypes.EdDSA;
  return asymmetricKeyType === 'ec' ? keyTypes.EC : keyTypes.RSA;
}

interface Part {
  readonly type: number;
  readonly value: Buffer;
}

function publicParts(privateKey: KeyObject): Part[] {
  const { n, e, x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (privateKey.asymmetricKeyType === 'rsa') {
    return [
      { type: pkcs11js.CKA_MODULUS, value: octets(n) },
      { type: pkcs11js.CKA_PUBLIC_EXPONENT, value: octets(e) },
    ];
  }
  const isEdwards = privateKey.asymmetricKeyType === 'ed25519';
  const point = octetString(
    isEdwards ? octets(x) : Buffer.concat([Buffer.of(4), octets(x), octets(y)]),
  );
  return [curve(privateKey), { type: pkcs11js.CKA_EC_POINT, value: point }];
}

/** The strings of the JWK cannot be zeroed; they are gone with the key process at the latest. */
function privateParts(privateKey: KeyObject): Part[] {
  const { n, e, d, p, q, dp, dq, qi } = privateKey.export({ format: 'jwk' });
  if (privateKey.asymmetricKeyType !== 'rsa') {
    return [curve(privateKey), { type: pkcs11js.CKA_VALUE, value: octets(d) }];
  }
  return [
    { type: pkcs11js.CKA_MODULUS, value: octets(n) },
    { type: pkcs11js.CKA_PUBLIC_EXPONENT, value: octets(e) },
    { type: pkcs11js.CKA_PRIVATE_EXPONENT, value: octets(d) },
    { type: pkcs11js.CKA_PRIME_1, value: octets(p) },
    { type: pkcs11js.CKA_PRIME_2, value: octets(q) },
    { type: pkcs11js.CKA_EXPONENT_1, value: octets(dp) },
    { type: pkcs11js.CKA_EXPONENT_2, value: octets(dq) },
    { type: pkcs11js.CKA_COEFFICIENT, value: octets(qi) },
  ];
}

function curve({ asymmetricKeyDetails, asymmetricKeyType }: KeyObject): Part {
  const name = asymmetricKeyType === 'ed25519' ? 'ed25519' : asymmetricKeyDetails?.namedCurve;
  const set = keyParameterSets.find((known) => known === name);
  const { ecParameters } = set === undefined ? { ecParameters: null } : keyGenerations[set];
  if (ecParameters === null) {
    throw new StationError('TOKEN-05', { mechanism: `EC ${name ?? 'on an unknown curve'}` });
  }
  return { type: pkcs11js.CKA_EC_PARAMS, value: Buffer.from(ecParameters) };
}

function octets(base64url: string | undefined): Buffer {
  return Buffer.from(base64url ?? '', 'base64url');
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
