import { StationError } from '../../shared/errors/station-error.ts';
import type { Pkcs11Selection } from '../../shared/profile.ts';
import type { TokenInfo } from '../../shared/token.ts';
import type { TokenPort } from './ports.ts';
import { namesToken } from './unlocked-tokens.ts';

/**
 * The token a profile means, as it is now; one without contents only when no other answers to the name. No PIN is
 * needed.
 * @throws StationError TOKEN-01 (no token at all), TOKEN-02 (not that one), TOKEN-10 (several), MODULE-….
 */
export async function namedToken(
  tokens: TokenPort,
  selection: Pkcs11Selection,
  signal?: AbortSignal,
): Promise<TokenInfo> {
  const { module, libraryParameters, token: wanted } = selection;
  if (libraryParameters !== undefined) tokens.setLibraryParameters(module, libraryParameters);
  const all = await tokens.listTokens(module, signal);
  if (all.length === 0) throw new StationError('TOKEN-01', { module });
  const matching = all.filter((token) => namesToken(selection, token));
  const initialised = matching.filter((token) => token.initialised);
  const [only, another] = initialised.length > 0 ? initialised : matching;
  const token = wanted.label ?? wanted.serial ?? module;
  if (only === undefined) throw new StationError('TOKEN-02', { token });
  if (another !== undefined) throw new StationError('TOKEN-10', { token });
  return only;
}
