import { create } from 'zustand';
import type { CommandOutput } from '../../shared/contract/commands.ts';
import type { ErrorData } from '../../shared/errors/station-error.ts';
import type { ModuleEntry } from '../../shared/pkcs11-module.ts';
import type { Pkcs11Selection } from '../../shared/profile.ts';
import type { TokenInfo } from '../../shared/token.ts';
import type { TokenChange } from '../../shared/token-changes.ts';
import { ask } from './ask.ts';
import { recall, remember } from './remembered.ts';

export type TokenObjects = CommandOutput<'objects.list'>;
export type TokenObject = TokenObjects['objects'][number];

/** A module of this computer, as far as it is known. */
export interface KnownModule extends ModuleEntry {
  /** A person chose its file. */
  readonly chosen: boolean;
}

interface Tokens {
  /** Null before the first answer. */
  readonly modules: readonly KnownModule[] | null;
  /** What each watched module has in its slots. */
  readonly seen: Readonly<Record<string, readonly TokenInfo[]>>;
  /** Why a watched module cannot be looked at now. */
  readonly troubles: Readonly<Record<string, ErrorData>>;
  /** What happened last, for whoever does not see the list. */
  readonly news: TokenChange | null;
}

/** The tokens that are plugged in, live, over all modules. */
export const useTokens = create<Tokens>(() => ({
  modules: null,
  seen: {},
  troubles: {},
  news: null,
}));

/** Shows the tokens of all others once more; nothing is watched twice by itself. */
const proxies = /p11-kit/;

/** It is loaded without being asked: it wants no parameters and shows what no other does. */
export function isLoading({ probe, libraryParameters, name }: KnownModule): boolean {
  return probe === null && libraryParameters === null && !proxies.test(name);
}

/** Looks for modules, loads one after the other in a process of its own, and watches those that can be used. */
export async function findModules(): Promise<void> {
  const listed = await ask('modules.list', { probe: false });
  const found = listed.ok ? listed.value.map((entry) => ({ ...entry, chosen: false })) : [];
  const chosen = rememberedModules()
    .filter((path) => found.every((entry) => entry.path !== path))
    .map((path) => ({ name: '', path, libraryParameters: null, probe: null, chosen: true }));
  const known = useTokens.getState().modules ?? [];
  const others = known.filter(
    ({ path }) => ![...found, ...chosen].some((one) => one.path === path),
  );
  const modules = [...found, ...chosen, ...others].map(
    (entry) => known.find(({ path }) => path === entry.path) ?? entry,
  );
  useTokens.setState({ modules });
  await watchUsable();
  for (const module of modules.filter(isLoading)) await chooseModule(module.path, null);
}

/** Loads a module in a process of its own and watches it from then on. */
export async function chooseModule(
  path: string,
  libraryParameters: string | null,
): Promise<ErrorData | null> {
  const reply = await ask('modules.probe', { module: path, libraryParameters });
  if (!reply.ok) return reply.error;
  const { probe, path: resolved } = reply.value;
  const modules = useTokens.getState().modules ?? [];
  const known = modules.find((entry) => entry.path === resolved);
  const entry = { ...(known ?? { ...reply.value, chosen: true }), probe };
  useTokens.setState({
    modules: known
      ? modules.map((other) => (other === known ? entry : other))
      : [...modules, entry],
  });
  if (probe?.usable !== true) return probe?.error ?? null;
  if (entry.chosen && libraryParameters === null) rememberModule(resolved);
  await watchUsable();
  return null;
}

async function watchUsable(): Promise<void> {
  const modules = useTokens.getState().modules ?? [];
  const usable = modules.filter(({ probe }) => probe?.usable === true).map(({ path }) => path);
  await watchTokens(usable.slice(0, 32));
}

/** From now on the tokens of these modules are told, and of no others. */
export async function watchTokens(modules: readonly string[]): Promise<void> {
  const { seen } = useTokens.getState();
  // What nobody looks at any more may be gone by the next time.
  const kept = Object.entries(seen).filter(([module]) => modules.includes(module));
  useTokens.setState({ seen: Object.fromEntries(kept), troubles: {} });
  await ask('tokens.watch', { modules: [...modules] });
}

/** Reads the tokens of a module at once: after a PIN, the next look of the watch would come too late. */
export async function readTokens(module: string): Promise<void> {
  const listed = await ask('tokens.list', { module });
  if (!listed.ok) return;
  const { seen } = useTokens.getState();
  useTokens.setState({ seen: { ...seen, [module]: listed.value } });
}

/** Keeps the picture as the station's news have it. */
export function followTokens(): () => void {
  return window.station.subscribe('tokens.changed', ({ module, tokens, changes, error }) => {
    const { seen, troubles, news } = useTokens.getState();
    const { [module]: _settled, ...others } = troubles;
    useTokens.setState({
      seen: { ...seen, [module]: tokens },
      troubles: error === null ? others : { ...others, [module]: error },
      // The first look finds what was there before.
      news: seen[module] === undefined ? news : (changes.at(-1) ?? news),
    });
  });
}

/** What a row and a page of the tokens screen are named by: the slot only where nothing else tells tokens apart. */
export function tokenItem({ module, serial, serialUnique, label, slot }: TokenInfo): string {
  return serialUnique ? `${serial} ${module}` : `${label} ${slot} ${module}`;
}

/** Names the token to the station: by its serial where that is its own, else by its label. */
export function selectionOf({ module, serial, serialUnique, label }: TokenInfo): Pkcs11Selection {
  return { kind: 'pkcs11', module, token: serialUnique ? { serial } : { label } };
}

function rememberedModules(): readonly string[] {
  return (recall('modules') ?? '').split('\n').filter((path) => path !== '');
}

function rememberModule(path: string): void {
  remember('modules', [...new Set([...rememberedModules(), path])].slice(-8).join('\n'));
}
