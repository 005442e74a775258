import 'reflect-metadata';
import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const hour = 3_600_000;

export const serverAuth = '1.3.6.1.5.5.7.3.1';
export const clientAuth = '1.3.6.1.5.5.7.3.2';
export const cmcRa = '1.3.6.1.5.5.7.3.28';

/** A certificate with its private key. */
export interface Identity {
  readonly der: Buffer;
  readonly pem: string;
  readonly key: KeyObject;
  readonly keyPem: string;
}

export type KeyKind = 'P-256' | 'P-384' | 'RSA';

/** What a certificate says; the rest is as an honest server's. */
export interface Contents {
  readonly commonName?: string;
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  readonly purposes?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Makes a CA certificate. */
  readonly ca?: boolean;
  /** Of the key the certificate is for; P-256 when left out. Issuers sign with P-256. */
  readonly keyKind?: KeyKind;
}

/** A CA of a test: makes certificates that are wrong in exactly one way. */
export class Authority {
  readonly identity: Identity;
  readonly #certificate: X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;

  private constructor(certificate: X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.#certificate = certificate;
    this.#keys = keys;
    this.identity = identityOf(certificate, keys);
  }

  static async root(commonName = 'Test Root', contents: Contents = {}): Promise<Authority> {
    const keys = await newKeys();
    const certificate = await generate({ commonName, ca: true, ...contents }, keys, null);
    return new Authority(certificate, keys);
  }

  async subordinate(commonName: string): Promise<Authority> {
    const keys = await newKeys();
    return new Authority(await generate({ commonName, ca: true }, keys, this.#issuer), keys);
  }

  async issue(contents: Contents = {}): Promise<Identity> {
    const keys = await newKeys(contents.keyKind);
    return identityOf(await generate(contents, keys, this.#issuer), keys);
  }

  get #issuer(): Issuer {
    return { name: this.#certificate.subject, key: this.#keys.privateKey };
  }
}

/** A certificate signed by its own key. */
export async function selfSigned(contents: Contents): Promise<Identity> {
  const keys = await newKeys();
  return identityOf(await generate(contents, keys, null), keys);
}

interface Issuer {
  readonly name: string;
  readonly key: webcrypto.CryptoKey;
}

function newKeys(kind: KeyKind = 'P-256'): Promise<webcrypto.CryptoKeyPair> {
  const usages = ['sign', 'verify'] as const;
  if (kind !== 'RSA') {
    return webcrypto.subtle.generateKey({ ...algorithm, namedCurve: kind }, true, usages);
  }
  const publicExponent = new Uint8Array([1, 0, 1]);
  const rsa = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent, hash: 'SHA-256' };
  return webcrypto.subtle.generateKey(rsa, true, usages);
}

function identityOf(certificate: X509Certificate, keys: webcrypto.CryptoKeyPair): Identity {
  const key = KeyObject.from(keys.privateKey);
  return {
    der: Buffer.from(certificate.rawData),
    pem: certificate.toString('pem'),
    key,
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function alternativeNames({ dns = [], ip = [] }: Contents): JsonGeneralName[] {
  return [
    ...dns.map((value) => ({ type: 'dns' as const, value })),
    ...ip.map((value) => ({ type: 'ip' as const, value })),
  ];
}

async function generate(
  contents: Contents,
  keys: webcrypto.CryptoKeyPair,
  issuer: Issuer | null,
): Promise<X509Certificate> {
  const { commonName = 'Test Server', ca = false, purposes = [serverAuth] } = contents;
  const names = alternativeNames(contents);
  const extensions: Extension[] = ca
    ? [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ]
    : [
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([...purposes]),
      ];
  if (names.length > 0) extensions.push(new SubjectAlternativeNameExtension(names));
  const name = `CN=${commonName}`;
  return X509CertificateGenerator.create(
    {
      serialNumber: `40${randomBytes(15).toString('hex')}`,
      subject: name,
      issuer: issuer?.name ?? name,
      notBefore: contents.notBefore ?? new Date(Date.now() - hour),
      notAfter: contents.notAfter ?? new Date(Date.now() + 24 * hour),
      publicKey: keys.publicKey,
      signingKey: issuer?.key ?? keys.privateKey,
      signingAlgorithm: algorithm,
      extensions,
    },
    webcrypto,
  );
}
