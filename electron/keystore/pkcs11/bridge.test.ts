import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { allSignatureAlgorithms, keyParameterSets } from '../../../shared/profile.ts';
import { makeOpensslAuthority, type OpensslAuthority } from '../../../test/openssl-certificates.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../../../test/softhsm.ts';
import type { Keystore } from '../keystore.ts';
import { nodeProcessLauncher } from '../node-process-launcher.ts';
import { createTokenBridge, type TokenBridge } from './bridge.ts';

const run = promisify(execFile);
const secret = (text: string) => new TextEncoder().encode(text);

let softhsm: SoftHsm;
let bridge: TokenBridge;
let authority: OpensslAuthority;
/** A token for whatever leaves it as it was. */
let steady: SoftHsmToken;
/** The same token, open; empty before each test. */
let keystore: Keystore;

beforeAll(async () => {
  softhsm = await makeSoftHsm();
  bridge = createTokenBridge(nodeProcessLauncher({ env: softhsm.env }));
  authority = await makeOpensslAuthority();
  steady = await softhsm.makeToken({ label: 'steady' });
  keystore = await openToken(steady);
});

afterEach(async () => {
  for (const { alias } of await keystore.entries()) await keystore.remove(alias);
});

afterAll(async () => {
  await bridge.close();
  await softhsm.cleanup();
  await authority.cleanup();
});

const openToken = ({ serial, pin }: SoftHsmToken) =>
  bridge.openToken({ module: softhsm.module, selector: { serial }, pin: secret(pin) });

describe('listing tokens', () => {
  test('shows the free slot as an uninitialised token', async () => {
    const tokens = await bridge.listTokens(softhsm.module);
    expect(tokens.filter((token) => !token.initialised)).toMatchObject([
      { serial: '', serialUnique: false, pinState: 'not-set', module: softhsm.module },
    ]);
  });

  test('sees a token that another program has made since', async () => {
    const made = await softhsm.makeToken({ label: 'made elsewhere' });
    const tokens = await bridge.listTokens(softhsm.module);
    expect(tokens.find(({ serial }) => serial === made.serial)).toMatchObject({
      label: 'made elsewhere',
      initialised: true,
      serialUnique: true,
      pinState: 'ok',
      pinPad: false,
      canGenerate: [...keyParameterSets],
      canSign: [...allSignatureAlgorithms],
    });
  });
});

test('a token tells its mechanisms, flags and free space', async () => {
  const details = await bridge.describeTokens(softhsm.module);
  const found = details.find(({ token }) => token.serial === steady.serial);
  expect(found).toMatchObject({ token: { label: 'steady' }, freePublicMemory: null });
  expect(found?.flags).toEqual(
    expect.arrayContaining(['CKF_TOKEN_INITIALIZED', 'CKF_LOGIN_REQUIRED']),
  );
  expect(found?.mechanisms).toContainEqual({
    name: 'CKM_ECDSA',
    minKeySize: 112,
    maxKeySize: 521,
  });
  expect(found?.mechanisms.map(({ name }) => name)).toContain('CKM_EDDSA');
});

describe('initialising a token', () => {
  test('gives it label and user PIN, and finds it again under its new slot number', async () => {
    const [soPin, pin] = [secret('87654321'), secret('secret-pin')];
    const made = await bridge.initialiseToken({
      module: softhsm.module,
      label: 'Zähler 7',
      soPin,
      pin,
    });
    expect(made).toMatchObject({ label: 'Zähler 7', initialised: true, pinState: 'ok' });
    expect([...soPin, ...pin].every((byte) => byte === 0)).toBe(true);
    const { stdout } = await run('softhsm2-util', ['--show-slots'], {
      env: { ...process.env, ...softhsm.env },
    });
    expect(stdout).toContain(`Slot ${made.slot}`);
    expect(stdout).toContain(made.serial);
    const opened = await bridge.openToken({
      module: softhsm.module,
      selector: { label: 'Zähler 7' },
      pin: secret('secret-pin'),
    });
    expect(opened.name).toBe(`Zähler 7 (${made.serial})`);
    await opened.close();
  });

  test('refuses an initialised token, unless its present label is named', async () => {
    const token = await softhsm.makeToken({ label: 'full' });
    const request = () => ({
      module: softhsm.module,
      serial: token.serial,
      label: 'new',
      soPin: secret(token.soPin),
      pin: secret('123456'),
    });
    await expect(bridge.initialiseToken(request())).rejects.toMatchObject({ code: 'TOKEN-11' });
    await expect(
      bridge.initialiseToken({ ...request(), destroyExisting: 'other' }),
    ).rejects.toMatchObject({ code: 'TOKEN-11' });
    const made = await bridge.initialiseToken({ ...request(), destroyExisting: 'full' });
    expect(made.label).toBe('new');
  });

  test.each([
    ['a wrong SO PIN', { soPin: 'wrong-so-pin' }, 'PIN-06'],
    ['a user PIN that is too short', { pin: '1' }, 'PIN-04'],
    ['an SO PIN that is too short', { soPin: '1' }, 'PIN-04'],
    ['a label of more than 32 bytes', { label: 'ä'.repeat(17) }, 'TOKEN-13'],
    ['an empty label', { label: '' }, 'TOKEN-13'],
    ['a serial that is not there', { serial: 'absent' }, 'TOKEN-02'],
  ])('refuses %s and leaves the token as it was', async (_, wrong, code) => {
    const { soPin, pin, ...rest } = { soPin: steady.soPin, pin: '123456', ...wrong };
    const attempt = bridge.initialiseToken({
      module: softhsm.module,
      serial: steady.serial,
      label: 'changed',
      destroyExisting: 'steady',
      ...rest,
      soPin: secret(soPin),
      pin: secret(pin),
    });
    await expect(attempt).rejects.toMatchObject({ code });
    await (await openToken(steady)).close();
  });
});

