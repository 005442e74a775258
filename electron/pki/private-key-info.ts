import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { StationError } from '../../shared/errors/station-error.ts';
import { enterOnly, MalformedDer, tags } from './der.ts';
import { smallInteger } from './der-values.ts';
import { keyStrength } from './public-key.ts';
import { reading } from './refusal.ts';

/** How a private key was written down. */
export type PrivateKeyForm = 'PKCS#8' | 'PKCS#1' | 'SEC1';

export interface DeliveredKey {
  readonly key: KeyObject;
  readonly form: PrivateKeyForm;
  /** SubjectPublicKeyInfo of its public half, DER. */
  readonly spki: Buffer;
}

const types = { 'PKCS#8': 'pkcs8', 'PKCS#1': 'pkcs1', SEC1: 'sec1' } as const;

/**
 * Reads a private key that a server sent: PrivateKeyInfo (RFC 5958 §2) as it should be, RSAPrivateKey (RFC 8017
 * §A.1.2) or ECPrivateKey (RFC 5915 §3) as some servers have it. The caller still zeroes `der`.
 * @throws StationError KEY-01 when it cannot be read, is no key of its own public half, or is not RSA with 2048 to
 *   4096 bits or EC on P-256 or P-384.
 */
export function readPrivateKey(der: Uint8Array): DeliveredKey {
  const form = reading('KEY-01', () => formOf(der));
  const key = parse(der, form);
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const { algorithm, bits } = keyStrength(spki);
  const usable =
    algorithm === 'RSA'
      ? bits >= 2048 && bits <= 4096
      : algorithm === 'EC' && bits > 0 && bits < 521;
  if (!usable) throw refusal(`a key ${algorithm} of ${bits} bits is not used here`);
  return { key, form, spki };
}

/** Each begins with a version; what follows tells them apart. */
function formOf(der: Uint8Array): PrivateKeyForm {
  const reader = enterOnly(der, tags.sequence, 'a private key');
  const version = smallInteger(reader.take(tags.integer, 'the version of a private key').contents);
  switch (reader.nextTag) {
    case tags.sequence:
      return 'PKCS#8';
    case tags.integer:
      return 'PKCS#1';
    case tags.octetString:
      if (version === 1) return 'SEC1';
  }
  throw new MalformedDer('it is neither PKCS#8 nor PKCS#1 nor SEC1');
}

function parse(der: Uint8Array, form: PrivateKeyForm): KeyObject {
  try {
    const bytes = Buffer.from(der.buffer, der.byteOffset, der.byteLength);
    return createPrivateKey({ key: bytes, format: 'der', type: types[form] });
  } catch {
    throw refusal(`its ${form} is malformed or holds a kind of key nobody here knows`);
  }
}

function refusal(detail: string): StationError {
  return new StationError('KEY-01', { detail });
}

/**
 * The one key of an AsymmetricKeyPackage (RFC 5958 §2), as PrivateKeyInfo, DER.
 * @throws StationError KEY-01 when it holds none or several.
 */
export function onlyKeyOfPackage(der: Uint8Array): Buffer {
  return reading('KEY-01', () => {
    const keys = enterOnly(der, tags.sequence, 'a package of keys').rest();
    const [key] = keys;
    if (key === undefined || keys.length !== 1 || key.tag !== tags.sequence) {
      throw new MalformedDer('the package must hold exactly one key');
    }
    return key.whole;
  });
}
