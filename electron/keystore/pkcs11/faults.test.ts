import { createPublicKey, verify } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type FaultyModule, makeFaultyModule } from '../../../test/faulty-module.ts';
import { makeOpensslAuthority, type OpensslAuthority } from '../../../test/openssl-certificates.ts';
import { makeSoftHsm, type SoftHsm } from '../../../test/softhsm.ts';
import type { Keystore } from '../keystore.ts';
import { nodeProcessLauncher } from '../node-process-launcher.ts';
import { createTokenBridge, type TokenBridge } from './bridge.ts';

const secret = (text: string) => new TextEncoder().encode(text);

let softhsm: SoftHsm;
let faulty: FaultyModule;
let bridge: TokenBridge;
let authority: OpensslAuthority;
/** An open token for everything that does not end its key process, empty before each test. */
let shared: Keystore;

beforeAll(async () => {
  softhsm = await makeSoftHsm();
  faulty = await makeFaultyModule(softhsm.dir, softhsm.module);
  bridge = createTokenBridge(nodeProcessLauncher({ env: { ...softhsm.env, ...faulty.env } }));
  authority = await makeOpensslAuthority();
  shared = await openNew('shared');
});

afterEach(async () => {
  await faulty.script();
  for (const { alias } of await shared.entries()) await shared.remove(alias);
});

afterAll(async () => {
  await bridge.close();
  await softhsm.cleanup();
  await authority.cleanup();
});

/** A bridge that waits only so long for one kind of call. */
const impatient = (deadlines: Record<string, number>) =>
  createTokenBridge(nodeProcessLauncher({ env: { ...softhsm.env, ...faulty.env } }), { deadlines });

async function openNew(label: string, through = bridge): Promise<Keystore> {
  const { serial, pin } = await softhsm.makeToken({ label });
  return await through.openToken({ module: faulty.module, selector: { serial }, pin: secret(pin) });
}

describe('a module that is none', () => {
  test('says what is wrong with the file', async () => {
    const text = join(softhsm.dir, 'module.txt');
    await writeFile(text, 'not a library');
    await expect(bridge.listTokens(join(softhsm.dir, 'none.so'))).rejects.toMatchObject({
      code: 'MODULE-01',
    });
    await expect(bridge.listTokens(text)).rejects.toMatchObject({ code: 'MODULE-02' });
    await expect(bridge.listTokens(softhsm.dir)).rejects.toMatchObject({ code: 'MODULE-02' });
    await expect(
      bridge.openToken({ module: process.execPath, selector: {}, pin: null }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^MODULE-0[23]$/) });
  });

  test('is told from a library without C_GetFunctionList', async () => {
    const library = nativeLibrary();
    await expect(bridge.listTokens(library)).rejects.toMatchObject({ code: 'MODULE-03' });
  });
});

/** A real shared library that is no PKCS#11 module: the native half of pkcs11js itself. */
function nativeLibrary(): string {
  return new URL('../../../node_modules/pkcs11js/build/Release/pkcs11.node', import.meta.url)
    .pathname;
}

