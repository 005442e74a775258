import type { CommandArgument, CommandOutput } from '../../shared/contract/commands.ts';
import type { EventName, EventPayload } from '../../shared/contract/events.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { TokenInfo } from '../../shared/token.ts';
import { tokenChanges } from '../../shared/token-changes.ts';
import { missingOnToken } from '../../shared/token-fit.ts';
import { fakeObjects } from './objects.ts';
import { ordinary, type Scenario } from './scenario.ts';
import { fakeModule, fakeTokens } from './tokens.ts';

type Tell = <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void;
type Named = { readonly serial: string; readonly label: string };

const nearer = {
  ok: 'low',
  low: 'final',
  final: 'locked',
  locked: 'locked',
  'not-set': 'not-set',
} as const;
const brokenModule = '/usr/lib/x86_64-linux-gnu/libvendor-of-a-long-name-pkcs11.so';

/** Tokens that come and go, take PINs and hold objects as the scenario says. */
export class FakeTokens {
  readonly #scenario: Scenario;
  readonly #tell: Tell;
  #tokens: TokenInfo[];
  #objects: CommandOutput<'objects.list'>['objects'];
  #watched = false;

  constructor(given: Partial<Scenario>, tell: Tell) {
    this.#scenario = { ...ordinary, ...given };
    this.#tell = tell;
    this.#tokens = this.#scenario.noTokens ? [] : fakeTokens(this.#scenario);
    this.#objects = this.#scenario.objects ? fakeObjects() : [];
    // For the hand of a test.
    Object.assign(globalThis, { unplugFirstToken: () => this.#replace(this.#tokens.slice(1)) });
  }

  handlers() {
    return {
      'modules.list': () => this.#modules().map((entry) => ({ ...entry, probe: null })),
      'modules.probe': ({ module, libraryParameters }: CommandArgument<'modules.probe'>) => {
        const known = this.#modules().find(({ path }) => path === module);
        const trouble = new StationError('MODULE-01', { module, detail: 'as the scenario says' });
        const refused = { usable: false as const, error: trouble.toData() };
        return { name: '', path: module, libraryParameters, probe: known?.probe ?? refused };
      },
      'tokens.watch': ({ modules }: CommandArgument<'tokens.watch'>) => {
        this.#watch(modules);
        return {};
      },
      'tokens.describe': () =>
        this.#tokens.map((token) => ({
          token,
          flags: ['CKF_RNG', 'CKF_TOKEN_INITIALIZED'],
          freePublicMemory: 38_912,
          freePrivateMemory: null,
          hardwareVersion: '2.0',
          firmwareVersion: '4.1',
          mechanisms: [],
        })),
      'tokens.check': ({ profile }: CommandArgument<'tokens.check'>) => {
        const [token] = this.#tokens;
        if (token === undefined) throw new StationError('TOKEN-01', { module: fakeModule });
        const { tokenLacks } = this.#scenario;
        const can = (one: string) => !tokenLacks.includes(one);
        const able = {
          ...token,
          canGenerate: token.canGenerate.filter(can),
          canSign: token.canSign.filter(can),
        };
        const missing = missingOnToken(able, { ...profile.request, newKey: true });
        const lacks = new StationError('TOKEN-14', {
          token: token.label,
          missing: missing.join(', '),
        });
        return { token: able, findings: missing.length === 0 ? [] : [lacks.toData()] };
      },
      'tokens.list': ({ module }: { module: string }) => {
        if (module !== fakeModule) throw new StationError('MODULE-01', { module });
        return this.#tokens;
      },
      'tokens.initialise': (input: CommandArgument<'tokens.initialise'>) => this.#initialise(input),
      'tokens.changePin': (input: CommandArgument<'tokens.changePin'>) => {
        const state = input.who === 'user' ? 'pinState' : 'soPinState';
        return this.#login(input, state, input.oldPin);
      },
      'tokens.resetPin': (input: CommandArgument<'tokens.resetPin'>) => {
        const token = this.#login(input, 'soPinState', input.soPin);
        return this.#change(token, { pinState: 'ok' });
      },
      'tokens.unlock': (input: CommandArgument<'tokens.unlock'>) => ({
        token: this.#login(input, 'pinState', input.pin),
      }),
      'objects.list': () => ({ keystore: 'GW-20417', objects: this.#objects }),
      'objects.rename': ({ alias, to }: CommandArgument<'objects.rename'>) => {
        this.#objects = this.#objects.map((one) =>
          one.alias === alias ? { ...one, alias: to } : one,
        );
        return {};
      },
      'objects.delete': ({ alias, confirmed }: CommandArgument<'objects.delete'>) => {
        if (alias !== confirmed) throw new StationError('OBJECT-02', { alias });
        this.#objects = this.#objects.filter((one) => one.alias !== alias);
        return {};
      },
      'objects.export': () => ({
        content: new TextEncoder().encode('-----BEGIN PUBLIC KEY-----\n'),
        extension: 'pem' as const,
      }),
    };
  }