describe('opening a token', () => {
  test('tells why the selected one cannot be had', async () => {
    await softhsm.makeToken({ label: 'twin' });
    await softhsm.makeToken({ label: 'twin' });
    const open = (selector: { serial?: string; label?: string }) =>
      bridge.openToken({ module: softhsm.module, selector, pin: null });
    await expect(open({ label: 'twin' })).rejects.toMatchObject({ code: 'TOKEN-10' });
    await expect(open({ serial: 'absent' })).rejects.toMatchObject({
      code: 'TOKEN-02',
      params: { token: 'absent' },
    });
    await expect(open({ serial: '' })).rejects.toMatchObject({ code: 'TOKEN-04' });
  });

  test('without a PIN shows certificates and public keys, and cannot sign', async () => {
    const token = await softhsm.makeToken({ label: 'public' });
    const owner = await openToken(token);
    const key = await owner.generateKeyPair('est-enrolled-key-pair', 'prime256v1');
    const certificate = await authority.issue(key.spki, '/CN=device');
    await owner.storeCertificate('est-enrolled-key-pair', certificate);
    await owner.close();

    const visitor = await bridge.openToken({
      module: softhsm.module,
      selector: { serial: token.serial },
      pin: null,
    });
    expect(await visitor.entries()).toMatchObject([
      {
        alias: 'est-enrolled-key-pair',
        certificate,
        key: { spki: key.spki, generatedThere: false },
      },
    ]);
    const attempt = visitor.sign('est-enrolled-key-pair', 'SHA256WITHECDSA', secret('x'));
    await expect(attempt).rejects.toMatchObject({ code: 'PIN-08' });
    await visitor.close();
  });

  test('leaves nothing running after it is closed, twice over', async () => {
    const keystore = await openToken(await softhsm.makeToken({ label: 'closed' }));
    await keystore.close();
    await keystore.close();
    await expect(keystore.entries()).rejects.toMatchObject({ code: 'PIN-08' });
  });

  test('serves two tokens at the same time', async () => {
    const tokens = [
      await softhsm.makeToken({ label: 'a' }),
      await softhsm.makeToken({ label: 'b' }),
    ];
    const opened = await Promise.all(tokens.map(openToken));
    await Promise.all(opened.map((keystore) => keystore.generateKeyPair('k', 'prime256v1')));
    const [one, other] = await Promise.all(opened.map((keystore) => keystore.entries()));
    expect(one).toHaveLength(1);
    expect(one?.[0]?.key?.id).not.toBe(other?.[0]?.key?.id);
    await Promise.all(opened.map((keystore) => keystore.close()));
  });
});

describe('a key', () => {
  test('and its certificate are the objects that pkcs11-tool sees', async () => {
    const key = await keystore.generateKeyPair('est-enrolled-key-pair', 'prime256v1');
    const certificate = await authority.issue(key.spki, '/CN=agreed');
    await keystore.storeCertificate('est-enrolled-key-pair', certificate);

    const tool = (...args: string[]) =>
      run('pkcs11-tool', ['--module', softhsm.module, '--token-label', 'steady', ...args], {
        env: { ...process.env, ...softhsm.env },
        encoding: 'buffer',
      }).then(({ stdout }) => stdout);
    const objects = (await tool('--login', '--pin', steady.pin, '--list-objects')).toString();
    expect(objects.match(new RegExp(`ID: +${key.id}`, 'g'))).toHaveLength(3);
    expect(objects.match(/label: +est-enrolled-key-pair/g)).toHaveLength(3);
    expect(objects).toMatch(/Access: +sensitive, always sensitive, never extractable, local/);
    expect(objects).toMatch(/Private Key Object; EC[\s\S]+?Usage: +sign\n/);
    expect(objects).toMatch(/subject: +DN: CN=agreed/);
    expect(await tool('--read-object', '--type', 'pubkey', '--id', key.id)).toEqual(key.spki);
    expect(await tool('--read-object', '--type', 'cert', '--id', key.id)).toEqual(certificate);
  });
});
