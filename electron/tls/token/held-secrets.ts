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

/**
 * Runs a handshake and zeroes its secrets: those of the handshake in any case, those of the connection when none came
 * about.
 * @param run `passing` gets the secrets of the handshake, `lasting` those of the connection.
 */
export async function holdingSecrets<Result>(
  run: (passing: HeldSecrets, lasting: HeldSecrets) => Promise<Result>,
): Promise<Result> {
  const passing = new HeldSecrets();
  const lasting = new HeldSecrets();
  try {
    return await run(passing, lasting);
  } catch (error) {
    lasting.wipe();
    throw error;
  } finally {
    passing.wipe();
  }
}
