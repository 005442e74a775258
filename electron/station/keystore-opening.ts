import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { Pkcs11Selection, Profile } from '../../shared/profile.ts';
import type { Keystore } from '../keystore/keystore.ts';
import type { HeldSecrets } from './held-secrets.ts';
import type { SecretPurpose, StationPorts } from './ports.ts';
import { isToken, type OpenToken, type UnlockedTokens } from './unlocked-tokens.ts';

/** Opens the keystore of a profile and takes it back; a PIN is asked for and given to the token once. */
export class KeystoreOpening {
  readonly #ports: StationPorts;
  readonly #secrets: HeldSecrets;
  readonly #unlocked: UnlockedTokens;

  constructor(ports: StationPorts, secrets: HeldSecrets, unlocked: UnlockedTokens) {
    this.#ports = ports;
    this.#secrets = secrets;
    this.#unlocked = unlocked;
  }

  /** A token is read in a public session, without its PIN. */
  async openForReading({ keystore }: Pick<Profile, 'keystore'>): Promise<Keystore> {
    if (keystore.kind === 'software') return await this.#openSoftware(keystore.path, false);
    this.#prepareModule(keystore);
    const { module, token } = keystore;
    return await this.#ports.tokens.openToken({ module, selector: token, pin: null });
  }

  /** Opened for keys to be made and used; a token is unlocked. @throws StationError PIN-08 when nobody can be asked */
  async openForWork({ keystore }: Pick<Profile, 'keystore'>): Promise<Keystore> {
    if (keystore.kind === 'software') return await this.#openSoftware(keystore.path, true);
    return this.#unlocked.take(keystore) ?? (await this.#unlock(keystore, 'token-pin'));
  }

  /** The token with the TLS client key, beside the one being enrolled. @throws StationError PIN-08 when nobody can be asked */
  async openForTls(selection: Pkcs11Selection): Promise<OpenToken> {
    return this.#unlocked.take(selection) ?? (await this.#unlock(selection, 'tls-token-pin'));
  }

  #prepareModule({ module, libraryParameters }: Pkcs11Selection): void {
    if (libraryParameters === undefined) return;
    this.#ports.tokens.setLibraryParameters(module, libraryParameters);
  }

  /** Asks for the PIN and gives it to the token once. */
  async #unlock(
    selection: Pkcs11Selection,
    purpose: Extract<SecretPurpose, 'token-pin' | 'tls-token-pin'>,
  ): Promise<OpenToken> {
    this.#prepareModule(selection);
    const { module, token } = selection;
    const { secretSource, tokens } = this.#ports;
    if (secretSource === null) throw new StationError('PIN-08');
    const pin = await secretSource.ask(purpose, token.label ?? token.serial ?? module);
    try {
      return await tokens.openToken({ module, selector: token, pin });
    } finally {
      pin.fill(0);
    }
  }

  /** A token stays unlocked for the next try when the trouble was elsewhere: no second PIN for a server that was down. */
  async release(keystore: Keystore, { state, error }: EnrollmentRecord): Promise<void> {
    const elsewhere = error !== null && !/^(?:TOKEN|MODULE|PIN|CERT)-/.test(error.code);
    const again = elsewhere && (state === 'failed' || state === 'refused' || state === 'pending');
    if (again && isToken(keystore)) await this.#unlocked.add(keystore);
    else await keystore.close();
  }

  /** Takes the keystore back after work by hand: a token stays unlocked for the next step. */
  async keep(keystore: Keystore): Promise<void> {
    if (isToken(keystore)) await this.#unlocked.add(keystore);
    else await keystore.close();
  }

  async #openSoftware(path: string, create: boolean): Promise<Keystore> {
    const passphrase = await this.#secrets.borrow('keystore-passphrase', path);
    return await this.#ports.openSoftwareKeystore({ path, passphrase, create });
  }
}