  #modules(): CommandOutput<'modules.list'> {
    const usable = {
      usable: true as const,
      manufacturer: 'SoftHSM',
      library: 'Implementation of PKCS11',
      version: '2.6',
      cryptoki: '2.40',
      tokens: this.#tokens.length,
    };
    const broken = new StationError('MODULE-03', { module: brokenModule, detail: 'it crashed' });
    return [
      { name: 'SoftHSM 2', path: fakeModule, libraryParameters: null, probe: usable },
      ...(this.#scenario.manyTokens
        ? [
            {
              name: 'Vendor',
              path: brokenModule,
              libraryParameters: null,
              probe: { usable: false as const, error: broken.toData() },
            },
            {
              name: 'NSS softokn',
              path: '/usr/lib/x86_64-linux-gnu/libsoftokn3.so',
              libraryParameters: "configdir='sql:<folder>'",
              probe: null,
            },
          ]
        : []),
    ];
  }

  #watch(modules: readonly string[]): void {
    const before = this.#watched;
    this.#watched = modules.includes(fakeModule);
    if (!this.#watched) return;
    const { pluggedInAfterMs } = this.#scenario;
    const [first, ...others] = this.#tokens;
    if (before || first === undefined) {
      this.#told(this.#tokens);
      return;
    }
    const all = this.#tokens;
    if (pluggedInAfterMs !== null) {
      this.#tokens = others;
      setTimeout(() => this.#replace(all), pluggedInAfterMs);
    }
    this.#told([]);
  }

  #replace(tokens: TokenInfo[]): void {
    const before = this.#tokens;
    this.#tokens = tokens;
    this.#told(before);
  }

  #told(before: readonly TokenInfo[]): void {
    if (!this.#watched) return;
    const changes = tokenChanges(before, this.#tokens);
    this.#tell('tokens.changed', {
      module: fakeModule,
      tokens: this.#tokens,
      changes,
      error: null,
    });
  }

  #change(token: TokenInfo, facts: Partial<TokenInfo>): TokenInfo {
    const changed = { ...token, ...facts };
    this.#replace(this.#tokens.map((other) => (other === token ? changed : other)));
    return changed;
  }

  /** One try of the PIN; a wrong one brings the lock nearer. */
  #login(
    input: Named & { readonly finalTryConfirmed: boolean },
    state: 'pinState' | 'soPinState',
    pin: Uint8Array,
  ): TokenInfo {
    const token = this.#tokens.find(
      ({ serial, label }) => serial === input.serial && label === input.label,
    );
    if (!token) throw new StationError('TOKEN-03', { token: input.label });
    if (token[state] === 'locked') throw new StationError('PIN-02');
    if (token[state] === 'final' && !input.finalTryConfirmed) throw new StationError('PIN-03');
    const { pin: right, soPin } = this.#scenario;
    if (!token.pinPad && new TextDecoder().decode(pin) !== (state === 'pinState' ? right : soPin)) {
      const now = nearer[token[state]];
      this.#change(token, { [state]: now });
      const wrong = state === 'pinState' ? 'PIN-01' : 'PIN-06';
      throw new StationError(now === 'locked' ? 'PIN-02' : wrong);
    }
    return token;
  }

  #initialise({
    slot,
    label,
    destroyExisting,
    soPin,
    finalTryConfirmed,
  }: CommandArgument<'tokens.initialise'>): TokenInfo {
    const present = this.#tokens.find((token) => token.slot === slot);
    if (!present) throw new StationError('TOKEN-01', {});
    if (present.initialised) {
      if (destroyExisting !== present.label && destroyExisting !== present.serial) {
        throw new StationError('TOKEN-11', { token: present.label });
      }
      this.#login({ ...present, finalTryConfirmed }, 'soPinState', soPin);
      this.#objects = [];
      return this.#change(present, { label, pinState: 'ok' });
    }
    return this.#change(present, {
      initialised: true,
      label,
      serial: 'A1B2C3D4E5F60718',
      serialUnique: true,
      pinState: 'ok',
      soPinState: 'ok',
    });
  }
}