describe('a module that misbehaves', () => {
  test.each([
    ['C_GetFunctionList crash', 'MODULE-04', 'start'],
    ['C_Initialize crash', 'MODULE-04', 'start'],
    ['C_Initialize fail 0x5', 'MODULE-06', undefined],
    ['C_GetSlotList crash', 'MODULE-04', 'list-tokens'],
    ['C_GetSlotList fail 0x5', 'TOKEN-08', 'C_GetSlotList'],
  ])('%s: %s, and the next look is fine', async (fault, code, call) => {
    await faulty.script(fault);
    await expect(bridge.listTokens(faulty.module)).rejects.toMatchObject({
      code,
      ...(call === undefined ? {} : { params: expect.objectContaining({ call }) }),
    });
    await faulty.script();
    expect(await bridge.listTokens(faulty.module)).not.toEqual([]);
  });

  test.each([
    ['C_Initialize hang', { start: 4_000 }, 'start'],
    ['C_GetTokenInfo hang', { 'list-tokens': 500 }, 'list-tokens'],
  ])('%s: is killed at its deadline', async (fault, deadlines, call) => {
    await faulty.script(fault);
    await expect(impatient(deadlines).listTokens(faulty.module)).rejects.toMatchObject({
      code: 'MODULE-05',
      params: { call, module: faulty.module },
    });
  });

  test('has no token in any slot', async () => {
    await faulty.script('C_GetSlotList gone');
    expect(await bridge.listTokens(faulty.module)).toEqual([]);
    const open = bridge.openToken({ module: faulty.module, selector: { label: 'x' }, pin: null });
    await expect(open).rejects.toMatchObject({ code: 'TOKEN-01' });
    const initialise = bridge.initialiseToken({
      module: faulty.module,
      label: 'x',
      soPin: secret('87654321'),
      pin: secret('123456'),
    });
    await expect(initialise).rejects.toMatchObject({ code: 'TOKEN-01' });
  });

  test('reports serials of zeros, which are not unique', async () => {
    await softhsm.makeToken({ label: 'zeros' });
    await faulty.script('C_GetTokenInfo zero-serial');
    const tokens = await bridge.listTokens(faulty.module);
    expect(tokens.find(({ label }) => label === 'zeros')).toMatchObject({
      serial: '0000000000000000',
      serialUnique: false,
    });
  });
});

describe('an open token that fails', () => {
  const sign = (keystore: Keystore) => keystore.sign('k', 'SHA256WITHECDSA', secret('x'));
  const generate = (keystore: Keystore) => keystore.generateKeyPair('other', 'prime256v1');
  const store = (keystore: Keystore) => keystore.storeCertificate('ca', authority.certificate);

  test.each([
    ['pulled', ['C_SignInit fail 0x32'], sign, 'TOKEN-03'],
    ['not present', ['C_FindObjectsInit fail 0xE0'], sign, 'TOKEN-03'],
    ['gone, by its slot', ['C_Sign fail 0x30', 'C_GetSlotInfo gone'], sign, 'TOKEN-03'],
    ['gone, with its session', ['C_SignInit fail 0xB3', 'C_GetSlotInfo gone'], sign, 'TOKEN-03'],
    ['logged out', ['C_SignInit fail 0x101'], sign, 'PIN-08'],
    ['broken', ['C_Sign fail 0x30'], sign, 'TOKEN-08'],
    ['signing too much', ['C_Sign longer'], sign, 'TOKEN-08'],
    ['signing too little', ['C_Sign shorter'], sign, 'TOKEN-08'],
    ['full', ['C_CreateObject fail 0x31'], store, 'TOKEN-06'],
    ['full of keys', ['C_GenerateKeyPair fail 0x31'], generate, 'TOKEN-06'],
    ['write-protected', ['C_CreateObject fail 0xE2'], store, 'TOKEN-07'],
    ['without the curve', ['C_GenerateKeyPair fail 0x140'], generate, 'TOKEN-05'],
    ['without key generation', ['C_GetMechanismList without 0x1040'], generate, 'TOKEN-05'],
    ['without ECDSA', ['C_GetMechanismList without 0x1041'], sign, 'TOKEN-05'],
    ['asking for a PIN per use', ['C_GetAttributeValue true 0x202'], sign, 'PIN-10'],
    ['vendor-specific', ['C_Sign fail 0x80000005'], sign, 'TOKEN-08'],
  ] as const)('%s: says so, and works again afterwards', async (_, faults, attempt, code) => {
    await shared.generateKeyPair('k', 'prime256v1');
    await faulty.script(...faults);
    await expect(attempt(shared)).rejects.toMatchObject({ code });
    await faulty.script();
    await expect(sign(shared)).resolves.toBeInstanceOf(Buffer);
  });

  test.each([
    ['crashes', 'C_Sign crash', {}, 'MODULE-04'],
    ['hangs', 'C_Sign hang', { sign: 500 }, 'MODULE-05'],
  ])('%s: the login is lost, and nothing logs in again', async (_, fault, deadlines, code) => {
    const keystore = await openNew('dies', impatient(deadlines));
    await keystore.generateKeyPair('k', 'prime256v1');
    await faulty.script(fault);
    const before = await faulty.calls();
    await expect(sign(keystore)).rejects.toMatchObject({ code, params: { call: 'sign' } });
    await faulty.script();
    await expect(sign(keystore)).rejects.toMatchObject({ code: 'PIN-08' });
    await expect(keystore.entries()).rejects.toMatchObject({ code: 'PIN-08' });
    await keystore.close();
    const since = (await faulty.calls()).slice(before.length);
    expect(since.filter((name) => name === 'C_Login')).toEqual([]);
  });

  test('an RSA key may take longer than an EC key', async () => {
    const keystore = await openNew('slow', impatient({ 'generate-key-pair': 1 }));
    await expect(keystore.generateKeyPair('k', '2048')).resolves.toMatchObject({ alias: 'k' });
    await faulty.script('C_GenerateKeyPair hang');
    await expect(keystore.generateKeyPair('k', 'prime256v1')).rejects.toMatchObject({
      code: 'MODULE-05',
    });
    await keystore.close();
  });
});

