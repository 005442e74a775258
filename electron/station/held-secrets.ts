/** What a held secret is for. */
export type SecretPurpose = 'http-password' | 'tls-key-passphrase' | 'keystore-passphrase';

/**
 * Secrets a person gave for the next task. They live in the main process only, are replaced when given
 * again, and are zeroed when forgotten.
 */
export class HeldSecrets {
  readonly #secrets = new Map<SecretPurpose, Uint8Array>();

  /** Keeps a copy of `secret`; the caller still zeroes its own. */
  hold(purpose: SecretPurpose, secret: Uint8Array): void {
    this.#secrets.get(purpose)?.fill(0);
    this.#secrets.set(purpose, Uint8Array.from(secret));
  }

  /** The held bytes themselves, or null; the borrower neither keeps nor changes them. */
  borrow(purpose: SecretPurpose): Uint8Array | null {
    return this.#secrets.get(purpose) ?? null;
  }

  forget(): void {
    for (const secret of this.#secrets.values()) secret.fill(0);
    this.#secrets.clear();
  }
}
