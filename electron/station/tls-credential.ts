import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { Pkcs11Selection, Profile } from '../../shared/profile.ts';
import type { ExchangeOptions } from '../est/exchange.ts';
import { aliases, type CallWitness, type Keystore } from '../keystore/keystore.ts';
import type { HeldSecrets } from './held-secrets.ts';
import type { Following, KeystoreOpening } from './keystore-opening.ts';
import type { StationPorts } from './ports.ts';
import { tokenCredential } from './token-credential.ts';
import { isToken, namesToken } from './unlocked-tokens.ts';

type Credential = ExchangeOptions['credential'];

/**
 * The TLS client credential of one enrollment. It is opened once, before anything is connected: a server would not
 * wait for a PIN. A token that is being enrolled itself is used as it is open; another one is opened beside it.
 */
export class TlsCredential {
  readonly #ports: StationPorts;
  readonly #profile: Profile;
  readonly #secrets: HeldSecrets;
  readonly #keystores: KeystoreOpening;
  readonly #following: Following;
  #credential: Promise<Credential> | null = null;
  #own: Keystore | null = null;

  constructor(
    ports: StationPorts,
    profile: Profile,
    secrets: HeldSecrets,
    keystores: KeystoreOpening,
    following: Following,
  ) {
    this.#following = following;
    this.#ports = ports;
    this.#profile = profile;
    this.#secrets = secrets;
    this.#keystores = keystores;
  }

  /**
   * @param enrolling the keystore that is being enrolled, unlocked.
   * @returns null when the profile has none.
   * @throws StationError SECRET-01 without a passphrase, SECRET-02, PIN-…, TOKEN-…, MODULE-…, TLS-05, PROFILE-02 for the alias
   *   of the request key, which a new key would replace.
   */
  async open(enrolling: Keystore): Promise<Credential> {
    this.#credential ??= this.#open(enrolling);
    return await this.#credential;
  }

  /** Gives a token of its own back, as `KeystoreOpening.release` does with the enrolled one. */
  async release(record: EnrollmentRecord): Promise<void> {
    const own = this.#own;
    this.#own = null;
    own?.attend?.(null);
    if (own !== null) await this.#keystores.release(own, record);
  }

  /** Cancelling withdraws a question for the PIN; a signature under way is waited for, or the card's login would end. */
  #witness({ name }: Keystore): CallWitness {
    const { signal, broken } = this.#following;
    return {
      signal: undefined,
      questions: signal,
      before: async () => undefined,
      broken: async (call) => await broken?.(call, name),
    };
  }

  async #open(enrolling: Keystore): Promise<Credential> {
    const { enabled, keystore, alias } = this.#profile.tlsClientAuthentication;
    if (!enabled || keystore === null) return null;
    return keystore.kind === 'pkcs11'
      ? await this.#fromToken(enrolling, keystore, alias)
      : await this.#fromFolder(keystore.path, alias);
  }

  async #fromToken(
    enrolling: Keystore,
    selection: Pkcs11Selection,
    alias: string,
  ): Promise<Credential> {
    if (isToken(enrolling) && namesToken(selection, enrolling.token)) {
      if (alias === aliases.requestKey) {
        const problems = `tlsClientAuthentication.alias must not be ${alias} on the token that is enrolled: a new key replaces what is there`;
        throw new StationError('PROFILE-02', { problems });
      }
      return await tokenCredential(enrolling, alias);
    }
    const { sessionPinMinutes } = this.#profile.lifecycle;
    const own = await this.#keystores.openForTls(selection, sessionPinMinutes, this.#following);
    this.#own = own;
    own.attend?.(this.#witness(own));
    return await tokenCredential(own, alias);
  }

  async #fromFolder(path: string, alias: string): Promise<Credential> {
    const opened = await this.#secrets.openKeystore('tls-key-passphrase', path, (passphrase) =>
      this.#ports.openSoftwareKeystore({ path, passphrase, create: false }),
    );
    try {
      return {
        kind: 'software',
        key: opened.privateKey(alias),
        chain: opened.certificateChain(alias),
      };
    } finally {
      await opened.close();
    }
  }
}
