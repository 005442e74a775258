import { execFile } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeOpensslAuthority } from '../../../test/openssl-certificates.ts';
import { makeSoftHsm, type SoftHsm } from '../../../test/softhsm.ts';
import { readCertificate } from '../../pki/certificate.ts';
import { nodeProcessLauncher } from '../node-process-launcher.ts';
import { createTokenBridge, type TokenBridge } from './bridge.ts';

const data = Buffer.from('to be signed');
const algorithm = 'SHA256WITHECDSA';

const isBy = (spki: Buffer, signature: Buffer) =>
  verify('sha256', data, createPublicKey({ key: spki, type: 'spki', format: 'der' }), signature);

describe('a key that was used before', () => {
  let softhsm: SoftHsm;
  let bridges: readonly [TokenBridge, TokenBridge];
  beforeAll(async () => {
    softhsm = await makeSoftHsm();
    const launcher = nodeProcessLauncher({ env: softhsm.env });
    bridges = [createTokenBridge(launcher), createTokenBridge(launcher)];
  });
  afterAll(async () => {
    await Promise.all(bridges.map((bridge) => bridge.close()));
    await softhsm.cleanup();
  });

  /** The same token, opened in two key processes, one after the other: SoftHSM may overlook a new token otherwise. */
  async function openTwice() {
    const { serial, pin } = await softhsm.makeToken();
    const { module } = softhsm;
    const open = (bridge: TokenBridge) =>
      bridge.openToken({ module, selector: { serial }, pin: Buffer.from(pin) });
    const [first, second] = bridges;
    return { one: await open(first), other: await open(second) };
  }

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

describe('several private keys under one alias', { timeout: 60_000 }, () => {
  let softhsm: SoftHsm;
  let bridge: TokenBridge;
  let made = 0;
  beforeAll(async () => {
    softhsm = await makeSoftHsm();
    bridge = createTokenBridge(nodeProcessLauncher({ env: softhsm.env }));
  });
  afterAll(async () => {
    await bridge.close();
    await softhsm.cleanup();
  });

  /** A token with keys of these identifiers, all labelled `k`, made by another program in this order. */
  async function tokenWith(...ids: readonly string[]) {
    made += 1;
    const { serial, label, pin } = await softhsm.makeToken({ label: `keys ${made}` });
    const target = ['--module', softhsm.module, '--token-label', label, '--login', '--pin', pin];
    const env = { ...process.env, ...softhsm.env };
    const tool = async (...args: string[]) =>
      await promisify(execFile)('pkcs11-tool', [...target, '--label', 'k', ...args], { env });
    for (const id of ids) await tool('--keypairgen', '--key-type', 'EC:prime256v1', '--id', id);
    const open = async () => {
      const { module } = softhsm;
      return await bridge.openToken({ module, selector: { serial }, pin: Buffer.from(pin) });
    };
    return { tool, open };
  }

  test.each([[['01', '02']], [['02', '01']], [['03', '02', '01']]])(
    '%j: the one of the public key the alias stands for signs',
    async (ids) => {
      const { open } = await tokenWith(...ids);
      const token = await open();
      const { key } = (await token.entries()).find(({ alias }) => alias === 'k') ?? {};
      expect(key?.id).toBe('01');
      const signature = await token.sign('k', algorithm, data);
      expect(isBy(key?.spki ?? Buffer.alloc(0), signature)).toBe(true);
      await token.close();
    },
  );

  test.each(['01', '02'])('the one of the certificate (%s) signs', async (id) => {
    const { open, tool } = await tokenWith('02', '01');
    const before = await open();
    const spki = (await before.entries()).find(({ key }) => key?.id === id)?.key?.spki;
    await before.close();
    const authority = await makeOpensslAuthority();
    const der = await authority.issue(spki ?? Buffer.alloc(0), '/CN=of one of them');
    const file = join(softhsm.dir, `${id}.der`);
    await writeFile(file, der);
    await authority.cleanup();
    await tool('--write-object', file, '--type', 'cert', '--id', id);
    const token = await open();
    const entry = (await token.entries()).find(({ alias }) => alias === 'k');
    expect(entry).toMatchObject({ key: { id } });
    expect(readCertificate(entry?.certificate ?? Buffer.alloc(0)).spki).toEqual(spki);
    expect(isBy(spki ?? Buffer.alloc(0), await token.sign('k', algorithm, data))).toBe(true);
    await token.close();
  });

  test.each([
    ['share their identifier', ['01', '01'], false],
    ['have no public half and no certificate', ['01', '02'], true],
  ])('that %s are not guessed among', async (_, ids, withoutPublic) => {
    const { open, tool } = await tokenWith(...ids);
    for (const id of withoutPublic ? ids : []) {
      await tool('--delete-object', '--type', 'pubkey', '--id', id);
    }
    const token = await open();
    await expect(token.sign('k', algorithm, data)).rejects.toMatchObject({
      code: 'TOKEN-18',
      params: { alias: 'k', token: expect.stringContaining('keys') },
    });
    await expect(token.signatureAlgorithms('k')).rejects.toMatchObject({ code: 'TOKEN-18' });
    await token.close();
  });
});
