import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { StationError } from '../../shared/errors/station-error.ts';

/** Primary result codes of SQLite that a station can meet (https://sqlite.org/rescode.html). */
const resultCodes = {
  permission: 3,
  busy: 5,
  locked: 6,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

const busyCodes: readonly number[] = [resultCodes.busy, resultCodes.locked];
const damageCodes: readonly number[] = [resultCodes.corrupt, resultCodes.notADatabase];
const accessCodes: readonly number[] = [
  resultCodes.permission,
  resultCodes.readOnly,
  resultCodes.inputOutput,
  resultCodes.cannotOpen,
];

/** The primary result code of a node:sqlite error, or null for any other error. */
function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}

/** True when another connection holds the lock that was asked for, so that waiting may help. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code !== null && busyCodes.includes(code);
}

/**
 * Tells an error of SQLite or the file system as the catalogue does: STORE-01 (not writable),
 * STORE-02 (disk full), STORE-03 (damaged), STORE-06 (in use). Anything else is returned as it is.
 * @param path the database file
 */
export function storeError(error: unknown, path: string): unknown {
  if (error instanceof StationError || !(error instanceof Error)) return error;
  const code = resultCode(error);
  const detail = reason(error);
  const full = code === resultCodes.full || hasSystemCode(error, ['ENOSPC', 'EDQUOT']);
  if (full || (code === resultCodes.inputOutput && noSpaceLeft(path))) {
    return new StationError('STORE-02', { path }, { cause: error });
  }
  if (code === null && !('syscall' in error)) return error;
  if (code !== null && busyCodes.includes(code)) {
    return new StationError('STORE-06', { path }, { cause: error });
  }
  if (code !== null && damageCodes.includes(code)) {
    return new StationError('STORE-03', { path, detail }, { cause: error });
  }
  if (code === null || accessCodes.includes(code)) {
    return new StationError('STORE-01', { path: dirname(path), detail }, { cause: error });
  }
  return error;
}

function hasSystemCode(error: Error, codes: readonly string[]): boolean {
  return 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** Node writes `ENOTDIR: not a directory, mkdir '/x'`; the path is told elsewhere. */
function reason(error: Error): string {
  return error.message.replace(/, \w+ '.*$/s, '');
}

/** SQLite reports a write-ahead index that cannot grow as an input/output error. */
function noSpaceLeft(path: string): boolean {
  try {
    return statfsSync(dirname(path)).bavail === 0;
  } catch {
    return false;
  }
}
