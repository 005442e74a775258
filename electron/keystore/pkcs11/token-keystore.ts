import type { KeyObject } from 'node:crypto';
import { StationError } from '../../../shared/errors/station-error.ts';
import type { KeyParameterSet, SignatureAlgorithm } from '../../../shared/profile.ts';
import type { TokenInfo } from '../../../shared/token.ts';
import type { KeyDescription, Keystore, KeystoreEntry } from '../keystore.ts';
import { type HostClient, pinPadMs, rsaGenerationMs } from './host-client.ts';
import type { CallResult } from './messages.ts';
import { tokenName } from './token-name.ts';

/** An open token: a keystore in a key process of its own. */
export class TokenKeystore implements Keystore {
  readonly kind = 'pkcs11';
  readonly token: TokenInfo;
  readonly #host: HostClient;
  readonly #onClose: () => void;
  readonly #pinForUse: (() => Promise<Uint8Array>) | null;
  #closing: Promise<void> | null = null;

  /** @param pinForUse asks a person for the PIN of one use of a key that wants it each time; null: nobody is there. */
  constructor(
    token: TokenInfo,
    host: HostClient,
    onClose: () => void,
    pinForUse: (() => Promise<Uint8Array>) | null,
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
    return described(await this.#host.call('generate-key-pair', { alias, parameterSet }, options));
  }

  async importKeyPair(alias: string, privateKey: KeyObject): Promise<KeyDescription> {
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
    const options = { secrets: [pkcs8] };
    return described(await this.#host.call('import-key-pair', { alias, pkcs8 }, options));
  }

  async sign(alias: string, algorithm: SignatureAlgorithm, data: Uint8Array): Promise<Buffer> {
    const call = (pin: Uint8Array | null) =>
      this.#host.call(
        'sign',
        { alias, algorithm, data, pin },
        {
          secrets: pin === null ? [] : [pin],
          ...(this.token.pinPad ? { deadline: pinPadMs } : {}),
        },
      );
    try {
      return asBuffer(await call(null));
    } catch (error) {
      const wantsPin = error instanceof StationError && error.code === 'PIN-10';
      if (!wantsPin || this.#pinForUse === null) throw error;
      return asBuffer(await call(await this.#pinForUse()));
    }
  }

  async signatureAlgorithms(alias: string): Promise<readonly SignatureAlgorithm[]> {
    return await this.#host.call('signature-algorithms', { alias });
  }

  async entries(): Promise<readonly KeystoreEntry[]> {
    const entries = await this.#host.call('entries', null);
    return entries.map(({ alias, key, certificate }) => ({
      alias,
      key: key === null ? null : described(key),
      certificate: certificate === null ? null : asBuffer(certificate),
    }));
  }

  async storeCertificate(alias: string, der: Uint8Array): Promise<void> {
    await this.#host.call('store-certificate', { alias, der });
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#host.call('rename', { from, to });
  }

  async remove(alias: string): Promise<void> {
    await this.#host.call('remove', { alias });
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  /** Asks for a logout, and ends the process whatever comes of it. */
  async #end(): Promise<void> {
    await this.#host.call('close', null).catch(() => undefined);
    this.#host.kill();
    this.#onClose();
  }
}

function described(key: CallResult<'generate-key-pair'>): KeyDescription {
  return { ...key, spki: asBuffer(key.spki) };
}

/** The same octets as a Buffer: channels turn Buffers into Uint8Arrays. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
