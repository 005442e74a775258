import type { ModuleEntry } from '../../shared/pkcs11-module.ts';
import type { TokenPort } from './ports.ts';

/**
 * The well-known PKCS#11 modules of this computer.
 * @param probe loads each in a process of its own, one after the other; one that hangs costs its deadline.
 */
export async function listModules(tokens: TokenPort, probe: boolean): Promise<ModuleEntry[]> {
  const entries: ModuleEntry[] = [];
  for (const found of tokens.findModules()) {
    entries.push({ ...found, probe: probe ? await tokens.probeModule(found.path) : null });
  }
  return entries;
}

/** A module a person chose as a file. */
export async function chosenModule(
  tokens: TokenPort,
  path: string,
  libraryParameters: string | null,
): Promise<ModuleEntry> {
  if (libraryParameters !== null) tokens.setLibraryParameters(path, libraryParameters);
  return { name: '', path, libraryParameters, probe: await tokens.probeModule(path) };
}
