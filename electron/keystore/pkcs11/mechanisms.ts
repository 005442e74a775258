import pkcs11js from 'pkcs11js';
import {
  allSignatureAlgorithms,
  type KeyAlgorithm,
  type KeyParameterSet,
  keyParameterSets,
  type SignatureAlgorithm,
} from '../../../shared/profile.ts';
import type { Module } from './module.ts';
import { isTpm2Pkcs11, isUselessOnTpm } from './tpm.ts';

/** A PKCS#11 mechanism with its name in the standard. */
interface NamedMechanism {
  readonly name: string;
  readonly type: number;
}

/** Numbers of PKCS#11 v3.0 that pkcs11js does not name. */
const CKK_EC_EDWARDS = 0x40;
const CKM_EC_EDWARDS_KEY_PAIR_GEN = 0x1055;
const CKM_EDDSA = 0x1057;

/** CKA_KEY_TYPE of each kind of key. */
export const keyTypes: Readonly<Record<KeyAlgorithm, number>> = {
  EC: pkcs11js.CKK_EC,
  RSA: pkcs11js.CKK_RSA,
  EdDSA: CKK_EC_EDWARDS,
};

/** How one key parameter set is generated. */
export interface KeyGeneration {
  readonly family: KeyAlgorithm;
  /** Length of the modulus or of the curve's field. */
  readonly bits: number;
  readonly mechanism: NamedMechanism;
  /** CKA_EC_PARAMS: the named curve's OBJECT IDENTIFIER, DER (RFC 5480 §2.1.1.1, RFC 8410 §3); null for RSA. */
  readonly ecParameters: Buffer | null;
}

const ecGeneration = { name: 'CKM_EC_KEY_PAIR_GEN', type: pkcs11js.CKM_EC_KEY_PAIR_GEN };
const eddsa = { name: 'CKM_EDDSA', type: CKM_EDDSA };
const edwardsGeneration = {
  name: 'CKM_EC_EDWARDS_KEY_PAIR_GEN',
  type: CKM_EC_EDWARDS_KEY_PAIR_GEN,
};
/** The mechanisms of PKCS#11 v3.0 the station uses. */
export const edwardsMechanisms: readonly NamedMechanism[] = [edwardsGeneration, eddsa];
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
  secp521r1: ec(521, '06052b81040023'),
  '2048': rsa(2048),
  '3072': rsa(3072),
  '4096': rsa(4096),
  ed25519: {
    family: 'EdDSA',
    bits: 256,
    mechanism: edwardsGeneration,
    ecParameters: Buffer.from('06032b6570', 'hex'),
  },
};

/** How one signature algorithm is made: hashing in software first, where the token allows it. */
export interface SignatureMaking {
  readonly family: KeyAlgorithm;
  /** Name of the hash in node:crypto; null for EdDSA, which takes the message. */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
  /** Signs a hash (ECDSA, PSS), a DigestInfo (PKCS#1 v1.5) or the message (EdDSA). */
  readonly hashed: NamedMechanism;
  /** Hashes and signs on the token; the same as `hashed` for EdDSA. */
  readonly combined: NamedMechanism;
  /** DER of DigestInfo up to the hash itself (RFC 8017 §9.2 note 1); empty for all but PKCS#1 v1.5. */
  readonly digestInfoPrefix: Buffer;
  /** CK_RSA_PKCS_PSS_PARAMS: the salt is as long as the hash (RFC 4055 §3.1); null for all but PSS. */
  readonly pssParameters: pkcs11js.RsaPSS | null;
}

type Hash = 'sha256' | 'sha384' | 'sha512';

const noPrefix = Buffer.alloc(0);
const ecdsa = { name: 'CKM_ECDSA', type: pkcs11js.CKM_ECDSA };
const rsaPkcs = { name: 'CKM_RSA_PKCS', type: pkcs11js.CKM_RSA_PKCS };
const rsaPss = { name: 'CKM_RSA_PKCS_PSS', type: pkcs11js.CKM_RSA_PKCS_PSS };

