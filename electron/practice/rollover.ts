import 'reflect-metadata';
import { generateKeyPairSync, type KeyObject, type X509Certificate } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension } from '@peculiar/x509';
import { StationError } from '../../shared/errors/station-error.ts';
import { certificateToPem } from '../pki/pem.ts';
import { makePrivateFolder } from '../private-folder.ts';
import {
  authorityFiles,
  type CertificateAuthority,
  keyPem,
  openAuthority,
  type PracticeAuthority,
  spkiOf,
} from './authority.ts';
import type { PracticeFault } from './practice.ts';
import { signedCertificate } from './signed-certificate.ts';

const day = 24 * 3600 * 1000;
const year = 365 * day;

/** A CA on its way from an old root to a new one of the same name (RFC 4210 §4.4). */
export interface Rollover {
  readonly former: PracticeAuthority;
  /** Issues from now on; root and issuing CA have the names of the former ones, and new keys. */
  readonly successor: PracticeAuthority;
  /** NewWithOld and OldWithNew, DER; a fault may leave the first out or spoil it. */
  readonly links: readonly Buffer[];
}

/** Where the new CA is kept, in the folder of the old one. */
export function rolloverFolder(dir: string): string {
  return resolve(dir, 'rollover');
}

/**
 * Opens the new CA kept beside the old one, or makes it.
 * @throws StationError STORE-01 when the folder cannot be used.
 */
export async function openRollover(
  dir: string,
  former: PracticeAuthority,
  faults: readonly PracticeFault[],
): Promise<Rollover> {
  const folder = rolloverFolder(dir);
  try {
    await makePrivateFolder(folder);
    const { rootCertificate } = authorityFiles(folder);
    const present = await access(rootCertificate).then(
      () => true,
      () => false,
    );
    if (!present) await makeSuccessor(folder, former);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new StationError('STORE-01', { path: folder, detail }, { cause: error });
  }
  const successor = await openAuthority(folder);
  const newWithOld = await proof(former.root, successor.root, faults);
  const oldWithNew = await caCertificate(former.root, successor.root, lifetime(year), 1);
  return {
    former,
    successor,
    links: newWithOld === null ? [oldWithNew] : [newWithOld, oldWithNew],
  };
}

/** Of the CAs that may have issued a client certificate the one that did; the first when none did. */
export function issuerOf(
  certificate: X509Certificate | null,
  { authority, rollover }: { authority: PracticeAuthority; rollover: Rollover | null },
): CertificateAuthority {
  const former = rollover?.former.issuing;
  const fromFormer = former !== undefined && certificate?.checkIssued(former.certificate) === true;
  return fromFormer ? former : authority.issuing;
}

async function proof(
  former: CertificateAuthority,
  successor: CertificateAuthority,
  faults: readonly PracticeFault[],
): Promise<Buffer | null> {
  if (faults.includes('rollover-unproven')) return null;
  const { privateKey: strange } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  const issuer = faults.includes('rollover-forged') ? { ...former, key: strange } : former;
  const ended = faults.includes('rollover-expired');
  return await caCertificate(successor, issuer, lifetime(ended ? -day / 2 : year), 1);
}

async function makeSuccessor(folder: string, former: PracticeAuthority): Promise<void> {
  const rootKeys = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  const issuingKeys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const root = candidate(former.root.name, rootKeys);
  const issuing = candidate(former.issuing.name, issuingKeys);
  const files = authorityFiles(folder);
  await writeFile(files.rootKey, keyPem(root.key), { mode: 0o600 });
  await writeFile(files.issuingKey, keyPem(issuing.key), { mode: 0o600 });
  const issuingDer = await caCertificate(issuing, root, lifetime(10 * year), 0);
  await writeFile(files.issuingCertificate, certificateToPem(issuingDer));
  // Last: its presence says that the rest is complete.
  const rootDer = await caCertificate(root, root, lifetime(20 * year), 1);
  await writeFile(files.rootCertificate, certificateToPem(rootDer));
}

/** A CA that has no certificate yet. */
type Candidate = Pick<CertificateAuthority, 'name' | 'key' | 'spki'>;

function candidate(
  name: Buffer,
  { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject },
): Candidate {
  return { name, key: privateKey, spki: spkiOf(publicKey) };
}

interface Lifetime {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** From yesterday until so many milliseconds from now. */
function lifetime(milliseconds: number): Lifetime {
  const now = Date.now();
  return { notBefore: new Date(now - day), notAfter: new Date(now + milliseconds) };
}

async function caCertificate(
  subject: Candidate,
  issuer: Candidate,
  validity: Lifetime,
  pathLength: number,
): Promise<Buffer> {
  return await signedCertificate(
    {
      subject: subject.name,
      spki: subject.spki,
      ...validity,
      extensions: [
        new BasicConstraintsExtension(true, pathLength, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    },
    issuer,
  );
}
