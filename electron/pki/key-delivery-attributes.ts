import { enterOnly, readOnly, tags } from './der.ts';
import { dottedIdentifier } from './der-values.ts';
import { objectIdentifier, octetString, sequence } from './der-writer.ts';
import { reading } from './refusal.ts';
import type { RequestAttribute } from './request.ts';

/** RFC 8551 §2.5.2. */
const smimeCapabilitiesOid = '1.2.840.113549.1.9.15';
/** RFC 4108 §2.2.5. */
const decryptKeyIdentifierOid = '1.2.840.113549.1.9.16.2.37';
/** RFC 7030 §4.4.1.2. */
const asymmetricDecryptKeyIdentifierOid = '1.2.840.113549.1.9.16.2.54';

/** AES in CBC mode, 256 bits first (RFC 3565 §4.1). */
const contentEncryption = ['2.16.840.1.101.3.4.1.42', '2.16.840.1.101.3.4.1.2'];
const keyWraps = {
  16: '2.16.840.1.101.3.4.1.5',
  24: '2.16.840.1.101.3.4.1.25',
  32: '2.16.840.1.101.3.4.1.45',
} as const;
/** RSAES-OAEP (RFC 4055 §4.1), RSAES-PKCS1-v1_5 (RFC 3370 §4.2.1). */
const keyTransport = ['1.2.840.113549.1.1.7', '1.2.840.113549.1.1.1'];
/** dhSinglePass-stdDH with the hashes of SHA-2 (RFC 5753 §7.1.4). */
const keyAgreement = ['1.3.132.1.11.1', '1.3.132.1.11.2'];

/** Octets of an AES key. */
type AesKeyLength = keyof typeof keyWraps;

/** The key a server is to encrypt a generated key with. */
export type DecryptionWish =
  | {
      readonly kind: 'symmetric';
      readonly identifier: Uint8Array;
      /** Octets of the key encryption key. */
      readonly keyLength: AesKeyLength;
    }
  | {
      readonly kind: 'asymmetric';
      /** Subject key identifier. */
      readonly identifier: Uint8Array;
      readonly family: 'RSA' | 'EC';
    };

/** True for a length an AES key can have. */
export function isAesKeyLength(octets: number): octets is AesKeyLength {
  return Object.hasOwn(keyWraps, octets);
}

/** The attributes of a request that ask for an encrypted key (RFC 7030 §4.4.1.1, §4.4.1.2). */
export function decryptionAttributes(wish: DecryptionWish): RequestAttribute[] {
  const oid =
    wish.kind === 'symmetric' ? decryptKeyIdentifierOid : asymmetricDecryptKeyIdentifierOid;
  return [
    { oid: smimeCapabilitiesOid, value: sequence(...capabilities(wish)) },
    { oid, value: octetString(wish.identifier) },
  ];
}

/** SMIMECapability: an algorithm, and for a key agreement the key wrap it ends in (RFC 5753 §8). */
function capabilities(wish: DecryptionWish): Buffer[] {
  const plain = (oid: string) => sequence(objectIdentifier(oid));
  const contents = contentEncryption.map(plain);
  if (wish.kind === 'symmetric') return [plain(keyWraps[wish.keyLength]), ...contents];
  if (wish.family === 'RSA') return [...keyTransport.map(plain), ...contents];
  const wrapped = sequence(objectIdentifier(keyWraps[32]));
  return [...keyAgreement.map((oid) => sequence(objectIdentifier(oid), wrapped)), ...contents];
}

/** What a request asks about the delivery of a key. */
export interface AskedDecryption {
  readonly kind: DecryptionWish['kind'];
  readonly identifier: Buffer;
  /** Algorithms the client can undo, dotted; none when it did not say, which it must. */
  readonly algorithms: readonly string[];
}

/**
 * Reads the attributes of a request (values in DER by dotted OID); null when it asks for no encryption.
 * @throws StationError CERT-06 {detail}.
 */
export function askedDecryption(attributes: ReadonlyMap<string, Buffer>): AskedDecryption | null {
  return reading('CERT-06', () => {
    const symmetric = attributes.get(decryptKeyIdentifierOid);
    const value = symmetric ?? attributes.get(asymmetricDecryptKeyIdentifierOid);
    if (value === undefined) return null;
    const identifier = readOnly(value, tags.octetString, 'the identifier of a decryption key');
    return {
      kind: symmetric === undefined ? 'asymmetric' : 'symmetric',
      identifier: identifier.contents,
      algorithms: algorithmsOf(attributes.get(smimeCapabilitiesOid)),
    };
  });
}

function algorithmsOf(capabilitiesDer: Buffer | undefined): string[] {
  if (capabilitiesDer === undefined) return [];
  return enterOnly(capabilitiesDer, tags.sequence, 'the capabilities')
    .rest()
    .map(({ whole }) => {
      const capability = enterOnly(whole, tags.sequence, 'a capability');
      return dottedIdentifier(
        capability.take(tags.objectIdentifier, 'the algorithm of a capability').contents,
      );
    });
}
