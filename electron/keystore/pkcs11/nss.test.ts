import { createPublicKey, verify } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeOpensslAuthority, type OpensslAuthority } from '../../../test/openssl-certificates.ts';
import { nodeProcessLauncher } from '../node-process-launcher.ts';
import { createTokenBridge, type TokenBridge } from './bridge.ts';

const secret = (text: string) => new TextEncoder().encode(text);
const module = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64']
  .map((folder) => `${folder}/libsoftokn3.so`)
  .find((path) => existsSync(path));

let dir: string;
let bridge: TokenBridge;
let authority: OpensslAuthority;

/** A second implementation of PKCS#11, with habits of its own: serials of zeros, CKA_LOCAL not set. */
describe.runIf(module)('NSS softokn', () => {
  const path = module ?? '';
  const selector = { label: 'NSS Certificate DB' };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'est-nss-'));
    authority = await makeOpensslAuthority();
    const parameters = `configdir='sql:${dir}' certPrefix='' keyPrefix='' secmod='secmod.db'`;
    bridge = createTokenBridge(nodeProcessLauncher(), {
      libraryParameters: { [path]: parameters },
    });
    await bridge.initialiseToken({
      module: path,
      slot: 2,
      label: 'ignored by NSS',
      soPin: secret(''),
      pin: secret('123456'),
    });
  });

  afterAll(async () => {
    await bridge.close();
    await rm(dir, { recursive: true, force: true });
    await authority.cleanup();
  });

  test('is a keystore like any other', async () => {
    const keystore = await bridge.openToken({ module: path, selector, pin: secret('123456') });
    expect(keystore.token.serialUnique).toBe(false);
    const key = await keystore.generateKeyPair('est-request-key-pair', 'prime256v1');
    expect(key.notes.map(({ code }) => code)).toContain('KEY-NOT-LOCAL');
    const signature = await keystore.sign('est-request-key-pair', 'SHA256WITHECDSA', secret('x'));
    const publicKey = createPublicKey({ key: key.spki, format: 'der', type: 'spki' });
    expect(verify('sha256', secret('x'), publicKey, signature)).toBe(true);
    const certificate = await authority.issue(key.spki, '/CN=on NSS');
    await keystore.storeCertificate('est-request-key-pair', certificate);
    await keystore.rename('est-request-key-pair', 'est-enrolled-key-pair');
    expect(await keystore.entries()).toMatchObject([
      { alias: 'est-enrolled-key-pair', key: { id: key.id, spki: key.spki }, certificate },
    ]);
    await keystore.remove('est-enrolled-key-pair');
    expect(await keystore.entries()).toEqual([]);
    await keystore.close();
  });

  test('refuses a wrong PIN', async () => {
    const attempt = bridge.openToken({ module: path, selector, pin: secret('654321') });
    await expect(attempt).rejects.toMatchObject({ code: 'PIN-01' });
  });
});
