import { resolve } from 'node:path';
import type { StationHandlers } from '../../shared/contract/handlers.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { KeptPurpose, StationPorts } from './ports.ts';

/** A passphrase of a software keystore. */
interface Passphrase {
  readonly purpose: KeptPurpose;
  /** The keystore's folder. */
  readonly path: string;
}

type KeptCommands = Pick<StationHandlers, 'secrets.kept' | 'secrets.remember' | 'secrets.forget'>;

/** The commands for passphrases that a person wants kept on this computer. */
export function keptPassphraseCommands(ports: StationPorts): KeptCommands {
  return {
    'secrets.kept': async (which) => ({
      available: await isProtected(ports),
      kept: await isKept(ports, which),
    }),
    'secrets.remember': async ({ secret, ...which }) => {
      await remember(ports, which, secret);
      return {};
    },
    'secrets.forget': async (which) => {
      await forget(ports, which);
      return {};
    },
  };
}

async function isProtected({ secretStore }: StationPorts): Promise<boolean> {
  return (await secretStore?.protects()) ?? false;
}

async function isKept({ secretStore }: StationPorts, which: Passphrase): Promise<boolean> {
  const kept = (await secretStore?.read(which.purpose, resolve(which.path))) ?? null;
  kept?.fill(0);
  return kept !== null;
}

/**
 * Keeps a passphrase that opens its keystore, or will open one that is not there yet.
 * @throws StationError SECRET-03 where nothing protects it, PIN-07 when it does not open the keystore, STORE-01, STORE-02
 */
async function remember(
  ports: StationPorts,
  { purpose, path }: Passphrase,
  passphrase: Uint8Array,
): Promise<void> {
  const { secretStore } = ports;
  if (secretStore === null || !(await secretStore.protects())) throw new StationError('SECRET-03');
  await proved(ports, path, passphrase);
  await secretStore.write(purpose, resolve(path), passphrase);
  await record(ports, 'secret.kept', { purpose, path });
}

/** @throws StationError PIN-07 */
async function proved(ports: StationPorts, path: string, passphrase: Uint8Array): Promise<void> {
  try {
    const opened = await ports.openSoftwareKeystore({ path, passphrase, create: false });
    await opened.close();
  } catch (error) {
    const notThere = error instanceof StationError && error.code === 'KEYSTORE-01';
    if (!notThere) throw error;
  }
}

async function forget(ports: StationPorts, which: Passphrase): Promise<void> {
  const kept = await isKept(ports, which);
  // Also what cannot be read any more.
  await ports.secretStore?.forget(which.purpose, resolve(which.path));
  if (kept) await record(ports, 'secret.forgotten', which);
}

async function record(
  { store, clock, operator }: StationPorts,
  what: 'secret.kept' | 'secret.forgotten',
  { purpose, path }: Passphrase,
): Promise<void> {
  const at = clock.now().toISOString();
  const details = { purpose, keystore: resolve(path) };
  await store.audit.append({ at, who: operator, what, token: null, certificate: null, details });
}
