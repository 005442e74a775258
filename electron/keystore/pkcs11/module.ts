import { stat } from 'node:fs/promises';
import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import { tellFunctions } from './called-functions.ts';
import { returnCodeOf } from './return-codes.ts';

/** A loaded and initialised PKCS#11 module. */
export interface Module {
  /** Absolute path. */
  readonly path: string;
  readonly lib: pkcs11js.PKCS11;
  readonly libraryParameters: string | null;
}

/**
 * Loads the library at `path` (absolute) and calls C_Initialize.
 * @param libraryParameters the string NSS softokn wants in C_Initialize, null for every other module.
 * @param tell hears of each function that may not come back, before it is called.
 * @throws StationError MODULE-01 (no file), MODULE-02 (not a library), MODULE-03 (no C_GetFunctionList),
 *   MODULE-06 (the module refuses to start).
 */
export async function loadModule(
  path: string,
  libraryParameters: string | null,
  tell: (name: string) => void,
): Promise<Module> {
  await mustBeFile(path);
  const lib = new pkcs11js.PKCS11();
  tellFunctions(lib, tell);
  try {
    lib.load(path);
  } catch (error) {
    throw loadFailure(path, error);
  }
  const module = { path, lib, libraryParameters };
  initialise(module);
  return module;
}

/**
 * Starts the module anew in the same process, without sessions: many keep the picture of their slots that they had at
 * C_Initialize.
 * @throws StationError MODULE-06.
 */
export function restartModule(module: Module): void {
  try {
    module.lib.C_Finalize();
  } catch (error) {
    if (returnCodeOf(error) === null) throw error;
  }
  initialise(module);
}

async function mustBeFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      throw new StationError('MODULE-01', { module: path });
    }
    throw new StationError('MODULE-02', { module: path, detail: String(error.code) });
  });
  if (!found.isFile()) {
    throw new StationError('MODULE-02', { module: path, detail: 'it is not a file' });
  }
}

/** The dynamic linker tells a missing symbol from a file it cannot load only by its words. */
function loadFailure(path: string, error: unknown): StationError {
  const refused = returnCodeOf(error);
  if (refused) return new StationError('MODULE-06', { module: path, detail: refused.name });
  const words = error instanceof Error ? error.message : String(error);
  const noEntryPoint = /C_GetFunctionList|specified procedure/i.test(words);
  if (noEntryPoint) return new StationError('MODULE-03', { module: path });
  return new StationError('MODULE-02', { module: path, detail: words.replace(`${path}: `, '') });
}

function initialise({ path, lib, libraryParameters }: Module): void {
  // Without OS locking some modules crash as soon as a key generation runs on a thread of its own.
  const flags = pkcs11js.CKF_OS_LOCKING_OK;
  try {
    // pkcs11js cuts the last character of the parameters off, hence the space.
    lib.C_Initialize(
      libraryParameters === null
        ? { flags }
        : { flags, libraryParameters: `${libraryParameters} ` },
    );
  } catch (error) {
    const refused = returnCodeOf(error);
    if (refused?.name === 'CKR_CRYPTOKI_ALREADY_INITIALIZED') return;
    const detail = refused?.name ?? String(error);
    throw new StationError('MODULE-06', { module: path, detail });
  }
}