describe('a key that comes out otherwise', () => {
  const [extractable, sensitive, local, alwaysSensitive] = ['0x162', '0x103', '0x163', '0x165'];

  test.each([`true ${extractable}`, `false ${sensitive}`])(
    'could leave the token (%s): it is destroyed, the former one stays',
    async (fault) => {
      const former = await shared.generateKeyPair('k', 'prime256v1');
      await faulty.script(`C_GetAttributeValue ${fault}`);
      await expect(shared.generateKeyPair('k', 'prime256v1')).rejects.toMatchObject({
        code: 'TOKEN-12',
      });
      await faulty.script();
      expect((await shared.entries()).map(({ key }) => key?.id)).toEqual([former.id]);
    },
  );

  test('without CKA_LOCAL is used, with a word about it', async () => {
    await faulty.script(`C_GetAttributeValue false ${local}`);
    const key = await shared.generateKeyPair('k', 'prime256v1');
    expect(key.generatedThere).toBe(true);
    expect(key.notes.map(({ code }) => code)).toEqual(['KEY-NOT-LOCAL']);
  });

  test('without CKA_ALWAYS_SENSITIVE is not vouched for', async () => {
    await faulty.script(`C_GetAttributeValue false ${alwaysSensitive}`);
    const key = await shared.generateKeyPair('k', 'prime256v1');
    expect(key.generatedThere).toBe(false);
    expect(key.notes.map(({ code }) => code)).toEqual(['KEY-ORIGIN-SILENT']);
  });

  test('with its EC point outside an OCTET STRING is the same key', async () => {
    const key = await shared.generateKeyPair('k', 'secp384r1');
    await faulty.script('C_GetAttributeValue unwrap 0x181');
    const [entry] = await shared.entries();
    expect(entry?.key?.spki).toEqual(key.spki);
  });

  test('on a token without CKM_RSA_PKCS is signed with by the combined mechanism', async () => {
    const key = await shared.generateKeyPair('k', '2048');
    await faulty.script('C_GetMechanismList without 0x1');
    const signature = await shared.sign('k', 'SHA256WITHRSA', secret('x'));
    const publicKey = createPublicKey({ key: key.spki, format: 'der', type: 'spki' });
    expect(verify('sha256', secret('x'), publicKey, signature)).toBe(true);
  });
});

