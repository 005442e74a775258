import { resolve } from 'node:path';
import { StationError } from '../../shared/errors/station-error.ts';
import type { KeptPurpose, SecretPurpose, SecretSource, SecretStore } from './ports.ts';

/** A token's PIN is never held: it goes to the token at once. */
export type HeldPurpose = Exclude<SecretPurpose, 'token-pin' | 'tls-token-pin'>;

/** How a missing secret is named to a person, and the variable the command line reads it from. */
const names: Readonly<Record<HeldPurpose, { secret: string; variable: string }>> = {
  'http-password': { secret: 'HTTP password', variable: 'EST_STATION_PASSWORD' },
  'proxy-password': { secret: 'proxy password', variable: 'EST_STATION_PROXY_PASSWORD' },
  'tls-key-passphrase': { secret: 'TLS key passphrase', variable: 'EST_STATION_TLS_PIN' },
  'decryption-key-passphrase': {
    secret: 'decryption key passphrase',
    variable: 'EST_STATION_DECRYPT_PIN',
  },
  'key-encryption-key': { secret: 'key encryption key', variable: 'EST_STATION_KEK' },
  'keystore-passphrase': { secret: 'keystore passphrase', variable: 'EST_STATION_PIN' },
};

/**
 * Secrets a person gave for the next task. They live in the main process only, are replaced when given
 * again, and are zeroed when forgotten.
 */
export class HeldSecrets {
  readonly #secrets = new Map<HeldPurpose, Uint8Array>();
  readonly #source: SecretSource | null;
  readonly #store: SecretStore | null;

  constructor(source: SecretSource | null, store: SecretStore | null) {
    this.#source = source;
    this.#store = store;
  }

  /** Keeps a copy of `secret`; the caller still zeroes its own. */
  hold(purpose: HeldPurpose, secret: Uint8Array): void {
    this.#secrets.get(purpose)?.fill(0);
    this.#secrets.set(purpose, Uint8Array.from(secret));
  }

  /**
   * The held bytes themselves, asked for if need be; the borrower neither keeps nor changes them.
   * @throws StationError SECRET-01 when the secret was not given and there is nobody to ask.
   */
  async borrow(purpose: HeldPurpose, about: string): Promise<Uint8Array> {
    const held = this.#secrets.get(purpose);
    if (held) return held;
    if (this.#source === null) throw new StationError('SECRET-01', names[purpose]);
    const asked = await this.#source.ask(purpose, about);
    this.#secrets.set(purpose, asked);
    return asked;
  }

  /**
   * Has `open` try the passphrase of the software keystore at `path`: the one that was given, else the one kept on
   * this computer, else one that is asked for. A kept one that is refused is forgotten and never tried again.
   * @throws StationError SECRET-01 as `borrow`, SECRET-02 for a kept one that was refused, and what `open` throws
   */
  async openKeystore<Opened>(
    purpose: KeptPurpose,
    path: string,
    open: (passphrase: Uint8Array) => Promise<Opened>,
  ): Promise<Opened> {
    const kept = this.#secrets.has(purpose) ? null : await this.#kept(purpose, path);
    if (kept === null) return await open(await this.borrow(purpose, path));
    try {
      return await open(kept);
    } catch (error) {
      if (!(error instanceof StationError) || error.code !== 'PIN-07') throw error;
      await this.#store?.forget(purpose, resolve(path));
      throw new StationError('SECRET-02', { path }, { cause: error });
    } finally {
      kept.fill(0);
    }
  }

  async #kept(purpose: KeptPurpose, path: string): Promise<Uint8Array | null> {
    return (await this.#store?.read(purpose, resolve(path))) ?? null;
  }

  forget(): void {
    for (const secret of this.#secrets.values()) secret.fill(0);
    this.#secrets.clear();
  }
}
