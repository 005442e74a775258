import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { discardFolder } from '../../../test/discard-folder.ts';
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
    await discardFolder(dir);
    await authority.cleanup();
  });

  test('has a serial of zeros, which tells it from no other', async () => {
    const keystore = await bridge.openToken({ module: path, selector, pin: secret('123456') });
    expect(keystore.token.serialUnique).toBe(false);
    await keystore.close();
  });

  test('keeps a certificate under one alias, and takes it under a second without an error', async () => {
    const keystore = await bridge.openToken({ module: path, selector, pin: secret('123456') });
    await keystore.storeCertificate('est-cacerts_0', authority.certificate);
    await keystore.storeCertificate('est-bootstrap-ca', authority.certificate);
    expect(await keystore.entries()).toMatchObject([{ certificate: authority.certificate }]);
    await keystore.close();
  });

  test('refuses a wrong PIN', async () => {
    const attempt = bridge.openToken({ module: path, selector, pin: secret('654321') });
    await expect(attempt).rejects.toMatchObject({ code: 'PIN-01' });
  });
});
