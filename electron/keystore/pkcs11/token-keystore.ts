import type { KeyObject } from 'node:crypto';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { KeyParameterSet, SignatureAlgorithm } from '../../../shared/profile.ts';
import type { TokenInfo } from '../../../shared/token.ts';
import type {
  BrokenCall,
  CallWitness,
  KeyDescription,
  Keystore,
  KeystoreEntry,
  PreparedUse,
} from '../keystore.ts';
import { type CallOptions, type HostClient, pinPadMs, rsaGenerationMs } from './host-client.ts';
import type { CallInput, CallName, CallResult } from './messages.ts';
import { tokenName } from './token-name.ts';

/** Asks a person for the PIN of one use, UTF-8; `signal` withdraws the question. */
type AskForUse = (token: TokenInfo, signal: AbortSignal | undefined) => Promise<Uint8Array>;

/** An open token: a keystore in a key process of its own. */
export class TokenKeystore implements Keystore {
  readonly kind = 'pkcs11';
  readonly token: TokenInfo;
  readonly #host: HostClient;
  readonly #onClose: () => void;
  readonly #pinForUse: AskForUse | null;
  #closing: Promise<void> | null = null;
  #witness: CallWitness | null = null;

  /** @param pinForUse for keys that want the PIN each time; null: nobody is there. */
  constructor(
    token: TokenInfo,
    host: HostClient,
    onClose: () => void,
    pinForUse: AskForUse | null,
  ) {
    this.#pinForUse = pinForUse;
    this.token = token;
    this.#host = host;
    this.#onClose = onClose;
  }

  get name(): string {
    return tokenName(this.token);
  }

  async generateKeyPair(alias: string, parameterSet: KeyParameterSet): Promise<KeyDescription> {
    const isRsa = /^\d+$/.test(parameterSet);
    const options = isRsa ? { deadline: rsaGenerationMs } : {};
    return described(await this.#call('generate-key-pair', { alias, parameterSet }, options));
  }

  async importKeyPair(alias: string, privateKey: KeyObject): Promise<KeyDescription> {
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
    const options = { secrets: [pkcs8] };
    return described(await this.#call('import-key-pair', { alias, pkcs8 }, options));
  }

  async sign(alias: string, algorithm: SignatureAlgorithm, data: Uint8Array): Promise<Buffer> {
    try {
      return await this.#signWith(null, { alias, algorithm, data });
    } catch (error) {
      const wantsPin = error instanceof StationError && error.code === 'PIN-10';
      if (!wantsPin || this.#pinForUse === null) throw error;
      const pin = await this.#askForUse();
      return await this.#signWith(pin, { alias, algorithm, data });
    }
  }

  async asksAtUse(alias: string): Promise<boolean> {
    return await this.#call('asks-at-use', { alias });
  }

  async prepareUse(alias: string): Promise<PreparedUse> {
    let pin = this.token.pinPad ? null : await this.#askForUse();
    return {
      sign: async (algorithm, data) => {
        const once = pin;
        pin = null;
        if (once === null) return await this.sign(alias, algorithm, data);
        return await this.#signWith(once, { alias, algorithm, data });
      },
      release: () => {
        pin?.fill(0);
        pin = null;
      },
    };
  }

  async #askForUse(): Promise<Uint8Array> {
    if (this.#pinForUse === null) throw new StationError('PIN-10');
    return await this.#pinForUse(this.token, this.#witness?.questions);
  }

  async #signWith(
    pin: Uint8Array | null,
    request: Omit<CallInput<'sign'>, 'pin'>,
  ): Promise<Buffer> {
    const options: CallOptions = {
      secrets: pin === null ? [] : [pin],
      ...(this.token.pinPad ? { deadline: pinPadMs } : {}),
    };
    return asBuffer(await this.#call('sign', { ...request, pin }, options));
  }

  async signatureAlgorithms(alias: string): Promise<readonly SignatureAlgorithm[]> {
    return await this.#call('signature-algorithms', { alias });
  }

  async entries(): Promise<readonly KeystoreEntry[]> {
    const entries = await this.#call('entries', null);
    return entries.map(({ alias, key, certificate }) => ({
      alias,
      key: key === null ? null : described(key),
      certificate: certificate === null ? null : asBuffer(certificate),
    }));
  }

  async storeCertificate(alias: string, der: Uint8Array): Promise<void> {
    await this.#call('store-certificate', { alias, der });
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#call('rename', { from, to });
  }

  async remove(alias: string): Promise<void> {
    await this.#call('remove', { alias });
  }

  attend(witness: CallWitness | null): void {
    this.#witness = witness;
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #call<N extends CallName>(
    call: N,
    input: CallInput<N>,
    options: CallOptions = {},
  ): Promise<CallResult<N>> {
    const witness = this.#witness;
    if (witness === null) return await this.#host.call(call, input, options);
    const about = { call, alias: aliasOf(input) };
    if (changing.has(call)) await witness.before(about);
    let told: BrokenCall | null = null;
    try {
      return await this.#host.call(call, input, {
        ...options,
        signal: witness.signal,
        broken: (where) => {
          told = { ...about, ...where };
        },
      });
    } finally {
      if (told !== null) await witness.broken(told);
    }
  }

  /** Asks for a logout, and ends the process whatever comes of it. */
  async #end(): Promise<void> {
    await this.#host.call('close', null).catch(() => undefined);
    this.#host.kill();
    this.#onClose();
  }
}

const changing: ReadonlySet<CallName> = new Set([
  'generate-key-pair',
  'import-key-pair',
  'store-certificate',
  'rename',
  'remove',
]);

/** The alias a call is about. */
function aliasOf(input: CallInput<CallName>): string | null {
  if (input === null) return null;
  if ('alias' in input) return input.alias;
  return 'from' in input ? input.from : null;
}

function described(key: CallResult<'generate-key-pair'>): KeyDescription {
  return { ...key, spki: asBuffer(key.spki) };
}

/** The same octets as a Buffer: channels turn Buffers into Uint8Arrays. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
