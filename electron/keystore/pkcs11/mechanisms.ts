import pkcs11js from 'pkcs11js';
import {
  type KeyParameterSet,
  parameterSets,
  type SignatureAlgorithm,
} from '../../../shared/profile.ts';
import type { Module } from './module.ts';

/** A PKCS#11 mechanism with its name in the standard. */
interface NamedMechanism {
  readonly name: string;
  readonly type: number;
}

type KeyFamily = keyof typeof parameterSets;

/** How one key parameter set is generated. */
export interface KeyGeneration {
  readonly family: KeyFamily;
  /** Length of the modulus or of the curve's field. */
  readonly bits: number;
  readonly mechanism: NamedMechanism;
  /** CKA_EC_PARAMS: the named curve's OBJECT IDENTIFIER, DER (RFC 5480 §2.1.1.1); null for RSA. */
  readonly ecParameters: Buffer | null;
}

const ecGeneration = { name: 'CKM_EC_KEY_PAIR_GEN', type: pkcs11js.CKM_EC_KEY_PAIR_GEN };
const rsaGeneration = {
  name: 'CKM_RSA_PKCS_KEY_PAIR_GEN',
  type: pkcs11js.CKM_RSA_PKCS_KEY_PAIR_GEN,
};

const ec = (bits: number, oid: string): KeyGeneration => ({
  family: 'EC',
  bits,
  mechanism: ecGeneration,
  ecParameters: Buffer.from(oid, 'hex'),
});
const rsa = (bits: number): KeyGeneration => ({
  family: 'RSA',
  bits,
  mechanism: rsaGeneration,
  ecParameters: null,
});

export const keyGenerations: Readonly<Record<KeyParameterSet, KeyGeneration>> = {
  prime256v1: ec(256, '06082a8648ce3d030107'),
  secp384r1: ec(384, '06052b81040022'),
  '2048': rsa(2048),
  '3072': rsa(3072),
  '4096': rsa(4096),
};

/** How one signature algorithm is made: hashing in software first, where the token allows it. */
export interface SignatureMaking {
  readonly family: KeyFamily;
  /** Name of the hash in node:crypto. */
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  /** Signs a hash (EC) or a DigestInfo (RSA). */
  readonly hashed: NamedMechanism;
  /** Hashes and signs on the token. */
  readonly combined: NamedMechanism;
  /** DER of DigestInfo up to the hash itself (RFC 8017 §9.2 note 1); empty for EC. */
  readonly digestInfoPrefix: Buffer;
}

const ecdsa = { name: 'CKM_ECDSA', type: pkcs11js.CKM_ECDSA };
const rsaPkcs = { name: 'CKM_RSA_PKCS', type: pkcs11js.CKM_RSA_PKCS };
const ecSignature = (
  hash: SignatureMaking['hash'],
  name: string,
  type: number,
): SignatureMaking => ({
  family: 'EC',
  hash,
  hashed: ecdsa,
  combined: { name, type },
  digestInfoPrefix: Buffer.alloc(0),
});
const rsaSignature = (
  hash: SignatureMaking['hash'],
  name: string,
  type: number,
  prefix: string,
): SignatureMaking => ({
  family: 'RSA',
  hash,
  hashed: rsaPkcs,
  combined: { name, type },
  digestInfoPrefix: Buffer.from(prefix, 'hex'),
});

export const signatureMakings: Readonly<Record<SignatureAlgorithm, SignatureMaking>> = {
  SHA256WITHECDSA: ecSignature('sha256', 'CKM_ECDSA_SHA256', pkcs11js.CKM_ECDSA_SHA256),
  SHA384WITHECDSA: ecSignature('sha384', 'CKM_ECDSA_SHA384', pkcs11js.CKM_ECDSA_SHA384),
  SHA512WITHECDSA: ecSignature('sha512', 'CKM_ECDSA_SHA512', pkcs11js.CKM_ECDSA_SHA512),
  SHA256WITHRSA: rsaSignature(
    'sha256',
    'CKM_SHA256_RSA_PKCS',
    pkcs11js.CKM_SHA256_RSA_PKCS,
    '3031300d060960864801650304020105000420',
  ),
  SHA384WITHRSA: rsaSignature(
    'sha384',
    'CKM_SHA384_RSA_PKCS',
    pkcs11js.CKM_SHA384_RSA_PKCS,
    '3041300d060960864801650304020205000430',
  ),
  SHA512WITHRSA: rsaSignature(
    'sha512',
    'CKM_SHA512_RSA_PKCS',
    pkcs11js.CKM_SHA512_RSA_PKCS,
    '3051300d060960864801650304020305000440',
  ),
};

/** The mechanism types the token in `slot` lists. */
export function mechanismsOf(module: Module, slot: Buffer): ReadonlySet<number> {
  return new Set(module.lib.C_GetMechanismList(slot));
}

/** The key parameter sets the token in `slot` can generate, by its mechanisms and their key sizes. */
export function generatableSets(module: Module, slot: Buffer): KeyParameterSet[] {
  const listed = mechanismsOf(module, slot);
  const sets: readonly KeyParameterSet[] = [...parameterSets.EC, ...parameterSets.RSA];
  return sets.filter((set) => {
    const { mechanism, bits } = keyGenerations[set];
    if (!listed.has(mechanism.type)) return false;
    const { minKeySize, maxKeySize } = module.lib.C_GetMechanismInfo(slot, mechanism.type);
    // Some modules give bytes where the standard wants bits.
    const unit = mechanism === rsaGeneration && maxKeySize <= 512 ? 8 : 1;
    return bits >= minKeySize * unit && bits <= maxKeySize * unit;
  });
}
