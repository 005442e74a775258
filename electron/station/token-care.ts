import { StationError } from '../../shared/errors/station-error.ts';
import type { TokenInfo } from '../../shared/token.ts';
import { certificatesFromPem } from '../pki/pem.ts';
import { generatedPin } from './generated-pin.ts';
import { contentsOf, type KeystoreContents } from './keystore-contents.ts';
import type { StationPorts, TokenPort } from './ports.ts';
import type { SecretSheet } from './secret-sheet.ts';

type Initialisation = Parameters<TokenPort['initialiseToken']>[0];

/** Which token is initialised with generated PINs; without slot and serial it is the only blank one. */
export type GeneratedInitialisation = Omit<Initialisation, 'pin' | 'soPin'> & {
  /** The present SO PIN of a token that is in use; null for a blank one, which gets a generated SO PIN. */
  readonly soPin: Uint8Array | null;
};

/** Tokens made ready and their PINs changed; everything is recorded, never a PIN. */
export class TokenCare {
  readonly #ports: StationPorts;

  constructor(ports: StationPorts) {
    this.#ports = ports;
  }

  /** Initialises a token and records who did it. @throws as `TokenBridge.initialiseToken` */
  async initialise(request: Initialisation): Promise<TokenInfo> {
    const token = await this.#ports.tokens.initialiseToken(request);
    const destroyed = request.destroyExisting ?? null;
    await this.#record('token.initialised', token, { destroyed });
    return token;
  }

  /**
   * Initialises a token with PINs made here, which stand on the sheet before the token gets them.
   * @throws StationError SHEET-01, SHEET-02, TOKEN-02, TOKEN-10, and as `initialise`.
   */
  async initialiseGenerated(
    request: GeneratedInitialisation,
    sheet: SecretSheet,
  ): Promise<TokenInfo> {
    const { soPin: given, ...target } = request;
    const token = await this.target(target);
    if (token.pinPad) {
      const detail = 'A token with a PIN pad takes its PINs there; they cannot be generated.';
      throw new StationError('USAGE-01', { detail });
    }
    const pin = generatedPin(token, 'user');
    const madeSoPin = token.initialised ? null : generatedPin(token, 'so');
    const soPin = madeSoPin ?? Uint8Array.from(given ?? []);
    try {
      const { label, module } = target;
      const row = { label, module, serial: token.serial, pin, soPin: madeSoPin };
      const entry = await sheet.plan(row);
      const made = await this.initialise({ ...target, pin, soPin });
      await sheet.settle(entry, made.serial);
      return made;
    } finally {
      pin.fill(0);
      soPin.fill(0);
    }
  }

  /**
   * The token that is meant, as it is now; without slot and serial the only blank one. No PIN is needed.
   * @throws StationError TOKEN-02, TOKEN-10, MODULE-….
   */
  async target(request: Pick<Initialisation, 'module' | 'slot' | 'serial'>): Promise<TokenInfo> {
    const { module, slot, serial } = request;
    const named = slot !== undefined || serial !== undefined;
    const tokens = await this.#ports.tokens.listTokens(module);
    const [only, another] = tokens.filter(
      (token) =>
        (slot === undefined || token.slot === slot) &&
        (serial === undefined || token.serial === serial) &&
        (named || !token.initialised),
    );
    const token = serial ?? (slot === undefined ? '(uninitialised)' : `slot ${slot}`);
    if (only === undefined) throw new StationError('TOKEN-02', { token });
    if (another !== undefined) throw new StationError('TOKEN-10', { token });
    return only;
  }

  /**
   * A secret sheet in the file `path`, which must not exist yet.
   * @param recipientPem certificate of who may read it.
   * @throws StationError PROFILE-06 for a damaged PEM, SHEET-02.
   */
  async openSheet(path: string, recipientPem: string): Promise<SecretSheet> {
    const [recipient] = certificatesFromPem(recipientPem);
    if (recipient === undefined) throw new StationError('SHEET-02', { detail: 'there is none' });
    // Loaded here: the library for CMS is large, and most runs need none.
    const { SecretSheet } = await import('./secret-sheet.ts');
    return new SecretSheet(this.#ports, path, recipient);
  }

  /** What can be seen on a token without a PIN: what initialising it would destroy. */
  async contents(module: string, { serial, label }: TokenInfo): Promise<KeystoreContents> {
    const selector = { serial, label };
    const opened = await this.#ports.tokens.openToken({ module, selector, pin: null });
    try {
      return { keystore: opened.name, entries: (await opened.entries()).map(contentsOf) };
    } finally {
      await opened.close();
    }
  }

  /** @throws as `TokenBridge.changePin` */
  async changePin(request: Parameters<TokenPort['changePin']>[0]): Promise<TokenInfo> {
    const token = await this.#ports.tokens.changePin(request);
    await this.#record('pin.changed', token, { whose: request.who });
    return token;
  }

  /** @throws as `TokenBridge.resetPin` */
  async resetPin(request: Parameters<TokenPort['resetPin']>[0]): Promise<TokenInfo> {
    const token = await this.#ports.tokens.resetPin(request);
    await this.#record('pin.reset', token, {});
    return token;
  }

  async #record(
    what: 'token.initialised' | 'pin.changed' | 'pin.reset',
    { label, serial, module }: TokenInfo,
    details: Readonly<Record<string, string | null>>,
  ): Promise<void> {
    await this.#ports.store.audit.append({
      at: this.#ports.clock.now().toISOString(),
      who: this.#ports.operator,
      what,
      token: `${label} (${serial})`,
      certificate: null,
      details: { module, ...details, station: this.#ports.station },
    });
  }
}
