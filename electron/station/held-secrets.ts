import { StationError } from '../../shared/errors/station-error.ts';
import type { SecretPurpose, SecretSource } from './ports.ts';

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

  constructor(source: SecretSource | null) {
    this.#source = source;
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

  forget(): void {
    for (const secret of this.#secrets.values()) secret.fill(0);
    this.#secrets.clear();
  }
}
