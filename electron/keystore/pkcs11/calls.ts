import { setTimeout as pause } from 'node:timers/promises';
import { StationError } from '../../../shared/errors/station-error.ts';
import { entries, remove, rename } from './aliases.ts';
import { storeCertificate } from './certificate-object.ts';
import { importKeyPair } from './key-import.ts';
import { generateKeyPair } from './key-pair.ts';
import { keyGenerations, signatureMakings } from './mechanisms.ts';
import type { CallInput, CallName, CallResult } from './messages.ts';
import { loadModule, type Module, restartModule } from './module.ts';
import { readModuleInfo } from './module-info.ts';
import { changePin, resetPin } from './pin-administration.ts';
import { loginUser } from './pin-guard.ts';
import { type CallContext, mayMeanRemoval, returnCodeOf, stationErrorFor } from './return-codes.ts';
import { closeSession, openSession, type Session } from './session.ts';
import { sign, signatureAlgorithms } from './signing.ts';
import { forgetSigningKeys, signingKey } from './signing-key.ts';
import { isOccupied, isReader, tokensOf } from './slot.ts';
import { describeTokens } from './token-details.ts';
import { initialiseToken } from './token-initialisation.ts';
import { selectorName, tokenName } from './token-name.ts';

type Handlers = {
  [N in CallName]: (input: CallInput<N>) => CallResult<N> | Promise<CallResult<N>>;
};

/** The calls of one key process: one module, at most one session, one call after the other. */
export class Calls {
  #module: Module | null = null;
  #session: Session | null = null;
  #loggedIn = false;
  readonly #tell: (name: string) => void;

  /** @param tell hears of each PKCS#11 function that may not come back, before it is called. */
  constructor(tell: (name: string) => void) {
    this.#tell = tell;
  }

  readonly #handlers: Handlers = {
    start: async ({ module, libraryParameters }) => {
      this.#module = await loadModule(module, libraryParameters, this.#tell);
      return null;
    },
    'module-info': () => readModuleInfo(this.#started()),
    'list-tokens': () => tokensOf(this.#started()).map(({ token }) => token),
    'describe-tokens': () => describeTokens(this.#started()),
    'look-again': () => {
      const module = this.#started();
      restartModule(module);
      return tokensOf(module).map(({ token }) => token);
    },
    'initialise-token': (request) => initialiseToken(this.#started(), request),
    'change-pin': (request) => changePin(this.#started(), request),
    'reset-pin': (request) => resetPin(this.#started(), request),
    open: (selector) => {
      this.#session = openSession(this.#started(), selector);
      return this.#session.token;
    },
    login: (request) => {
      const { module, slot, handle } = this.#opened();
      loginUser(module, slot, handle, request);
      this.#loggedIn = true;
      return null;
    },
    'generate-key-pair': ({ alias, parameterSet }) =>
      generateKeyPair(this.#changing(), alias, parameterSet),
    'import-key-pair': ({ alias, pkcs8 }) => importKeyPair(this.#changing(), alias, pkcs8),
    sign: ({ alias, algorithm, data, pin }) =>
      sign(this.#opened(), this.#loggedIn, alias, algorithm, data, pin),
    'signature-algorithms': ({ alias }) =>
      signatureAlgorithms(this.#opened(), this.#loggedIn, alias),
    'asks-at-use': ({ alias }) =>
      signingKey(this.#opened(), this.#loggedIn, alias).alwaysAuthenticate,
    entries: () => entries(this.#opened()),
    'store-certificate': ({ alias, der }) => {
      storeCertificate(this.#opened(), alias, der);
      return null;
    },
    rename: ({ from, to }) => {
      rename(this.#changing(), from, to);
      return null;
    },
    remove: ({ alias }) => {
      remove(this.#changing(), alias);
      return null;
    },
    close: () => {
      this.close();
      return null;
    },
  };

  /** Runs one call; everything it throws is a StationError. */
  async run<N extends CallName>(call: N, input: CallInput<N>): Promise<CallResult<N>> {
    try {
      return await this.#handlers[call](input);
    } catch (error) {
      throw await this.#told(call, input, error);
    }
  }

  /** Logs out and finalises; whatever the module says to that no longer matters. */
  close(): void {
    const [module, session] = [this.#module, this.#session];
    [this.#module, this.#session, this.#loggedIn] = [null, null, false];
    if (session !== null) closeSession(session);
    try {
      module?.lib.C_Finalize();
    } catch (error) {
      if (returnCodeOf(error) === null) throw error;
    }
  }

  #started(): Module {
    if (this.#module === null) throw new StationError('PIN-08');
    return this.#module;
  }

  #opened(): Session {
    if (this.#session === null) throw new StationError('PIN-08');
    return this.#session;
  }

  /** The session for a call after which an alias may mean another key. */
  #changing(): Session {
    const session = this.#opened();
    forgetSigningKeys(session);
    return session;
  }

  async #told(call: CallName, input: unknown, error: unknown): Promise<StationError> {
    const code = returnCodeOf(error);
    if (code === null) return StationError.from(error);
    const context = this.#context(call, input);
    if (mayMeanRemoval(code) && (await this.#tokenHasGone())) {
      return new StationError('TOKEN-03', {
        token: context.token,
        call: code.call ?? call,
      });
    }
    return stationErrorFor(code, context);
  }

  /** Calls fail some tenths of a second before the reader's service notices that the card was pulled. */
  async #tokenHasGone(): Promise<boolean> {
    if (this.#session === null) return false;
    const { module, slot } = this.#session;
    try {
      for (let looks = isReader(module, slot) ? 5 : 1; looks > 0; looks -= 1) {
        if (!isOccupied(module, slot)) return true;
        if (looks > 1) await pause(300);
      }
      return false;
    } catch (error) {
      return returnCodeOf(error) !== null;
    }
  }

  #context(call: CallName, input: unknown): CallContext {
    const token = this.#session?.token;
    const asked = input as { serial?: string | null; label?: string } | null;
    const named = selectorName({ serial: asked?.serial ?? undefined, label: asked?.label });
    return {
      call,
      token: token === undefined ? named : tokenName(token),
      login: isSoCall(call, input) ? 'so' : 'user',
      mechanism: mechanismOf(call, input),
      object: call === 'store-certificate' ? 'certificate' : 'key pair',
      minPinLength: token?.minPinLength ?? 0,
      maxPinLength: token?.maxPinLength ?? 0,
    };
  }
}

/** True when the PIN that a call gives to the token is the SO PIN. */
function isSoCall(call: CallName, input: unknown): boolean {
  if (call === 'change-pin') return (input as CallInput<'change-pin'>).who === 'so';
  return call === 'initialise-token' || call === 'reset-pin';
}

/** The mechanism a call was about, by its name in the standard. */
function mechanismOf(call: CallName, input: unknown): string {
  if (call === 'generate-key-pair') {
    const { parameterSet } = input as CallInput<'generate-key-pair'>;
    return `${keyGenerations[parameterSet].mechanism.name} ${parameterSet}`;
  }
  if (call === 'import-key-pair') return 'C_CreateObject';
  if (call === 'sign') {
    return signatureMakings[(input as CallInput<'sign'>).algorithm].hashed.name;
  }
  return call;
}
