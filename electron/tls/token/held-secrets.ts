import { alerts, TlsFailure } from './failure.ts';

/** Secrets that are zeroed together. */
export class HeldSecrets {
  readonly #secrets: Uint8Array[] = [];
  #wiped = false;

  /** @returns the secret itself. */
  hold<T extends Uint8Array>(secret: T): T {
    this.#secrets.push(secret);
    return secret;
  }

  /** @throws TlsFailure internal_error when they were zeroed: nothing is derived from zeros. */
  demand(): void {
    if (this.#wiped) throw new TlsFailure(alerts.internalError, 'the secrets are gone');
  }

  wipe(): void {
    this.#wiped = true;
    for (const secret of this.#secrets) secret.fill(0);
  }
}
