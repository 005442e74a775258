import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { StationError } from '../../../shared/errors/station-error.ts';
import { type FaultyModule, makeFaultyModule } from '../../../test/faulty-module.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../../../test/softhsm.ts';
import { nodeProcessLauncher } from '../node-process-launcher.ts';
import { createTokenBridge, type TokenBridge } from './bridge.ts';

const secret = (text: string) => new TextEncoder().encode(text);
const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);

let softhsm: SoftHsm;
let faulty: FaultyModule;
let bridge: TokenBridge;
let made = 0;

beforeAll(async () => {
  softhsm = await makeSoftHsm();
  faulty = await makeFaultyModule(softhsm.dir, softhsm.module);
  const env = { ...softhsm.env, ...faulty.env };
  bridge = createTokenBridge(nodeProcessLauncher({ env }));
});
afterEach(() => faulty.script());
afterAll(async () => {
  await bridge.close();
  await softhsm.cleanup();
});

const freshToken = () => softhsm.makeToken({ label: `pins ${made++}`, pin: '123456' });
const target = ({ serial }: SoftHsmToken) => ({ module: faulty.module, selector: { serial } });

async function opens(token: SoftHsmToken, pin: string): Promise<string> {
  return await bridge
    .openToken({ ...target(token), pin: secret(pin) })
    .then((keystore) => keystore.close().then(() => 'open'))
    .catch((error) => StationError.from(error).code);
}

/** How an attempt ended, and how often a PIN reached the token. */
async function counted(attempt: () => Promise<unknown>): Promise<[string, number]> {
  const before = (await faulty.calls()).length;
  const outcome = await attempt()
    .then(() => 'done')
    .catch((error) => StationError.from(error).code);
  const names = ['C_Login', 'C_SetPIN', 'C_InitPIN'];
  const calls = (await faulty.calls()).slice(before);
  return [outcome, calls.filter((name) => names.includes(name)).length];
}

describe('changing a PIN', () => {
  test('replaces the user PIN by the present one, given once, and zeroes both', async () => {
    const token = await freshToken();
    const [oldPin, newPin] = [secret('123456'), secret('654321')];
    const change = () => bridge.changePin({ ...target(token), who: 'user', oldPin, newPin });
    expect(await counted(change)).toEqual(['done', 1]);
    expect(isZero(oldPin) && isZero(newPin)).toBe(true);
    expect(await opens(token, '654321')).toBe('open');
    expect(await opens(token, '123456')).toBe('PIN-01');
  });

  test('replaces the SO PIN, which then resets the user PIN', async () => {
    const token = await freshToken();
    const changed = await bridge.changePin({
      ...target(token),
      who: 'so',
      oldPin: secret(token.soPin),
      newPin: secret('11223344'),
    });
    expect(changed).toMatchObject({ serial: token.serial, soPinState: 'ok' });
    const reset = (soPin: string) =>
      bridge.resetPin({ ...target(token), soPin: secret(soPin), newPin: secret('777777') });
    await expect(reset(token.soPin)).rejects.toMatchObject({ code: 'PIN-06' });
    expect(await reset('11223344')).toMatchObject({ pinState: 'ok' });
    expect(await opens(token, '777777')).toBe('open');
  });

  test.each([
    ['a wrong user PIN', 'user', '999999', '654321', 'PIN-01', 1],
    ['a wrong SO PIN', 'so', '99999999', '65432109', 'PIN-06', 1],
    ['a new PIN that is too short', 'user', '123456', '1', 'PIN-04', 0],
    ['a new SO PIN that is too short', 'so', '87654321', '1', 'PIN-04', 0],
  ] as const)('refuses %s', async (_, who, oldPin, newPin, code, sent) => {
    const token = await freshToken();
    const change = () =>
      bridge.changePin({ ...target(token), who, oldPin: secret(oldPin), newPin: secret(newPin) });
    expect(await counted(change)).toEqual([code, sent]);
    expect(await opens(token, '123456')).toBe('open');
  });

  test.each([
    ['user', '0x40000', 'PIN-02'],
    ['user', '0x20000', 'PIN-03'],
    ['so', '0x400000', 'PIN-02'],
    ['so', '0x200000', 'PIN-03'],
  ] as const)('spends no try of the %s PIN at flags %s', async (who, flags, code) => {
    const token = await freshToken();
    await faulty.script(`C_GetTokenInfo flags ${flags}`);
    const oldPin = secret(who === 'so' ? token.soPin : token.pin);
    const change = () =>
      bridge.changePin({ ...target(token), who, oldPin, newPin: secret('65432100') });
    expect(await counted(change)).toEqual([code, 0]);
    expect(isZero(oldPin)).toBe(true);
  });

  test('makes the last try once it was confirmed', async () => {
    const token = await freshToken();
    await faulty.script('C_GetTokenInfo flags 0x20000');
    const change = () =>
      bridge.changePin({
        ...target(token),
        who: 'user',
        oldPin: secret(token.pin),
        newPin: secret('654321'),
        finalTryConfirmed: true,
      });
    expect(await counted(change)).toEqual(['done', 1]);
  });
});

describe('resetting the user PIN', () => {
  test('keeps what the token holds', async () => {
    const token = await freshToken();
    const open = await bridge.openToken({ ...target(token), pin: secret(token.pin) });
    const { id } = await open.generateKeyPair('kept', 'prime256v1');
    await open.close();
    const [soPin, newPin] = [secret(token.soPin), secret('242424')];
    await bridge.resetPin({ ...target(token), soPin, newPin });
    expect(isZero(soPin) && isZero(newPin)).toBe(true);
    const again = await bridge.openToken({ ...target(token), pin: secret('242424') });
    expect(await again.entries()).toMatchObject([{ alias: 'kept', key: { id } }]);
    await again.close();
  });

  test('is done although the user PIN is locked', async () => {
    const token = await freshToken();
    await faulty.script('C_GetTokenInfo flags 0x40000');
    const reset = () =>
      bridge.resetPin({
        ...target(token),
        soPin: secret(token.soPin),
        newPin: secret('242424'),
      });
    expect(await counted(reset)).toEqual(['done', 2]);
  });
});

test('a new PIN whose form the token refuses is told as such', async () => {
  const token = await freshToken();
  // CKR_PIN_INVALID.
  await faulty.script('C_SetPIN fail 0xa1');
  const [oldPin, newPin] = [secret(token.pin), secret('654321')];
  const change = bridge.changePin({ ...target(token), who: 'user', oldPin, newPin });
  await expect(change).rejects.toMatchObject({ code: 'PIN-09' });
});

test('the state of both PINs is told before any is asked for', async () => {
  const token = await freshToken();
  const seen = async () =>
    (await bridge.listTokens(faulty.module)).find(({ serial }) => serial === token.serial);
  expect(await seen()).toMatchObject({ pinState: 'ok', soPinState: 'ok' });
  for (const [flags, state] of [
    ['0x110000', { pinState: 'low', soPinState: 'low' }],
    ['0x220000', { pinState: 'final', soPinState: 'final' }],
    ['0x440000', { pinState: 'locked', soPinState: 'locked' }],
  ] as const) {
    await faulty.script(`C_GetTokenInfo flags ${flags}`);
    expect(await seen()).toMatchObject(state);
  }
});
