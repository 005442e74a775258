import { execFile } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../../../test/softhsm.ts';
import { verifySignature } from '../../pki/signature.ts';
import type { Keystore } from '../keystore.ts';
import { nodeProcessLauncher } from '../node-process-launcher.ts';
import { createTokenBridge, type TokenBridge } from './bridge.ts';

const run = promisify(execFile);

let softhsm: SoftHsm;
let bridge: TokenBridge;
let token: SoftHsmToken;
let keystore: Keystore;

beforeAll(async () => {
  softhsm = await makeSoftHsm();
  bridge = createTokenBridge(nodeProcessLauncher({ env: softhsm.env }));
  token = await softhsm.makeToken({ label: 'import' });
  const pin = new TextEncoder().encode(token.pin);
  const selector = { serial: token.serial };
  keystore = await bridge.openToken({ module: softhsm.module, selector, pin });
});

afterEach(async () => {
  for (const { alias } of await keystore.entries()) await keystore.remove(alias);
});

afterAll(async () => {
  await bridge.close();
  await softhsm.cleanup();
});

const p256 = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
const p384 = () => generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey;
const p521 = () => generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).privateKey;
const ed25519 = () => generateKeyPairSync('ed25519').privateKey;
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const spkiOf = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'der' });

describe('a key made elsewhere', () => {
  test.each([
    ['EC P-256', p256, 'SHA256WITHECDSA'],
    ['EC P-384', p384, 'SHA384WITHECDSA'],
    ['EC P-521', p521, 'SHA512WITHECDSA'],
    ['Ed25519', ed25519, 'ED25519'],
    ['RSA 2048', rsa, 'SHA256WITHRSA'],
  ] as const)('signs on the token once imported: %s', async (_name, make, algorithm) => {
    const key = make();
    const described = await keystore.importKeyPair('imported', key);
    expect(described).toMatchObject({ alias: 'imported', generatedThere: false, notes: [] });
    expect(described.spki).toEqual(spkiOf(key));
    const data = Buffer.from('to be signed');
    const signature = await keystore.sign('imported', algorithm, data);
    expect(verifySignature(spkiOf(key), algorithm, data, signature)).toBe(true);
    const [entry] = await keystore.entries();
    expect(entry?.key).toMatchObject({ alias: 'imported', generatedThere: false });
  });

  test('is seen by pkcs11-tool as sensitive, not extractable and not local', async () => {
    await keystore.importKeyPair('imported', p256());
    const { stdout } = await run(
      'pkcs11-tool',
      [
        '--module',
        softhsm.module,
        '--token-label',
        token.label,
        '--login',
        '--pin',
        token.pin,
      ].concat(['--list-objects', '--type', 'privkey']),
      { env: { ...process.env, ...softhsm.env } },
    );
    expect(stdout).toContain('imported');
    const access = /Access:\s*(.*)/.exec(stdout)?.[1] ?? '';
    expect(access).toContain('sensitive');
    expect(access).not.toMatch(/extractable|local/);
  });

  test('replaces the pair under its alias and leaves the others', async () => {
    await keystore.generateKeyPair('other', 'prime256v1');
    await keystore.generateKeyPair('imported', 'prime256v1');
    const key = p256();
    await keystore.importKeyPair('imported', key);
    const entries = await keystore.entries();
    expect(entries.map(({ alias }) => alias)).toEqual(['imported', 'other']);
    expect(entries[0]?.key?.spki).toEqual(spkiOf(key));
    expect(entries[1]?.key?.generatedThere).toBe(true);
  });

  test('leaves no wrapping key behind', async () => {
    await keystore.importKeyPair('imported', p256());
    const { stdout } = await run(
      'pkcs11-tool',
      [
        '--module',
        softhsm.module,
        '--token-label',
        token.label,
        '--login',
        '--pin',
        token.pin,
      ].concat(['--list-objects', '--type', 'secrkey']),
      { env: { ...process.env, ...softhsm.env } },
    );
    expect(stdout.trim()).toBe('');
  });

  test('on another curve is refused and leaves nothing', async () => {
    const key = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
    await expect(keystore.importKeyPair('imported', key)).rejects.toMatchObject({
      code: 'TOKEN-05',
    });
    expect(await keystore.entries()).toEqual([]);
  });

  test('is created from its parts where the token does not unwrap', async () => {
    const plain = await makeSoftHsm();
    onTestFinished(() => plain.cleanup());
    await appendFile(plain.conf, 'slots.mechanisms = -CKM_AES_KEY_WRAP,CKM_AES_KEY_WRAP_PAD\n');
    const other = createTokenBridge(nodeProcessLauncher({ env: plain.env }));
    onTestFinished(() => other.close());
    const { serial, pin } = await plain.makeToken();
    const opened = await other.openToken({
      module: plain.module,
      selector: { serial },
      pin: new TextEncoder().encode(pin),
    });
    for (const [key, algorithm] of [
      [p384(), 'SHA384WITHECDSA'],
      [rsa(), 'SHA256WITHRSA'],
    ] as const) {
      await opened.importKeyPair('created', key);
      const data = Buffer.from('to be signed');
      const signature = await opened.sign('created', algorithm, data);
      const hash = algorithm.slice(0, 6).toLowerCase();
      expect(verify(hash, data, createPublicKey(key), signature)).toBe(true);
    }
    const listed = await run('pkcs11-tool', ['--module', plain.module, '--list-mechanisms'], {
      env: { ...process.env, ...plain.env },
    });
    expect(listed.stdout).not.toMatch(/0x210A|AES-KEY-WRAP-PAD/i);
  });
});
