import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSoftHsm, type SoftHsm } from '../../../test/softhsm.ts';
import { nodeProcessLauncher } from '../node-process-launcher.ts';
import { createTokenBridge, type TokenBridge } from './bridge.ts';

const data = Buffer.from('to be signed');
const algorithm = 'SHA256WITHECDSA';

describe('a key that was used before', () => {
  let softhsm: SoftHsm;
  let bridges: readonly TokenBridge[];
  beforeAll(async () => {
    softhsm = await makeSoftHsm();
    const launcher = nodeProcessLauncher({ env: softhsm.env });
    bridges = [createTokenBridge(launcher), createTokenBridge(launcher)];
  });
  afterAll(async () => {
    await Promise.all(bridges.map((bridge) => bridge.close()));
    await softhsm.cleanup();
  });

  /** The same token, opened in two key processes. */
  async function openTwice() {
    const { serial, pin } = await softhsm.makeToken();
    const { module } = softhsm;
    const open = (bridge: TokenBridge) =>
      bridge.openToken({ module, selector: { serial }, pin: Buffer.from(pin) });
    const [one, other] = await Promise.all(bridges.map(open));
    if (!one || !other) throw new Error('the token was not opened twice');
    return { one, other };
  }

  const isBy = (spki: Buffer, signature: Buffer) =>
    verify('sha256', data, createPublicKey({ key: spki, type: 'spki', format: 'der' }), signature);

  test('is another one once its alias was taken by another', async () => {
    const { one } = await openTwice();
    await one.generateKeyPair('k', 'prime256v1');
    await one.sign('k', algorithm, data);
    const renewed = await one.generateKeyPair('next', 'prime256v1');
    await one.rename('next', 'k');
    expect(isBy(renewed.spki, await one.sign('k', algorithm, data))).toBe(true);
  });

  test('is looked up again when another process replaced it', async () => {
    const { one, other } = await openTwice();
    await one.generateKeyPair('k', 'prime256v1');
    await one.sign('k', algorithm, data);
    const replaced = await other.generateKeyPair('k', 'prime256v1');
    expect(isBy(replaced.spki, await one.sign('k', algorithm, data))).toBe(true);
  });

  test('is missed when another process removed it', async () => {
    const { one, other } = await openTwice();
    await one.generateKeyPair('k', 'prime256v1');
    await one.sign('k', algorithm, data);
    await other.remove('k');
    await expect(one.sign('k', algorithm, data)).rejects.toMatchObject({ code: 'TOKEN-09' });
  });
});
