import { resolve } from 'node:path';
import type { Pkcs11Selection } from '../../shared/profile.ts';
import type { TokenInfo } from '../../shared/token.ts';
import type { Keystore } from '../keystore/keystore.ts';

export type OpenToken = Keystore & { readonly token: TokenInfo };

/** True for a keystore that is a token. */
export function isToken(keystore: Keystore): keystore is OpenToken {
  return keystore.kind === 'pkcs11' && 'token' in keystore;
}

/** Whether a profile's selection means this token. */
export function namesToken({ module, token: wanted }: Pkcs11Selection, token: TokenInfo): boolean {
  const { serial, label } = wanted;
  return (
    resolve(module) === resolve(token.module) &&
    (serial === undefined || serial === token.serial) &&
    (label === undefined || label === token.label)
  );
}

/** Milliseconds an unlocked token stays usable without work. */
export const unlockedForMs = 5 * 60_000;

/**
 * Tokens a person has unlocked in the window, waiting for their enrollment.
 * A token is logged out when its work is done or after five idle minutes, the station's own after the session the
 * profile allows; the PIN itself is never kept.
 */
export class UnlockedTokens {
  readonly #tokens = new Map<string, { keystore: OpenToken; timer: NodeJS.Timeout }>();

  /** @param forMs milliseconds it may wait. */
  async add(keystore: OpenToken, forMs = unlockedForMs): Promise<void> {
    const key = tokenKey(keystore.token);
    await this.#release(key);
    const timer = setTimeout(() => void this.#release(key), forMs);
    timer.unref();
    this.#tokens.set(key, { keystore, timer });
  }

  /** Hands the unlocked token over to the caller, who closes it or gives it back; null when there is none. */
  take(selection: Pkcs11Selection): OpenToken | null {
    for (const [key, { keystore, timer }] of this.#tokens) {
      if (!namesToken(selection, keystore.token)) continue;
      clearTimeout(timer);
      this.#tokens.delete(key);
      return keystore;
    }
    return null;
  }

  /** Logs the tokens of a module out: one of them is going to be initialised, which ends its session in all but name. */
  async closeModule(module: string): Promise<void> {
    const own = [...this.#tokens].filter(
      ([, { keystore }]) => resolve(keystore.token.module) === resolve(module),
    );
    await Promise.all(own.map(([key]) => this.#release(key)));
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#tokens.keys()].map((key) => this.#release(key)));
  }

  async #release(key: string): Promise<void> {
    const held = this.#tokens.get(key);
    if (!held) return;
    clearTimeout(held.timer);
    this.#tokens.delete(key);
    await held.keystore.close();
  }
}

/** A token's identity is module, serial and label together: serials alone are not unique. */
function tokenKey(token: TokenInfo): string {
  return JSON.stringify([token.module, token.serial, token.label]);
}
