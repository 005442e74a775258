import { create } from 'zustand';
import type { CommandOutput } from '../../shared/contract/commands.ts';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { tlsClientKey } from '../../shared/pop.ts';
import type { TokenInfo } from '../../shared/token.ts';
import { ask } from './ask.ts';
import {
  type Draft,
  emptyDraft,
  otherTlsToken,
  practiceDraft,
  sameServer,
  withKeystore,
} from './draft.ts';
import { needsProxyPassword } from './needed-secrets.ts';
import { type Step, stepAfter, stepBefore } from './steps.ts';

export type StationDescription = CommandOutput<'station.describe'>;
export type TrustState = CommandOutput<'trust.show'>;
export type ServerWishes = CommandOutput<'enrollment.wishes'>;

/** Secrets the station holds for the next enrollment; here only the fact. */
interface Held {
  readonly password: boolean;
  readonly proxyPassword: boolean;
  /** The passphrase of the TLS key's folder is held, or its token is open. */
  readonly tlsKey: boolean;
  readonly keystorePassphrase: boolean;
}

interface WizardState {
  readonly station: StationDescription | null;
  readonly profiles: readonly Draft[];
  readonly step: Step;
  readonly draft: Draft;
  /** The server's root is trusted: the anchors, else null. */
  readonly trust: TrustState | null;
  /** The token a PIN has opened, else null. */
  readonly token: TokenInfo | null;
  readonly held: Held;
  readonly wishes: ServerWishes | null;
  /** The person agrees to the wishes; they are planned so. */
  readonly followServer: boolean;
  /** The review has been seen: a changed step leads back to it. */
  readonly reviewed: boolean;
  /** What a person gave for names the server leaves open. */
  readonly fill: Readonly<Record<string, string>>;
}

interface WizardActions {
  /** Learns which station this is and which profiles it has. */
  open(): Promise<void>;
  /** Replaces the draft; what depended on another server, token or account is forgotten. */
  setDraft(draft: Draft): void;
  set(facts: Partial<Omit<WizardState, 'step'>>): void;
  hold(secret: Partial<Held>): void;
  goTo(step: Step): void;
  advance(): void;
  back(): void;
  /** After an enrollment: what the station has let go of is needed again. */
  usedUp(record: EnrollmentRecord): void;
  /** The station has let go of what it held, for another enrollment. */
  lostSecrets(): void;
  /** Another try from `step`, or from the first step that needs something. */
  tryAgain(step: Step): void;
  /** Another token, same server and account. */
  startOver(): void;
}

const nothingHeld: Held = {
  password: false,
  proxyPassword: false,
  tlsKey: false,
  keystorePassphrase: false,
};

