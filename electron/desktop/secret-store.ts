import { createHash } from 'node:crypto';
import type { SafeStorage } from 'electron';
import { StationError } from '../../shared/errors/station-error.ts';

/** What of Electron's safeStorage the store uses; the calls that block are deprecated. */
export type Sealing = Pick<
  SafeStorage,
  | 'isAsyncEncryptionAvailable'
  | 'encryptStringAsync'
  | 'decryptStringAsync'
  | 'getSelectedStorageBackend'
>;

/** Where the encrypted secrets lie. */
export interface SealedSecrets {
  read(name: string): Promise<Buffer | null>;
  write(name: string, content: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Secrets encrypted with a key that the operating system keeps for this account. */
export interface DesktopSecretStore {
  /** Asks the operating system, which may ask a person: only when a passphrase is wanted. */
  protects(): Promise<boolean>;
  read(purpose: string, name: string): Promise<Uint8Array | null>;
  write(purpose: string, name: string, secret: Uint8Array): Promise<void>;
  forget(purpose: string, name: string): Promise<void>;
}

/**
 * The secret store of the operating system: Keychain, DPAPI, or the keyring of a Linux desktop.
 * @param sealing Electron's safeStorage; only after the app is ready.
 * @returns null where it would be no protection.
 */
export function desktopSecretStore(
  sealing: Sealing,
  sealed: SealedSecrets,
  platform: NodeJS.Platform,
): DesktopSecretStore | null {
  if (platform === 'linux' && !keepsKeyring(sealing)) return null;
  return {
    protects: () => sealing.isAsyncEncryptionAvailable().catch(() => false),
    async read(purpose, name) {
      const content = await sealed.read(fileName(purpose, name));
      if (content === null || isOpen(content, platform)) return null;
      return secretOf(await unsealed(sealing, content), purpose, name);
    },
    async write(purpose, name, secret) {
      const text = JSON.stringify([purpose, name, Buffer.from(secret).toString('base64')]);
      const content = await sealing.encryptStringAsync(text);
      if (isOpen(content, platform)) throw new StationError('SECRET-03');
      await sealed.write(fileName(purpose, name), content);
    },
    forget: (purpose, name) => sealed.remove(fileName(purpose, name)),
  };
}

/** `basic_text` encrypts with a key that is the same everywhere. */
function keepsKeyring(sealing: Sealing): boolean {
  const backend = sealing.getSelectedStorageBackend();
  return backend !== 'basic_text' && backend !== 'unknown';
}

/**
 * On Linux Chromium marks with `v10` what it encrypted with its built-in key, which it also falls back to when the
 * keyring does not answer; elsewhere the mark means the account's own key.
 */
function isOpen(content: Buffer, platform: NodeJS.Platform): boolean {
  return platform === 'linux' && content.subarray(0, 3).toString('latin1') === 'v10';
}

/** Null for what this account cannot open, or no longer: a person is then asked. */
async function unsealed(sealing: Sealing, content: Buffer): Promise<string | null> {
  try {
    return (await sealing.decryptStringAsync(content)).result;
  } catch {
    return null;
  }
}

/** The secret inside, if it was sealed for this purpose and name: files can be exchanged for each other. */
function secretOf(text: string | null, purpose: string, name: string): Uint8Array | null {
  if (text === null) return null;
  const parts = parsed(text);
  if (!Array.isArray(parts) || parts[0] !== purpose || parts[1] !== name) return null;
  const secret: unknown = parts[2];
  return typeof secret === 'string' ? Uint8Array.from(Buffer.from(secret, 'base64')) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Tells nobody which keystores there are. */
function fileName(purpose: string, name: string): string {
  return createHash('sha256')
    .update(JSON.stringify([purpose, name]))
    .digest('hex');
}