test.each([
  ['CKR_ATTRIBUTE_TYPE_INVALID', '0x12'],
  ['CKR_ATTRIBUTE_SENSITIVE', '0x11'],
])('a token that answers several attributes with %s is asked for each', async (_, code) => {
  const key = await shared.generateKeyPair('k', 'prime256v1');
  await shared.storeCertificate('k', await authority.issue(key.spki, '/CN=several'));
  await shared.generateKeyPair('rsa', '2048');
  const before = await shared.entries();
  await faulty.script(`C_GetAttributeValue several ${code}`);
  expect(await shared.entries()).toEqual(before);
  expect(await shared.generateKeyPair('other', 'prime256v1')).toMatchObject({
    generatedThere: true,
    notes: [],
  });
  await shared.rename('k', 'moved');
  await expect(shared.sign('moved', 'SHA256WITHECDSA', secret('x'))).resolves.toBeInstanceOf(
    Buffer,
  );
  expect((await shared.entries()).map(({ alias }) => alias)).toEqual(['moved', 'other', 'rsa']);
});

test('a key identifier that is read too short parts no certificate from its key', async () => {
  const key = await shared.generateKeyPair('k', 'prime256v1');
  const certificate = await authority.issue(key.spki, '/CN=identified');
  const before = (await faulty.calls()).length;
  // Two searches of three and four calls, and the length of the attributes.
  await faulty.script(`#${before + 8} shorter`);
  await expect(shared.storeCertificate('k', certificate)).rejects.toMatchObject({
    code: 'TOKEN-08',
  });
  expect((await faulty.calls())[before + 8]).toBe('C_GetAttributeValue');
  await faulty.script();
  await shared.storeCertificate('k', certificate);
  expect(await shared.entries()).toEqual([{ alias: 'k', key, certificate }]);
});

describe('a token that vanishes half-way', () => {
  test('keeps the new certificate when the old one could not be removed', async () => {
    const key = await shared.generateKeyPair('k', 'prime256v1');
    const [first, second] = [
      await authority.issue(key.spki, '/CN=first'),
      await authority.issue(key.spki, '/CN=second'),
    ];
    await shared.storeCertificate('k', first);
    await faulty.script('C_DestroyObject fail 0x32');
    await expect(shared.storeCertificate('k', second)).rejects.toMatchObject({
      code: 'TOKEN-03',
    });
    await faulty.script();
    await shared.storeCertificate('k', second);
    expect(await shared.entries()).toMatchObject([{ alias: 'k', certificate: second }]);
  });

  test.each([1, 2])('completes a rename that stopped after %i of 3 objects', async (moved) => {
    await shared.generateKeyPair('to', 'prime256v1');
    const key = await shared.generateKeyPair('from', 'prime256v1');
    const certificate = await authority.issue(key.spki, `/CN=moved ${moved}`);
    await shared.storeCertificate('from', certificate);
    await faulty.script(`C_SetAttributeValue fail 0x32 ${moved}`);
    await expect(shared.rename('from', 'to')).rejects.toMatchObject({ code: 'TOKEN-03' });
    await faulty.script();
    await shared.rename('from', 'to');
    expect(await shared.entries()).toEqual([
      { alias: 'to', key: { ...key, alias: 'to' }, certificate },
    ]);
    await expect(shared.sign('to', 'SHA256WITHECDSA', secret('x'))).resolves.toBeInstanceOf(Buffer);
  });

  test('fetches the private key a rename left behind, and no other', async () => {
    await shared.generateKeyPair('to', 'prime256v1');
    await shared.generateKeyPair('from', 'prime256v1');
    await faulty.script('C_SetAttributeValue fail 0x32 01');
    await expect(shared.rename('from', 'to')).rejects.toMatchObject({ code: 'TOKEN-03' });
    await faulty.script();
    await expect(sign('to')).rejects.toMatchObject({ code: 'TOKEN-09' });
    const other = await shared.generateKeyPair('other', 'prime256v1');
    await shared.rename('to', 'to');
    await shared.rename('other', 'other');
    await expect(sign('to')).resolves.toBeInstanceOf(Buffer);
    await expect(sign('from')).rejects.toMatchObject({ code: 'TOKEN-09' });
    const [first] = await shared.entries();
    expect(first?.key).toEqual(other);
  });

  const sign = (alias: string) => shared.sign(alias, 'SHA256WITHECDSA', secret('x'));
});
