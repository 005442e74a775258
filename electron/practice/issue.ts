import { createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { type CertificateAuthority, keyPem, type PracticeAuthority, spkiOf } from './authority.ts';
import { distinguishedName, signCertificate } from './certificate-writer.ts';
import {
  authorityKeyIdentifier,
  endEntityConstraints,
  extendedKeyUsage,
  generalNames,
  keyUsage,
  type PurposeName,
  subjectAltName,
  subjectKeyIdentifier,
} from './extensions.ts';

const minute = 60_000;
const year = 365 * 24 * 3600 * 1000;

/** A key and its certificate chain as node:tls takes them. */
export interface TlsCredential {
  /** PKCS#8 PEM, not encrypted. */
  readonly keyPem: string;
  /** The certificate first, then the issuing CA; PEM. */
  readonly chainPem: string;
}

interface EndEntity {
  /** Name, DER. */
  readonly subject: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  /** GeneralNames, DER, or null for none. */
  readonly subjectAltName: Uint8Array | null;
  readonly purposes: readonly PurposeName[];
  readonly validity?: { readonly notBefore: Date; readonly notAfter: Date };
}

/** Why a public key is not certified, in words for the answer; null when it may be. */
export function keyObjection(spki: Uint8Array): string | null {
  const key = keyObject(spki);
  if (key === null) return 'the public key of the request cannot be read';
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return modulusLength !== undefined && modulusLength >= 2048 && modulusLength <= 8192
        ? null
        : `an RSA key of ${modulusLength ?? 0} bits is not accepted (2048 to 8192 are)`;
    case 'ec':
      return namedCurve !== undefined && acceptedCurves.has(namedCurve)
        ? null
        : `the curve ${namedCurve ?? 'unknown'} is not accepted`;
    case 'ed25519':
      return null;
    default:
      return `keys of type ${key.asymmetricKeyType ?? 'unknown'} are not accepted`;
  }
}

function keyObject(spki: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

const acceptedCurves = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/**
 * Issues a client certificate for a request: its subject and SubjectAltName byte for byte, one year,
 * clientAuth. Returns DER.
 */
export function issueClientCertificate(
  issuer: CertificateAuthority,
  request: Pick<EndEntity, 'subject' | 'spki' | 'subjectAltName'>,
): Buffer {
  return issueEndEntity(issuer, { ...request, purposes: ['clientAuth'] });
}

/** The same request certified for a key nobody asked about: a fault for training. */
export function issueForAnotherKey(
  issuer: CertificateAuthority,
  request: Pick<EndEntity, 'subject' | 'subjectAltName'>,
): Buffer {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return issueClientCertificate(issuer, { ...request, spki: spkiOf(publicKey) });
}

function issueEndEntity(issuer: CertificateAuthority, entity: EndEntity): Buffer {
  const { subject, spki } = entity;
  const rsa = keyObject(spki)?.asymmetricKeyType === 'rsa';
  const emptySubject = subject.length === 2;
  return signCertificate(
    {
      subject,
      spki,
      ...(entity.validity ?? oneYear(issuer)),
      extensions: [
        endEntityConstraints(),
        keyUsage(rsa ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature']),
        extendedKeyUsage(entity.purposes),
        subjectKeyIdentifier(spki),
        authorityKeyIdentifier(issuer.spki),
        ...(entity.subjectAltName === null
          ? []
          : [subjectAltName(entity.subjectAltName, emptySubject)]),
      ],
    },
    issuer,
  );
}

/** From a few minutes ago, for clocks that lag, and never beyond the issuer's own end. */
function oneYear(issuer: CertificateAuthority): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  const issuerEnd = issuer.certificate.validToDate.getTime();
  return {
    notBefore: new Date(now - 5 * minute),
    notAfter: new Date(Math.min(now + year, issuerEnd)),
  };
}

/** How the practice server presents itself. */
interface ServerIdentity {
  readonly dnsNames: readonly string[];
  /** IP addresses, in text. */
  readonly addresses: readonly string[];
  readonly expired: boolean;
}

/** Makes a key (P-256) and a serverAuth certificate for it. */
export function makeServerCredential(
  authority: PracticeAuthority,
  identity: ServerIdentity,
): TlsCredential {
  const names = generalNames(identity.dnsNames, identity.addresses);
  const yesterday = Date.now() - 24 * 3600 * 1000 + minute;
  return makeCredential(authority, {
    subject: distinguishedName('EST Practice', identity.dnsNames[0] ?? 'EST server'),
    subjectAltName: names,
    purposes: ['serverAuth'],
    ...(identity.expired
      ? { validity: { notBefore: new Date(yesterday), notAfter: new Date(yesterday + minute) } }
      : {}),
  });
}

/**
 * Makes a software TLS client credential (P-256) that the practice CA trusts.
 * A registration authority's certificate (id-kp-cmcRA, RFC 7030 §3.3.1) may also submit the requests of other devices.
 */
export function makeClientCredential(
  authority: PracticeAuthority,
  commonName: string,
  registrationAuthority: boolean,
): TlsCredential {
  return makeCredential(authority, {
    subject: distinguishedName('EST Practice', commonName),
    subjectAltName: null,
    purposes: registrationAuthority ? ['clientAuth', 'cmcRA'] : ['clientAuth'],
  });
}

function makeCredential(
  authority: PracticeAuthority,
  entity: Omit<EndEntity, 'spki'>,
): TlsCredential {
  const { issuing } = authority;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const der = issueEndEntity(issuing, { ...entity, spki: spkiOf(publicKey) });
  return {
    keyPem: keyPem(privateKey),
    chainPem: new X509Certificate(der).toString() + issuing.certificate.toString(),
  };
}
