import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { StationError } from '../../../shared/errors/station-error.ts';
import {
  allSignatureAlgorithms,
  type KeyParameterSet,
  type SignatureAlgorithm,
} from '../../../shared/profile.ts';
import { makeKeyPair } from '../../pki/key-pair.ts';
import { certificatesFromPem, certificateToPem } from '../../pki/pem.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import { fitsKeyType, signWithKey } from '../../pki/signature.ts';
import type { KeyDescription, Keystore, KeystoreEntry } from '../keystore.ts';
import { decryptKey, encryptKey, isEncryptedKey } from './encrypted-key.ts';
import { KeystoreFolder } from './keystore-folder.ts';

/** The file `keystore.check.pem`: a key never used, which proves the passphrase while there is no other. */
const checkName = 'keystore';

export interface SoftwareKeystoreLocation {
  /** The folder. */
  readonly path: string;
  /** UTF-8; copied, so that the caller zeroes its own. */
  readonly passphrase: Uint8Array;
}

/** A credential made elsewhere, to be placed under an alias. */
interface Credential {
  /** PKCS#8, PKCS#1 or SEC 1 PEM, encrypted or not. */
  readonly keyPem: string;
  /** For an encrypted key; UTF-8. */
  readonly keyPassphrase?: Uint8Array;
  /** The key's certificate first, then its issuers, PEM. */
  readonly certificatesPem: string;
}

/** A folder of encrypted keys: for TLS client keys, and for trying the station without a token. */
export interface SoftwareKeystore extends Keystore {
  readonly kind: 'software';
  /**
   * The private key itself, for TLS.
   * @throws StationError TOKEN-09 (none there), PIN-07 (another passphrase), KEYSTORE-01.
   */
  privateKey(alias: string): KeyObject;
  /** The certificates under the alias, DER, leaf first; empty when there are none. */
  certificateChain(alias: string): Buffer[];
  /** Stores certificates (DER, leaf first) under the alias, replacing what stood there. */
  storeChain(alias: string, certificates: readonly Uint8Array[]): Promise<void>;
  /**
   * Places an existing key and its certificates under `alias`, replacing what stood there.
   * @throws StationError KEYSTORE-01 when the key cannot be read or is not the first certificate's.
   */
  importCredential(alias: string, credential: Credential): Promise<KeyDescription>;
}

/**
 * Makes an empty keystore; the folder may exist but must hold no keystore yet.
 * @throws StationError KEYSTORE-01.
 */
export async function createSoftwareKeystore(
  location: SoftwareKeystoreLocation,
): Promise<SoftwareKeystore> {
  const folder = new KeystoreFolder(location.path);
  await folder.create();
  if (folder.read(checkName, 'check') !== null || folder.aliases().length > 0) {
    throw refusal(folder, 'there is a keystore already');
  }
  const { privateKey } = await makeKeyPair('prime256v1');
  const passphrase = Buffer.from(location.passphrase);
  await folder.write(checkName, 'check', encryptKey(privateKey, passphrase));
  return new FolderKeystore(folder, passphrase);
}

/**
 * Opens the keystore in the folder `path`.
 * @throws StationError KEYSTORE-01 (no keystore there, unreadable), PIN-07 (wrong passphrase).
 */
export async function openSoftwareKeystore(
  location: SoftwareKeystoreLocation,
): Promise<SoftwareKeystore> {
  const folder = new KeystoreFolder(location.path);
  folder.mustExist();
  const check = folder.read(checkName, 'check') ?? firstKey(folder);
  if (check === null) throw refusal(folder, 'there is no keystore in this folder');
  if (!isEncryptedKey(check)) throw refusal(folder, 'its passphrase check is damaged');
  const passphrase = Buffer.from(location.passphrase);
  if (decryptKey(check, passphrase) === null) {
    passphrase.fill(0);
    throw new StationError('PIN-07', { path: folder.path });
  }
  return new FolderKeystore(folder, passphrase);
}

/** A folder filled by other means has keys but no passphrase check. */
function firstKey(folder: KeystoreFolder): string | null {
  for (const alias of folder.aliases()) {
    const key = folder.read(alias, 'key');
    if (key !== null) return key;
  }
  return null;
}

function refusal(folder: KeystoreFolder, detail: string): StationError {
  return new StationError('KEYSTORE-01', { path: folder.path, detail });
}

