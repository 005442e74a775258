import { createPrivateKey } from 'node:crypto';
import { nodeProcessLauncher } from '../electron/keystore/node-process-launcher.ts';
import { createTokenBridge, type TokenBridge } from '../electron/keystore/pkcs11/bridge.ts';
import { certificatesFromPem } from '../electron/pki/pem.ts';
import type { SoftHsm, SoftHsmToken } from './softhsm.ts';

/** A bridge to the tokens of one SoftHSM. */
export function softHsmBridge(softHsm: SoftHsm): TokenBridge {
  return createTokenBridge(nodeProcessLauncher({ env: { ...process.env, ...softHsm.env } }));
}

/** Opens a token with its PIN. */
export async function openToken(bridge: TokenBridge, softHsm: SoftHsm, token: SoftHsmToken) {
  return await bridge.openToken({
    module: softHsm.module,
    selector: { serial: token.serial },
    pin: Buffer.from(token.pin),
  });
}

/** Key (PKCS#8) and chain, its own certificate first, PEM. */
interface Pair {
  readonly keyPem: string;
  readonly chainPem: string;
}

/** Makes a card as its issuer would: a key and its certificate under `alias`, the issuers beside it. */
export async function putCredential(
  softHsm: SoftHsm,
  token: SoftHsmToken,
  { keyPem, chainPem }: Pair,
  alias: string,
): Promise<void> {
  const bridge = softHsmBridge(softHsm);
  const keystore = await openToken(bridge, softHsm, token);
  try {
    await keystore.importKeyPair(alias, createPrivateKey(keyPem));
    const [leaf, ...issuers] = certificatesFromPem(chainPem);
    if (leaf === undefined) throw new Error('the chain is empty');
    await keystore.storeCertificate(alias, leaf);
    for (const [index, issuer] of issuers.entries()) {
      await keystore.storeCertificate(`issuer-${index}`, issuer);
    }
  } finally {
    await bridge.close();
  }
}
