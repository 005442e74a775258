import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  type Attribute,
  ChallengePasswordAttribute,
  ExtensionsAttribute,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
} from '@peculiar/x509';
import { subjectAltNameOid } from './extensions.ts';
import { membersOf } from './sequence.ts';

/** What a certification request says (RFC 2986 §4). Names and key are its very bytes. */
export interface CertificationRequest {
  /** Name, DER. */
  readonly subject: Buffer;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  /** GeneralNames, DER, null for none. */
  readonly subjectAltName: Buffer | null;
  readonly challengePassword: string | null;
  /** The first value of every attribute, DER, by dotted OID. */
  readonly attributes: ReadonlyMap<string, Buffer>;
  /** Whether its own key made its signature, with SHA-256 or better. */
  verify(): Promise<boolean>;
}

/** RFC 2985 §5.4.1. */
export const challengePasswordOid = '1.2.840.113549.1.9.7';
const extensionRequestOid = '1.2.840.113549.1.9.14';
/** RFC 5758 §3.2: 1.2.840.10045.4.3, the branch of ECDSA with SHA-2, as octets. */
const ecdsaWithSha2 = Buffer.from('2a8648ce3d0403', 'hex');

/**
 * Reads a PKCS#10 certification request, DER.
 * @throws Error when it cannot be read, or says something twice.
 */
export function readRequest(der: Buffer): CertificationRequest {
  const request = new Pkcs10CertificateRequest(der);
  const [information, algorithm, signature] = membersOf(der);
  const [version, subject, key] = membersOf(information?.whole ?? Buffer.alloc(0));
  if (!version || !subject || !key || !algorithm || !signature)
    throw new Error('a field is missing');
  if (!version.contents.equals(Buffer.of(0))) throw new Error('there is but one version');
  return {
    subject: subject.whole,
    spki: key.whole,
    subjectAltName: requestedNames(request),
    challengePassword: challengePasswordOf(request),
    attributes: firstValues(request.attributes),
    verify: async () =>
      isStrict(algorithm.whole, signature.contents) && (await isSignedByItself(request)),
  };
}

/** What the library reads more loosely than DER allows: the algorithm, and r and s of ECDSA. */
function isStrict(algorithm: Buffer, signature: Buffer): boolean {
  try {
    const [oid, parameters] = membersOf(algorithm);
    // NULL beside PKCS#1 v1.5, a SEQUENCE beside PSS (RFC 4055 §5, §3.1).
    if (parameters && ![0x05, 0x30].includes(parameters.whole.readUInt8(0))) return false;
    if (oid?.contents.subarray(0, ecdsaWithSha2.length).equals(ecdsaWithSha2)) {
      membersOf(signature.subarray(1));
    }
    return signature[0] === 0;
  } catch {
    return false;
  }
}

async function isSignedByItself(request: Pkcs10CertificateRequest): Promise<boolean> {
  try {
    if (request.signatureAlgorithm.hash?.name === 'SHA-1') return false;
    return await request.verify(webcrypto);
  } catch {
    // A signature, or an algorithm, that webcrypto cannot make sense of.
    return false;
  }
}

function requestedNames(request: Pkcs10CertificateRequest): Buffer | null {
  const attribute = only(request.getAttributes(extensionRequestOid));
  if (attribute === null) return null;
  if (!(attribute instanceof ExtensionsAttribute)) throw new Error('no extensions are requested');
  const [names, ...others] = attribute.items.filter(({ type }) => type === subjectAltNameOid);
  if (others.length > 0) throw new Error('the SubjectAltName stands twice');
  if (names === undefined) return null;
  if (!(names instanceof SubjectAlternativeNameExtension)) throw new Error('no SubjectAltName');
  return Buffer.from(names.value);
}

function firstValues(attributes: readonly Attribute[]): ReadonlyMap<string, Buffer> {
  return new Map(
    attributes.flatMap(({ type, values: [first] }) =>
      first === undefined ? [] : [[type, Buffer.from(first)] as const],
    ),
  );
}

function challengePasswordOf(request: Pkcs10CertificateRequest): string | null {
  const attribute = only(request.getAttributes(challengePasswordOid));
  if (attribute === null) return null;
  if (!(attribute instanceof ChallengePasswordAttribute)) throw new Error('no challengePassword');
  return attribute.password;
}

/** Both attributes are SINGLE VALUE (RFC 2985 §5.4). */
function only(attributes: readonly Attribute[]): Attribute | null {
  const [attribute, ...others] = attributes;
  if (attribute === undefined) return null;
  if (others.length > 0 || attribute.values.length !== 1) {
    throw new Error('an attribute has more than one value, or none');
  }
  return attribute;
}
