import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { access, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StationError } from '../../shared/errors/station-error.ts';
import { makePrivateFolder } from '../private-folder.ts';
import { certificateNames } from './certificate-names.ts';
import { distinguishedName, type Signer, signCertificate } from './certificate-writer.ts';
import {
  authorityKeyIdentifier,
  caConstraints,
  keyUsage,
  subjectKeyIdentifier,
} from './extensions.ts';

const day = 24 * 3600 * 1000;
const rootLifetime = 20 * 365 * day;
const issuingLifetime = 10 * 365 * day;

/** A CA of the practice hierarchy, with its key in this process. */
export interface CertificateAuthority extends Signer {
  readonly certificate: X509Certificate;
  /** Subject of the certificate, DER. */
  readonly name: Buffer;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
}

/** Root and issuing CA of a practice server. */
export interface PracticeAuthority {
  readonly root: CertificateAuthority;
  readonly issuing: CertificateAuthority;
}

/** Where a practice CA keeps what it needs to come back after a restart. */
export function authorityFiles(dir: string) {
  return {
    rootCertificate: resolve(dir, 'root.pem'),
    rootKey: resolve(dir, 'root-key.pem'),
    issuingCertificate: resolve(dir, 'issuing.pem'),
    issuingKey: resolve(dir, 'issuing-key.pem'),
  };
}

/**
 * Opens the CA kept in `dir`, or makes a new one there when `dir` holds no root.pem.
 * Certificates are PEM, keys PKCS#8 PEM readable by their owner alone.
 * @throws StationError STORE-01 when the folder cannot be used or its files do not belong together.
 */
export async function openAuthority(dir: string): Promise<PracticeAuthority> {
  try {
    await makePrivateFolder(dir);
    const files = authorityFiles(dir);
    const present = await access(files.rootCertificate).then(
      () => true,
      () => false,
    );
    return present ? await load(files) : await save(files, makeAuthority());
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new StationError('STORE-01', { path: dir, detail }, { cause: error });
  }
}

/**
 * Makes a root CA (P-384) and the issuing CA below it (P-256), in memory.
 * Every hierarchy has a name of its own, so that two of them are never mistaken for each other.
 */
export function makeAuthority(now: Date = new Date()): PracticeAuthority {
  const mark = randomBytes(3).toString('hex').toUpperCase();
  const notBefore = new Date(now.getTime() - day);
  const rootKeys = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  const root = certify({
    name: distinguishedName('EST Practice', `Practice Root CA ${mark}`),
    keys: rootKeys,
    pathLength: 1,
    notBefore,
    notAfter: new Date(notBefore.getTime() + rootLifetime),
    signer: null,
  });
  const issuing = certify({
    name: distinguishedName('EST Practice', `Practice Issuing CA ${mark}`),
    keys: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
    pathLength: 0,
    notBefore,
    notAfter: new Date(notBefore.getTime() + issuingLifetime),
    signer: root,
  });
  return { root, issuing };
}

interface CaPlan {
  readonly name: Buffer;
  readonly keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  /** How many CA certificates may follow below. */
  readonly pathLength: number;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** null = self-signed. */
  readonly signer: CertificateAuthority | null;
}

function certify(plan: CaPlan): CertificateAuthority {
  const { name, keys } = plan;
  const spki = spkiOf(keys.publicKey);
  const der = signCertificate(
    {
      subject: name,
      spki,
      notBefore: plan.notBefore,
      notAfter: plan.notAfter,
      extensions: [
        caConstraints(plan.pathLength),
        keyUsage(['keyCertSign', 'cRLSign']),
        subjectKeyIdentifier(spki),
        authorityKeyIdentifier(plan.signer?.spki ?? spki),
      ],
    },
    plan.signer ?? { name, key: keys.privateKey },
  );
  return { name, spki, key: keys.privateKey, certificate: new X509Certificate(der) };
}

/** SubjectPublicKeyInfo of a public key, DER. */
export function spkiOf(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' });
}

type Files = ReturnType<typeof authorityFiles>;

/** root.pem is written last: its presence says that the rest is complete. */
async function save(files: Files, authority: PracticeAuthority): Promise<PracticeAuthority> {
  const { root, issuing } = authority;
  await writeFile(files.rootKey, keyPem(root.key), { mode: 0o600 });
  await writeFile(files.issuingKey, keyPem(issuing.key), { mode: 0o600 });
  await writeFile(files.issuingCertificate, issuing.certificate.toString());
  await writeFile(files.rootCertificate, root.certificate.toString());
  return authority;
}

async function load(files: Files): Promise<PracticeAuthority> {
  const root = await loadOne(files.rootCertificate, files.rootKey);
  const issuing = await loadOne(files.issuingCertificate, files.issuingKey);
  if (!issuing.certificate.verify(root.certificate.publicKey)) {
    throw new Error('issuing.pem was not signed by root.pem');
  }
  return { root, issuing };
}

async function loadOne(certificatePath: string, keyPath: string): Promise<CertificateAuthority> {
  const certificate = new X509Certificate(await readFile(certificatePath));
  const key = createPrivateKey(await readFile(keyPath));
  if (!certificate.checkPrivateKey(key)) {
    throw new Error(`${keyPath} is not the key of ${certificatePath}`);
  }
  const { subject } = certificateNames(certificate.raw);
  return { certificate, key, name: subject, spki: spkiOf(certificate.publicKey) };
}

/** PKCS#8 PEM of a private key. */
export function keyPem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}