class FolderKeystore implements SoftwareKeystore {
  readonly kind = 'software';
  readonly name: string;
  readonly #folder: KeystoreFolder;
  readonly #passphrase: Buffer;
  #closed = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: KeystoreFolder, passphrase: Buffer) {
    this.name = folder.path;
    this.#folder = folder;
    this.#passphrase = passphrase;
  }

  generateKeyPair(alias: string, parameterSet: KeyParameterSet): Promise<KeyDescription> {
    return this.#serially(async () => {
      const { privateKey } = await makeKeyPair(parameterSet);
      await this.#folder.write(alias, 'key', encryptKey(privateKey, this.#passphrase));
      return describe(alias, privateKey);
    });
  }

  importKeyPair(alias: string, privateKey: KeyObject): Promise<KeyDescription> {
    return this.#serially(async () => {
      await this.#folder.write(alias, 'key', encryptKey(privateKey, this.#passphrase));
      return describe(alias, privateKey);
    });
  }

  sign(alias: string, algorithm: SignatureAlgorithm, data: Uint8Array): Promise<Buffer> {
    return this.#serially(async () => {
      const key = this.privateKey(alias);
      if (!fitsKeyType(algorithm, key.asymmetricKeyType)) {
        throw new StationError('TOKEN-05', { mechanism: algorithm });
      }
      return signWithKey(key, algorithm, data);
    });
  }

  signatureAlgorithms(alias: string): Promise<readonly SignatureAlgorithm[]> {
    return this.#serially(async () => {
      const { asymmetricKeyType } = this.privateKey(alias);
      return allSignatureAlgorithms.filter((name) => fitsKeyType(name, asymmetricKeyType));
    });
  }

  entries(): Promise<readonly KeystoreEntry[]> {
    return this.#serially(async () =>
      this.#folder.aliases().map((alias) => ({
        alias,
        key: this.#hasKey(alias) ? describe(alias, this.privateKey(alias)) : null,
        certificate: this.certificateChain(alias)[0] ?? null,
      })),
    );
  }

  storeCertificate(alias: string, der: Uint8Array): Promise<void> {
    return this.#serially(() => this.#folder.write(alias, 'crt', certificateToPem(der)));
  }

  storeChain(alias: string, certificates: readonly Uint8Array[]): Promise<void> {
    const pem = certificates.map(certificateToPem).join('');
    return this.#serially(() => this.#folder.write(alias, 'crt', pem));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#serially(async () => {
      if (from === to) return;
      const [hasKey, hasCertificate] = [this.#hasKey(from), this.#hasCertificate(from)];
      if (!hasKey && !hasCertificate) {
        throw new StationError('TOKEN-09', { object: 'key pair', alias: from });
      }
      // A rename that was cut short has moved the certificate: repeated, it moves the key and keeps it.
      const resumed = !hasCertificate && this.#certificateFits(to, from);
      if (!resumed) await this.#folder.remove(to, 'crt');
      await this.#folder.move(from, to, 'crt');
      if (hasKey) await this.#folder.move(from, to, 'key');
      else await this.#folder.remove(to, 'key');
    });
  }

  remove(alias: string): Promise<void> {
    return this.#serially(async () => {
      await this.#folder.remove(alias, 'crt');
      await this.#folder.remove(alias, 'key');
    });
  }

  importCredential(alias: string, credential: Credential): Promise<KeyDescription> {
    return this.#serially(async () => {
      const key = this.#readForeignKey(credential);
      const chain = this.#certificates(credential.certificatesPem);
      const leaf = chain[0];
      if (leaf === undefined || !new X509Certificate(leaf).checkPrivateKey(key)) {
        throw refusal(this.#folder, 'the key does not belong to the first certificate');
      }
      await this.#folder.write(alias, 'crt', chain.map(certificateToPem).join(''));
      await this.#folder.write(alias, 'key', encryptKey(key, this.#passphrase));
      return describe(alias, key);
    });
  }

  privateKey(alias: string): KeyObject {
    if (this.#closed) throw new StationError('PIN-08');
    const pem = this.#folder.read(alias, 'key');
    if (pem === null) throw new StationError('TOKEN-09', { object: 'private key', alias });
    if (!isEncryptedKey(pem)) throw refusal(this.#folder, `the key ${alias} is damaged`);
    const key = decryptKey(pem, this.#passphrase);
    if (key === null) throw new StationError('PIN-07', { path: this.#folder.path });
    return key;
  }

  certificateChain(alias: string): Buffer[] {
    const pem = this.#folder.read(alias, 'crt');
    return pem === null ? [] : this.#certificates(pem);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
    this.#passphrase.fill(0);
  }

  #hasKey(alias: string): boolean {
    return this.#folder.read(alias, 'key') !== null;
  }

  #hasCertificate(alias: string): boolean {
    return this.#folder.read(alias, 'crt') !== null;
  }

  #certificateFits(certificateAlias: string, keyAlias: string): boolean {
    const leaf = this.certificateChain(certificateAlias)[0];
    if (leaf === undefined || !this.#hasKey(keyAlias)) return false;
    return new X509Certificate(leaf).checkPrivateKey(this.privateKey(keyAlias));
  }

  #certificates(pem: string): Buffer[] {
    try {
      return certificatesFromPem(pem);
    } catch (error) {
      const detail = StationError.from(error).params.detail ?? 'a certificate cannot be read';
      throw refusal(this.#folder, String(detail));
    }
  }

  #readForeignKey({ keyPem, keyPassphrase }: Credential): KeyObject {
    try {
      const passphrase =
        keyPassphrase === undefined ? {} : { passphrase: Buffer.from(keyPassphrase) };
      return createPrivateKey({ key: keyPem, format: 'pem', ...passphrase });
    } catch {
      throw refusal(this.#folder, 'the key to import cannot be read');
    }
  }

  #serially<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#closed) return Promise.reject(new StationError('PIN-08'));
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function describe(alias: string, privateKey: KeyObject): KeyDescription {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return { alias, spki, id: keyIdentifier(spki), generatedThere: false, notes: [] };
}
