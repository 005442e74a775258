import type { KeyObject } from 'node:crypto';
import { StationError } from '../../shared/errors/station-error.ts';
import type { KeystoreSelection, Profile } from '../../shared/profile.ts';
import type { Keystore } from '../keystore/keystore.ts';
import type { SoftwareKeystore } from '../keystore/software/software-keystore.ts';
import { readCertificate } from '../pki/certificate.ts';
import { encryptedKeyToPem } from '../pki/pem.ts';
import { writeEncryptedKey } from '../pki/pkcs12/encrypted-key.ts';
import { writePkcs12 } from '../pki/pkcs12/writer.ts';
import { sameKey } from '../pki/public-key.ts';
import { readKeyFile } from './key-file.ts';
import type { KeystoreOpening } from './keystore-opening.ts';
import { ownCredentials } from './own-credentials.ts';
import type { StationPorts } from './ports.ts';

/** What an import put under the alias. */
export interface ImportedKey {
  readonly keystore: string;
  readonly alias: string;
  /** Identifier of the key, lower-case hex. */
  readonly keyId: string;
  /** How many certificates came with it: its own and those above. */
  readonly certificates: number;
}

/** Keys that come as a file from elsewhere, and leave a software keystore as one. */
export class KeyTransfer {
  readonly #ports: StationPorts;
  readonly #keystores: KeystoreOpening;

  constructor(ports: StationPorts, keystores: KeystoreOpening) {
    this.#ports = ports;
    this.#keystores = keystores;
  }

  /**
   * Puts the key of a file, with its certificates, under an alias where nothing stands yet; reads them back.
   * @param file PKCS#12, or an encrypted PKCS#8 with or without certificates in PEM.
   * @param password UTF-8.
   * @param profile the keystore's, where it is at hand.
   * @throws StationError KEYFILE-01…03, OBJECT-03, CERT-04, CERT-05, TOKEN-05, TOKEN-12, TOKEN-15 for a card
   *   of the station's own that is meant by other words, and what opening throws.
   */
  async import(
    selection: KeystoreSelection,
    alias: string,
    file: Uint8Array,
    password: Uint8Array,
    profile: Profile | null = null,
  ): Promise<ImportedKey> {
    const { key, spki, certificates } = readKeyFile(file, password);
    const own = (await ownCredentials(this.#ports.store, profile)).map((one) => one.selection);
    const put = async (keystore: Keystore): Promise<ImportedKey> => {
      if ((await keystore.entries()).some((entry) => entry.alias === alias)) {
        throw new StationError('OBJECT-03', { alias });
      }
      const { id } = await keystore.importKeyPair(alias, key);
      await storeChain(keystore, alias, certificates);
      await demandWritten(keystore, alias, spki, certificates[0] ?? null);
      await this.#record('key.imported', keystore, alias, certificates[0] ?? null);
      return { keystore: keystore.name, alias, keyId: id, certificates: certificates.length };
    };
    return await this.#keystores.working(selection, put, own);
  }

  /**
   * A private key of a software keystore with its certificates, protected by a password.
   * @param password UTF-8.
   * @returns PKCS#12, or encrypted PKCS#8 and certificates in PEM.
   * @throws StationError KEYFILE-04 for a token, TOKEN-09.
   */
  async export(
    selection: KeystoreSelection,
    alias: string,
    form: 'p12' | 'pkcs8',
    password: Uint8Array,
  ): Promise<Buffer> {
    if (selection.kind === 'pkcs11') {
      throw new StationError('KEYFILE-04', { alias, keystore: selection.module });
    }
    return await this.#keystores.working(selection, async (keystore) => {
      if (!isSoftware(keystore)) {
        throw new StationError('KEYFILE-04', { alias, keystore: keystore.name });
      }
      const certificates = keystore.certificateChain(alias);
      const pkcs8 = privateKeyInfo(keystore.privateKey(alias));
      try {
        const written =
          form === 'p12'
            ? writePkcs12({ key: pkcs8, name: alias, certificates }, password)
            : encryptedKeyToPem(writeEncryptedKey(pkcs8, password), certificates);
        await this.#record('key.exported', keystore, alias, certificates[0] ?? null);
        return Buffer.from(written);
      } finally {
        pkcs8.fill(0);
      }
    });
  }

  async #record(
    what: 'key.imported' | 'key.exported',
    keystore: Keystore,
    alias: string,
    certificate: Buffer | null,
  ): Promise<void> {
    await this.#ports.store.audit.append({
      at: this.#ports.clock.now().toISOString(),
      who: this.#ports.operator,
      what,
      token: keystore.name,
      certificate: certificate === null ? null : readCertificate(certificate).fingerprint,
      details: { alias, station: this.#ports.station },
    });
  }
}

function isSoftware(keystore: Keystore): keystore is SoftwareKeystore {
  return keystore.kind === 'software' && 'privateKey' in keystore;
}

/** A software keystore keeps the whole chain under one alias; a token gets the key's own certificate. */
async function storeChain(
  keystore: Keystore,
  alias: string,
  certificates: readonly Buffer[],
): Promise<void> {
  const [own] = certificates;
  if (own === undefined) return;
  if (isSoftware(keystore)) await keystore.storeChain(alias, certificates);
  else await keystore.storeCertificate(alias, own);
}

async function demandWritten(
  keystore: Keystore,
  alias: string,
  spki: Buffer,
  certificate: Buffer | null,
): Promise<void> {
  const entry = (await keystore.entries()).find((found) => found.alias === alias);
  if (!entry?.key || !sameKey(entry.key.spki, spki)) {
    throw new StationError('CERT-05', { keystore: keystore.name });
  }
  if (certificate !== null && !entry.certificate?.equals(certificate)) {
    throw new StationError('CERT-04', { keystore: keystore.name });
  }
}

/** PrivateKeyInfo in octets of our own, which the caller zeroes. */
function privateKeyInfo(key: KeyObject): Buffer {
  return key.export({ type: 'pkcs8', format: 'der' });
}
