import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { KeystoreSelection, Pkcs11Selection, Profile } from '../../shared/profile.ts';
import type { TokenInfo } from '../../shared/token.ts';
import type { BrokenCall, Keystore } from '../keystore/keystore.ts';
import type { FileLock } from '../store/file-lock.ts';
import type { HeldSecrets } from './held-secrets.ts';
import { namedToken } from './named-token.ts';
import { refuseTarget } from './own-credentials.ts';
import type { SecretPurpose, StationPorts } from './ports.ts';
import { isToken, type OpenToken, type UnlockedTokens } from './unlocked-tokens.ts';

/** Who follows a token being opened. */
export interface Following {
  /** Aborted when nobody wants it any more: it ends in the middle of a call. */
  readonly signal?: AbortSignal;
  /** Hears of a call that ended together with its process. */
  broken?(call: BrokenCall, token: string): Promise<void>;
}

interface Unlocking {
  /** Milliseconds it may stay unlocked without work. */
  readonly keepMs?: number;
  /** Looks at the token before anything is asked. */
  readonly check?: (found: TokenInfo) => Promise<void>;
}

/** Opens the keystore of a profile and takes it back; a PIN is asked for and given to the token once. */
export class KeystoreOpening {
  readonly #ports: StationPorts;
  readonly #secrets: HeldSecrets;
  readonly #unlocked: UnlockedTokens;
  /** When the sessions of the station's own tokens end, by the clock's `elapsed`. */
  readonly #sessionEnds = new WeakMap<Keystore, number>();
  /** What keeps other stations from the tokens being worked on. */
  readonly #leases = new WeakMap<Keystore, FileLock>();

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

  /**
   * Opened for keys to be made and used; a token is unlocked.
   * @param own tokens with the station's own TLS keys: not taken for another, unless named in the same way.
   * @throws StationError PIN-08 when nobody can be asked, TOKEN-15 for the station's own token, TOKEN-16 when another
   *   station works on it: nothing was asked then. CANCEL-01.
   */
  async openForWork(
    { keystore }: Pick<Profile, 'keystore'>,
    own: readonly Pkcs11Selection[] = [],
    following: Following = {},
  ): Promise<Keystore> {
    if (keystore.kind === 'software') return await this.#openSoftware(keystore.path, true);
    const held = this.#unlocked.take(keystore);
    if (held === null) return await this.#unlockAlone(keystore, own, following);
    try {
      refuseTarget(own, keystore, held.token);
      this.#leases.set(held, await this.#ports.leases.take(held.token));
      return held;
    } catch (error) {
      await this.#unlocked.add(held, Math.max(1, this.#sessionMs(held)));
      throw error;
    }
  }

  /**
   * The token with the TLS client key, beside the one being enrolled.
   * @param sessionMinutes how long it may stay unlocked after work, from now; 0 ends with the work.
   * @throws StationError PIN-08 when nobody can be asked
   */
  async openForTls(
    selection: Pkcs11Selection,
    sessionMinutes: number,
    following: Following = {},
  ): Promise<OpenToken> {
    const held = this.#unlocked.take(selection);
    if (held !== null) return held;
    const keepMs = sessionMinutes * 60_000;
    const opened = await this.#unlock(selection, 'tls-token-pin', { ...following, keepMs });
    if (keepMs > 0) this.#sessionEnds.set(opened, this.#ports.clock.elapsed() + keepMs);
    return opened;
  }

