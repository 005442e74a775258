import { StationError } from '../../shared/errors/station-error.ts';
import type { TokenInfo } from '../../shared/token.ts';
import { certificatesFromPem } from '../pki/pem.ts';
import { generatedPin } from './generated-pin.ts';
import { contentsOf, type KeystoreContents } from './keystore-contents.ts';
import { namedToken } from './named-token.ts';
import { ownCredentials, refuseInitialising } from './own-credentials.ts';
import type { StationPorts, TokenPort } from './ports.ts';
import type { SecretSheet } from './secret-sheet.ts';

type Initialisation = Parameters<TokenPort['initialiseToken']>[0];
type InitialPins = Pick<Initialisation, 'pin' | 'soPin'>;
/** Which token is initialised; without slot and serial it is the only blank one. */
export type InitialisationOrder = Omit<Initialisation, keyof InitialPins>;

type PinChange = Parameters<TokenPort['changePin']>[0];
type PinReset = Parameters<TokenPort['resetPin']>[0];
type ChangedPins = Pick<PinChange, 'oldPin' | 'newPin'>;
type ResetPins = Pick<PinReset, 'soPin' | 'newPin'>;

/**
 * Tokens made ready and their PINs changed; everything is recorded, never a PIN. PINs are asked for when nobody else
 * works on the token and nothing known stands in the way; who receives them zeroes them.
 */
export class TokenCare {
  readonly #ports: StationPorts;

  constructor(ports: StationPorts) {
    this.#ports = ports;
  }

  /**
   * Initialises a token and records who did it.
   * @throws StationError TOKEN-16, TOKEN-17 and as `target`; as `TokenBridge.initialiseToken`
   */
  async initialise(
    order: InitialisationOrder,
    pins: () => Promise<InitialPins>,
  ): Promise<TokenInfo> {
    const token = await this.target(order);
    return await this.#alone(token, async () => this.#initialise({ ...order, ...(await pins()) }));
  }

  /**
   * Initialises a token with PINs made here, which stand on the sheet before the token gets them.
   * @param presentSoPin asks for the SO PIN of a token that is in use; a blank one gets a generated one.
   * @throws StationError SHEET-01, SHEET-02, and as `initialise`.
   */
  async initialiseGenerated(
    order: InitialisationOrder,
    presentSoPin: () => Promise<Uint8Array>,
    sheet: SecretSheet,
  ): Promise<TokenInfo> {
    const token = await this.target(order);
    if (token.pinPad) {
      const detail = 'A token with a PIN pad takes its PINs there; they cannot be generated.';
      throw new StationError('USAGE-01', { detail });
    }
    return await this.#alone(token, async () => {
      const pin = generatedPin(token, 'user');
      const madeSoPin = token.initialised ? null : generatedPin(token, 'so');
      const soPin = madeSoPin ?? (await presentSoPin());
      try {
        const { label, module } = order;
        const row = { label, module, serial: token.serial, pin, soPin: madeSoPin };
        const entry = await sheet.plan(row);
        const made = await this.#initialise({ ...order, pin, soPin });
        await sheet.settle(entry, made.serial);
        return made;
      } finally {
        pin.fill(0);
        soPin.fill(0);
      }
    });
  }

  async #initialise(request: Initialisation): Promise<TokenInfo> {
    const token = await this.#ports.tokens.initialiseToken(request);
    const destroyed = request.destroyExisting ?? null;
    await this.#record('token.initialised', token, { destroyed });
    return token;
  }

  /** Keeps every other station from the token meanwhile. @throws StationError TOKEN-16 */
  async #alone(token: TokenInfo, work: () => Promise<TokenInfo>): Promise<TokenInfo> {
    const lease = await this.#ports.leases.take(token);
    try {
      return await work();
    } finally {
      lease.release();
    }
  }

  /**
   * The token that is meant, as it is now; without slot and serial the only blank one. No PIN is needed.
   * @throws StationError TOKEN-02, TOKEN-10, MODULE-…, TOKEN-17 for one that holds a credential of the station's.
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
    refuseInitialising(await ownCredentials(this.#ports.store), only);
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

  /** @throws StationError TOKEN-16, and as `TokenBridge.changePin` */
  async changePin(
    order: Omit<PinChange, keyof ChangedPins>,
    pins: () => Promise<ChangedPins>,
  ): Promise<TokenInfo> {
    return await this.#alone(await this.#named(order), async () => {
      const token = await this.#ports.tokens.changePin({ ...order, ...(await pins()) });
      await this.#record('pin.changed', token, { whose: order.who });
      return token;
    });
  }

  /** @throws StationError TOKEN-16, and as `TokenBridge.resetPin` */
  async resetPin(
    order: Omit<PinReset, keyof ResetPins>,
    pins: () => Promise<ResetPins>,
  ): Promise<TokenInfo> {
    return await this.#alone(await this.#named(order), async () => {
      const token = await this.#ports.tokens.resetPin({ ...order, ...(await pins()) });
      await this.#record('pin.reset', token, {});
      return token;
    });
  }

  async #named({ module, selector }: Pick<PinReset, 'module' | 'selector'>): Promise<TokenInfo> {
    return await namedToken(this.#ports.tokens, { kind: 'pkcs11', module, token: selector });
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
