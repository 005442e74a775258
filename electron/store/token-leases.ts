import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StationError } from '../../shared/errors/station-error.ts';
import type { TokenInfo } from '../../shared/token.ts';
import { makePrivateFolder } from '../private-folder.ts';
import { type FileLock, takeFileLock } from './file-lock.ts';
import { storeError } from './sqlite-errors.ts';

/** Keeps everybody else of this account from working on a token, whatever data folder they use. */
export interface TokenLeases {
  /** @throws StationError TOKEN-16 when another station, or another task of this one, works on the token; STORE-01. */
  take(token: TokenInfo): Promise<FileLock>;
}

/**
 * Leases as locked files. Two stations would make their new keys under one alias, and the second would destroy the
 * key whose request the first has sent.
 * @param folder of this account alone, the same for every station on the machine
 */
export function tokenLeases(folder: string): TokenLeases {
  return {
    async take(token) {
      const path = join(folder, `${leaseName(token)}.lock`);
      const lock = await lockOf(path);
      if (lock !== null) return lock;
      throw new StationError('TOKEN-16', { token: `${token.label} (${token.serial})` });
    },
  };
}

/**
 * The folder for leases: that of the login session, else one below `temporary`.
 * @param account a number or name that tells accounts apart
 */
export function leaseFolder(env: NodeJS.ProcessEnv, temporary: string, account: string): string {
  const session = env.XDG_RUNTIME_DIR;
  return session
    ? join(session, 'est-station', 'tokens')
    : join(temporary, `est-station-${account}`, 'tokens');
}

/** One token may be seen through several modules: the module is no part of the name. */
function leaseName({ manufacturer, model, serial, label }: TokenInfo): string {
  const identity = JSON.stringify([manufacturer, model, serial, label]);
  return createHash('sha256').update(identity).digest('hex');
}

async function lockOf(path: string): Promise<FileLock | null> {
  const folder = dirname(path);
  try {
    await makePrivateFolder(folder);
    await mustBeOurs(folder);
    return await takeFileLock(path);
  } catch (error) {
    throw error instanceof StationError ? error : storeError(error, path);
  }
}

/** Below a temporary folder anybody may have made ours beforehand. */
async function mustBeOurs(folder: string): Promise<void> {
  const { uid } = await stat(folder);
  const own = process.getuid?.();
  if (own === undefined || uid === own) return;
  throw new StationError('STORE-01', { path: folder, detail: 'it belongs to another account' });
}