  #prepareModule({ module, libraryParameters }: Pkcs11Selection): void {
    if (libraryParameters === undefined) return;
    this.#ports.tokens.setLibraryParameters(module, libraryParameters);
  }

  /** Takes the lease first, so that no PIN is asked for in vain. */
  async #unlockAlone(
    selection: Pkcs11Selection,
    own: readonly Pkcs11Selection[],
    following: Following,
  ): Promise<OpenToken> {
    const taken: FileLock[] = [];
    try {
      const check = async (found: TokenInfo) => {
        refuseTarget(own, selection, found);
        taken.push(await this.#ports.leases.take(found));
      };
      const opened = await this.#unlock(selection, 'token-pin', { ...following, check });
      for (const lease of taken) this.#leases.set(opened, lease);
      return opened;
    } catch (error) {
      for (const lease of taken) lease.release();
      throw error;
    }
  }

  /**
   * Looks at the token, tells its PIN's state, asks for the PIN and gives it to the token once.
   * @throws StationError TOKEN-01, 02, 04, 10, PIN-02, 03, 05, 08: nothing was asked then.
   */
  async #unlock(
    selection: Pkcs11Selection,
    purpose: Extract<SecretPurpose, 'token-pin' | 'tls-token-pin'>,
    { keepMs = 0, check, signal, broken }: Following & Unlocking,
  ): Promise<OpenToken> {
    const { module, token } = selection;
    const { secretSource, tokens } = this.#ports;
    if (secretSource === null) throw new StationError('PIN-08');
    const found = await namedToken(tokens, selection, signal);
    const name = `${found.label} (${found.serial})`;
    await check?.(found);
    if (!found.initialised) throw new StationError('TOKEN-04', { token: name });
    if (found.pinState === 'locked') throw new StationError('PIN-02');
    if (found.pinState === 'not-set') throw new StationError('PIN-05');
    const last = found.pinState === 'final';
    const finalTryConfirmed = last && ((await secretSource.confirmFinalTry?.(name)) ?? false);
    if (last && !finalTryConfirmed) throw new StationError('PIN-03');
    const about = found.pinState === 'low' ? `${name}, a wrong PIN was given before` : name;
    const pin = found.pinPad ? new Uint8Array() : await secretSource.ask(purpose, about);
    try {
      const request = { module, selector: token, pin, finalTryConfirmed, keepMs };
      const pinForUse = () => secretSource.ask(purpose, about);
      return await tokens.openToken({
        ...request,
        pinForUse,
        signal,
        broken: async (call) => await broken?.(call, name),
      });
    } finally {
      pin.fill(0);
    }
  }

  /** A token stays unlocked for the next try when the trouble was elsewhere: no second PIN for a server that was down. */
  async release(keystore: Keystore, { state, error }: EnrollmentRecord): Promise<void> {
    this.#free(keystore);
    const elsewhere = error !== null && !/^(?:TOKEN|MODULE|PIN|CERT)-/.test(error.code);
    const again = elsewhere && (state === 'failed' || state === 'refused' || state === 'pending');
    const sessionMs = elsewhere || error === null ? this.#sessionMs(keystore) : 0;
    if (sessionMs > 0 && isToken(keystore)) await this.#unlocked.add(keystore, sessionMs);
    else if (again && isToken(keystore)) await this.#unlocked.add(keystore);
    else await this.end(keystore);
  }

  /** Milliseconds the session of the station's own token may still last: counted from its PIN, not from its last use. */
  #sessionMs(keystore: Keystore): number {
    const ends = this.#sessionEnds.get(keystore);
    return ends === undefined ? 0 : ends - this.#ports.clock.elapsed();
  }

  /** Does work by hand; a token stays unlocked for the next step. @throws as `openForWork` */
  async working<Result>(
    keystore: KeystoreSelection,
    work: (opened: Keystore) => Promise<Result>,
    own: readonly Pkcs11Selection[] = [],
  ): Promise<Result> {
    const opened = await this.openForWork({ keystore }, own);
    try {
      return await work(opened);
    } finally {
      await this.#keep(opened);
    }
  }

  /** Closes what was opened for work. */
  async end(keystore: Keystore): Promise<void> {
    this.#free(keystore);
    await keystore.close();
  }

  async #keep(keystore: Keystore): Promise<void> {
    this.#free(keystore);
    if (isToken(keystore)) await this.#unlocked.add(keystore);
    else await this.end(keystore);
  }

  #free(keystore: Keystore): void {
    this.#leases.get(keystore)?.release();
    this.#leases.delete(keystore);
  }

  async #openSoftware(path: string, create: boolean): Promise<Keystore> {
    return await this.#secrets.openKeystore('keystore-passphrase', path, (passphrase) =>
      this.#ports.openSoftwareKeystore({ path, passphrase, create }),
    );
  }
}

/** The token a profile signs in to the server with; none for a key in a file. */
export function ownTokens({ tlsClientAuthentication }: Profile): readonly Pkcs11Selection[] {
  const { enabled, keystore } = tlsClientAuthentication;
  return enabled && keystore?.kind === 'pkcs11' ? [keystore] : [];
}
