import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FaultyModule, makeFaultyModule } from '../../../test/faulty-module.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../../../test/softhsm.ts';
import { verifySignature } from '../../pki/signature.ts';
import { nodeProcessLauncher } from '../node-process-launcher.ts';
import { createTokenBridge, type TokenBridge } from './bridge.ts';

const secret = (text: string) => new TextEncoder().encode(text);
const data = secret('to be signed');

let softhsm: SoftHsm;
let faulty: FaultyModule;
let token: SoftHsmToken;
let bridge: TokenBridge;

beforeAll(async () => {
  softhsm = await makeSoftHsm();
  faulty = await makeFaultyModule(softhsm.dir, softhsm.module);
  token = await softhsm.makeToken({ label: 'always' });
  await promisify(execFile)(
    'pkcs11-tool',
    [
      ...['--module', softhsm.module, '--token-label', token.label, '--login', '--pin', token.pin],
      ...['--keypairgen', '--key-type', 'EC:prime256v1', '--label', 'k', '--id', '01'],
      '--always-auth',
    ],
    { env: { ...process.env, ...softhsm.env } },
  );
  const env = { ...softhsm.env, ...faulty.env, FAULTY_PIN: token.pin };
  bridge = createTokenBridge(nodeProcessLauncher({ env }));
});

afterAll(async () => {
  await bridge.close();
  await softhsm.cleanup();
});

const logins = async () => (await faulty.calls()).filter((call) => call === 'C_Login').length;

const open = (pinForUse?: () => Promise<Uint8Array>) =>
  bridge.openToken({
    module: faulty.module,
    selector: { serial: token.serial },
    pin: secret(token.pin),
    pinForUse,
  });

describe('a key that wants the PIN at each use', () => {
  test('gets it from the person each time', async () => {
    let asked = 0;
    const keystore = await open(async () => {
      asked += 1;
      return secret(token.pin);
    });
    const [entry] = await keystore.entries();
    for (const use of [1, 2]) {
      const signature = await keystore.sign('k', 'SHA256WITHECDSA', data);
      const { spki = Buffer.alloc(0) } = entry?.key ?? {};
      expect(verifySignature(spki, 'SHA256WITHECDSA', data, signature)).toBe(true);
      expect(asked).toBe(use);
    }
    await keystore.close();
  });

  test('is not used where nobody can be asked, and no PIN is sent', async () => {
    const keystore = await open();
    const before = await logins();
    const attempt = keystore.sign('k', 'SHA256WITHECDSA', data);
    await expect(attempt).rejects.toMatchObject({ code: 'PIN-10' });
    expect(await logins()).toBe(before);
    await keystore.close();
  });

  test('tells a refused PIN, which is sent once, and can be used afterwards', async () => {
    const pins = ['654321', token.pin];
    const keystore = await open(async () => secret(pins.shift() ?? ''));
    const before = await logins();
    const sign = () => keystore.sign('k', 'SHA256WITHECDSA', data);
    await expect(sign()).rejects.toMatchObject({ code: 'PIN-01' });
    expect(await logins()).toBe(before + 1);
    await expect(sign()).resolves.toBeDefined();
    await keystore.close();
  });

  test('can be asked about beforehand, for one use', async () => {
    let asked = 0;
    const keystore = await open(async () => {
      asked += 1;
      return secret(token.pin);
    });
    expect(await keystore.asksAtUse?.('k')).toBe(true);
    const use = await keystore.prepareUse?.('k');
    expect(asked).toBe(1);
    await expect(use?.sign('SHA256WITHECDSA', data)).resolves.toBeDefined();
    expect(asked).toBe(1);
    await expect(use?.sign('SHA256WITHECDSA', data)).resolves.toBeDefined();
    expect(asked).toBe(2);
    await keystore.close();
  });

  test('has an answer zeroed that was not used', async () => {
    const answer = secret(token.pin);
    const keystore = await open(async () => answer);
    const use = await keystore.prepareUse?.('k');
    use?.release();
    expect(answer.every((octet) => octet === 0)).toBe(true);
    await keystore.close();
    const alone = await open();
    await expect(alone.prepareUse?.('k')).rejects.toMatchObject({ code: 'PIN-10' });
    await alone.close();
  });

  test('asks on the reader’s PIN pad where there is one', async () => {
    await faulty.script('C_GetTokenInfo flags 0x100', 'C_Login keypad');
    const keystore = await open();
    await expect(keystore.sign('k', 'SHA256WITHECDSA', data)).resolves.toBeDefined();
    await keystore.close();
    await faulty.script();
  });
});