/** The wizard: where it stands, and what has been put together so far. Never a secret. */
export const useWizard = create<WizardState & WizardActions>((set, get) => ({
  station: null,
  profiles: [],
  step: 'server',
  draft: emptyDraft(),
  trust: null,
  token: null,
  held: nothingHeld,
  wishes: null,
  followServer: false,
  reviewed: false,
  fill: {},

  async open() {
    const [description, profiles] = await Promise.all([
      ask('station.describe', {}),
      ask('profiles.list', {}),
    ]);
    const station = description.ok ? description.value : null;
    const known = profiles.ok ? profiles.value : [];
    const practice = station?.practice ?? null;
    const prepared = known.find((profile) => profile.server.endpoint === practice?.endpoint);
    set({
      station,
      profiles: known,
      draft: prepared ?? (practice ? practiceDraft(practice) : (known[0] ?? emptyDraft())),
    });
  },

  setDraft(draft) {
    const before = get().draft;
    const held = { ...get().held };
    if (!sameAccount(before, draft)) held.password = false;
    if (!sameTlsKey(before, draft)) held.tlsKey = false;
    const server = sameServer(before, draft);
    const token = sameKeystore(before, draft);
    if (!token) held.keystorePassphrase = false;
    if (!sameProxy(before, draft)) held.proxyPassword = false;
    set({
      draft,
      held,
      ...(server ? {} : { trust: null }),
      ...(server && sameRequest(before, draft)
        ? {}
        : { wishes: null, followServer: false, fill: {} }),
      ...(token ? {} : { token: null }),
    });
  },

  set: (facts) => set(facts),
  hold: (secret) => set({ held: { ...get().held, ...secret } }),
  goTo: (step) => set({ step, ...(step === 'review' ? { reviewed: true } : {}) }),
  back: () => get().goTo(stepBefore(get().step)),
  advance() {
    const { reviewed, step } = get();
    get().goTo(reviewed ? firstOpenStep(get()) : stepAfter(step));
  },
  usedUp(record) {
    if (record.state === 'done') set({ token: null, held: nothingHeld });
    else if (!keepsToken(record)) set({ token: null });
    // The kept passphrase was refused: it must be typed now.
    if (record.error?.code === 'SECRET-02') get().hold({ keystorePassphrase: false });
  },
  lostSecrets: () => set({ held: nothingHeld }),
  tryAgain(step) {
    set({ reviewed: true });
    get().goTo(step === 'review' ? firstOpenStep(get()) : step);
  },
  startOver() {
    const { draft } = get();
    const keystore =
      draft.keystore.kind === 'pkcs11' ? { ...draft.keystore, token: {} } : draft.keystore;
    set({
      draft: withKeystore(draft, keystore),
      token: null,
      held: nothingHeld,
      reviewed: false,
      fill: {},
    });
    get().goTo('token');
  },
}));

/** The first step that still needs something before the review can stand. */
function firstOpenStep({ draft, held, token, trust }: WizardState): Step {
  if (draft.server.endpoint === '') return 'server';
  if (needsProxyPassword(draft) && !held.proxyPassword) return 'server';
  if (trust === null) return 'trust';
  const opened = draft.keystore.kind === 'pkcs11' ? token !== null : held.keystorePassphrase;
  if (!opened) return 'token';
  if (draft.request.subject === '') return 'identity';
  if (!authenticationReady(draft, held)) return 'authentication';
  return 'review';
}

/** The station keeps a token open for the next try when the trouble was elsewhere. */
function keepsToken({ state, error }: EnrollmentRecord): boolean {
  const elsewhere = error !== null && !/^(?:TOKEN|MODULE|PIN|CERT)-/.test(error.code);
  return elsewhere && (state === 'failed' || state === 'refused' || state === 'pending');
}

/** Everything the chosen sign-in needs has been given. */
export function authenticationReady(draft: Draft, held: Held): boolean {
  if (draft.httpAuthentication.scheme !== 'none' && !held.password) return false;
  return !needsTlsSecret(draft) || held.tlsKey;
}

/** A passphrase, or the PIN of a token that is not being enrolled; the enrolled one is open already. */
export function needsTlsSecret(draft: Draft): boolean {
  return tlsClientKey(draft) === 'software' || otherTlsToken(draft) !== null;
}

function sameAccount(a: Draft, b: Draft): boolean {
  const { httpAuthentication: x } = a;
  const { httpAuthentication: y } = b;
  return x.scheme === y.scheme && x.username === y.username;
}

function sameProxy(a: Draft, b: Draft): boolean {
  return JSON.stringify(a.server.proxy) === JSON.stringify(b.server.proxy);
}

function sameTlsKey(a: Draft, b: Draft): boolean {
  return JSON.stringify(a.tlsClientAuthentication) === JSON.stringify(b.tlsClientAuthentication);
}

/** The wishes are planned for one request. */
function sameRequest(a: Draft, b: Draft): boolean {
  return JSON.stringify(a.request) === JSON.stringify(b.request);
}

function sameKeystore(a: Draft, b: Draft): boolean {
  return JSON.stringify(a.keystore) === JSON.stringify(b.keystore);
}
