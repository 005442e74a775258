import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Keystore } from '../electron/keystore/keystore.ts';
import { nodeProcessLauncher } from '../electron/keystore/node-process-launcher.ts';
import { createTokenBridge } from '../electron/keystore/pkcs11/bridge.ts';
import type { TokenInfo } from '../shared/token.ts';
import { discardFolder } from './discard-folder.ts';
import { makeSoftHsm } from './softhsm.ts';
import { startSwtpm, tpmModule } from './swtpm.ts';

/** A fresh token of one implementation of PKCS#11, open and logged in. */
export interface BenchToken {
  readonly keystore: Keystore & { readonly token: TokenInfo };
  cleanup(): Promise<void>;
}

/** One implementation of PKCS#11 that the keystore's tests run on. */
export interface TokenBench {
  readonly name: string;
  readonly installed: boolean;
  /** Codes of the notices every key that was made there carries. */
  readonly keyNotes: readonly string[];
  /** Whether it takes keys that were made elsewhere. */
  readonly imports: boolean;
  open(): Promise<BenchToken>;
}

const secret = (text: string) => new TextEncoder().encode(text);
const pin = '123456';
const softokn = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64']
  .map((folder) => `${folder}/libsoftokn3.so`)
  .find((path) => existsSync(path));

export const tokenBenches: readonly TokenBench[] = [
  { name: 'SoftHSM2', installed: true, keyNotes: [], imports: true, open: openSoftHsm },
  // CKA_LOCAL is not set on keys that NSS made itself.
  {
    name: 'NSS softokn',
    installed: softokn !== undefined,
    keyNotes: ['KEY-NOT-LOCAL'],
    imports: true,
    open: () => openNss(softokn ?? ''),
  },
  {
    name: 'tpm2-pkcs11 on swtpm',
    // Some ten seconds.
    installed: tpmModule !== undefined && process.env.EST_STATION_FULL === '1',
    keyNotes: [],
    imports: false,
    open: () => openTpm(tpmModule ?? ''),
  },
];

async function openSoftHsm(): Promise<BenchToken> {
  const softhsm = await makeSoftHsm();
  const bridge = createTokenBridge(nodeProcessLauncher({ env: softhsm.env }));
  const { serial } = await softhsm.makeToken({ label: 'bench', pin });
  const selector = { serial };
  return {
    keystore: await bridge.openToken({ module: softhsm.module, selector, pin: secret(pin) }),
    async cleanup() {
      await bridge.close();
      await softhsm.cleanup();
    },
  };
}

async function openNss(module: string): Promise<BenchToken> {
  const dir = await mkdtemp(join(tmpdir(), 'est-nss-'));
  const parameters = `configdir='sql:${dir}' certPrefix='' keyPrefix='' secmod='secmod.db'`;
  const bridge = createTokenBridge(nodeProcessLauncher(), {
    libraryParameters: { [module]: parameters },
  });
  const soPin = secret('');
  await bridge.initialiseToken({ module, slot: 2, label: 'bench', soPin, pin: secret(pin) });
  const selector = { label: 'NSS Certificate DB' };
  return {
    keystore: await bridge.openToken({ module, selector, pin: secret(pin) }),
    async cleanup() {
      await bridge.close();
      await discardFolder(dir);
    },
  };
}

async function openTpm(module: string): Promise<BenchToken> {
  const tpm = await startSwtpm();
  const bridge = createTokenBridge(nodeProcessLauncher({ env: tpm.env }));
  const soPin = secret('87654321');
  await bridge.initialiseToken({ module, label: 'bench', soPin, pin: secret(pin) });
  const selector = { label: 'bench' };
  return {
    keystore: await bridge.openToken({ module, selector, pin: secret(pin) }),
    async cleanup() {
      await bridge.close();
      await tpm.cleanup();
    },
  };
}
