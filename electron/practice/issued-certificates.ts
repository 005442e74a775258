import { X509Certificate } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StationError } from '../../shared/errors/station-error.ts';
import { readCertificate } from '../pki/certificate.ts';
import { keyIdentifier } from '../pki/public-key.ts';
import { certificateNames } from './certificate-names.ts';

/** What a re-enrollment is held against: SubjectAltName of an issued certificate, DER, null for none. */
export interface IssuedName {
  readonly subjectAltName: Buffer | null;
}

/**
 * Every client certificate the practice CA has issued, in `issued.pem`, oldest first.
 * Kept across restarts, so that a re-enrollment finds its predecessor.
 */
export class IssuedCertificates {
  readonly #path: string;
  readonly #bySubject = new Map<string, IssuedName[]>();
  /** DER by the key's identifier, the newest of each. */
  readonly #byKey = new Map<string, Buffer>();

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws StationError STORE-01 when issued.pem is there and cannot be read. */
  static async open(dir: string): Promise<IssuedCertificates> {
    const register = new IssuedCertificates(resolve(dir, 'issued.pem'));
    for (const der of await register.#readAll()) register.#remember(der);
    return register;
  }

  /** Writes a certificate (DER) down, before it is handed out. */
  async add(der: Buffer): Promise<void> {
    // First, so that the file never holds what cannot be read back.
    this.#remember(der);
    await appendFile(this.#path, new X509Certificate(der).toString());
  }

  /** Certificates issued so far to this subject (Name, DER), compared byte for byte. */
  ofSubject(subject: Uint8Array): readonly IssuedName[] {
    return this.#bySubject.get(keyOf(subject)) ?? [];
  }

  /** True when a certificate was issued for this key (SubjectPublicKeyInfo, DER). */
  knowsKey(spki: Uint8Array): boolean {
    return this.#byKey.has(keyIdentifier(spki));
  }

  /** The newest certificate (DER) for the key with this identifier (RFC 5280 §4.2.1.2, lower-case hex), or null. */
  certificateOf(identifier: string): Buffer | null {
    return this.#byKey.get(identifier) ?? null;
  }

  #remember(der: Buffer): void {
    const { subject, subjectAltName } = certificateNames(der);
    this.#byKey.set(keyIdentifier(readCertificate(der).spki), der);
    const key = keyOf(subject);
    const known = this.#bySubject.get(key) ?? [];
    known.push({ subjectAltName });
    this.#bySubject.set(key, known);
  }

  async #readAll(): Promise<Buffer[]> {
    try {
      const text = await readFile(this.#path, 'latin1').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
      return blocks.map((pem) => new X509Certificate(pem).raw);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new StationError('STORE-01', { path: this.#path, detail }, { cause: error });
    }
  }
}

function keyOf(subject: Uint8Array): string {
  return Buffer.from(subject).toString('latin1');
}