const ecSignature = (hash: Hash, name: string, type: number): SignatureMaking => ({
  family: 'EC',
  hash,
  hashed: ecdsa,
  combined: { name, type },
  digestInfoPrefix: noPrefix,
  pssParameters: null,
});
const rsaSignature = (hash: Hash, name: string, type: number, prefix: string): SignatureMaking => ({
  family: 'RSA',
  hash,
  hashed: rsaPkcs,
  combined: { name, type },
  digestInfoPrefix: Buffer.from(prefix, 'hex'),
  pssParameters: null,
});
const pssSignature = (
  hash: Hash,
  name: string,
  type: number,
  parameters: Omit<pkcs11js.RsaPSS, 'type'>,
): SignatureMaking => ({
  family: 'RSA',
  hash,
  hashed: rsaPss,
  combined: { name, type },
  digestInfoPrefix: noPrefix,
  pssParameters: { type: pkcs11js.CK_PARAMS_RSA_PSS, ...parameters },
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
  SHA256WITHRSAANDMGF1: pssSignature(
    'sha256',
    'CKM_SHA256_RSA_PKCS_PSS',
    pkcs11js.CKM_SHA256_RSA_PKCS_PSS,
    { hashAlg: pkcs11js.CKM_SHA256, mgf: pkcs11js.CKG_MGF1_SHA256, saltLen: 32 },
  ),
  SHA384WITHRSAANDMGF1: pssSignature(
    'sha384',
    'CKM_SHA384_RSA_PKCS_PSS',
    pkcs11js.CKM_SHA384_RSA_PKCS_PSS,
    { hashAlg: pkcs11js.CKM_SHA384, mgf: pkcs11js.CKG_MGF1_SHA384, saltLen: 48 },
  ),
  SHA512WITHRSAANDMGF1: pssSignature(
    'sha512',
    'CKM_SHA512_RSA_PKCS_PSS',
    pkcs11js.CKM_SHA512_RSA_PKCS_PSS,
    { hashAlg: pkcs11js.CKM_SHA512, mgf: pkcs11js.CKG_MGF1_SHA512, saltLen: 64 },
  ),
  ED25519: {
    family: 'EdDSA',
    hash: null,
    hashed: eddsa,
    combined: eddsa,
    digestInfoPrefix: noPrefix,
    pssParameters: null,
  },
};

/** The signature algorithms a token makes, where it has a key of their kind; by the mechanisms it lists. */
export function signableAlgorithms(listed: ReadonlySet<number>): SignatureAlgorithm[] {
  return allSignatureAlgorithms.filter((algorithm) => {
    const { hashed, combined } = signatureMakings[algorithm];
    return listed.has(hashed.type) || listed.has(combined.type);
  });
}

/** The mechanism types the token in `slot` lists and can use with the station's keys. */
export function mechanismsOf(module: Module, slot: Buffer): ReadonlySet<number> {
  const listed = new Set(module.lib.C_GetMechanismList(slot));
  if (isTpm2Pkcs11(module)) listed.delete(rsaPkcs.type);
  return listed;
}

/** The key parameter sets the token in `slot` can generate, by the mechanisms it lists and their key sizes. */
export function generatableSets(
  module: Module,
  slot: Buffer,
  listed: ReadonlySet<number>,
): KeyParameterSet[] {
  const sizes = new Map<number, pkcs11js.MechanismInfo>();
  const sizesOf = ({ type }: NamedMechanism) => {
    const info = sizes.get(type) ?? module.lib.C_GetMechanismInfo(slot, type);
    sizes.set(type, info);
    return info;
  };
  return keyParameterSets.filter((set) => {
    const { mechanism, bits, family } = keyGenerations[set];
    if (!listed.has(mechanism.type) || isUselessOnTpm(module, set)) return false;
    // Curves of Edwards have sizes of 255 or 256 bits, as the module likes to count (v3.0 §2.3.5 says nothing).
    if (family === 'EdDSA') return true;
    const { minKeySize, maxKeySize } = sizesOf(mechanism);
    // Some modules give bytes where the standard wants bits.
    const unit = mechanism === rsaGeneration && maxKeySize <= 512 ? 8 : 1;
    return bits >= minKeySize * unit && bits <= maxKeySize * unit;
  });
}
