import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { StationError } from '../../../shared/errors/station-error.ts';
import { type FaultyModule, makeFaultyModule } from '../../../test/faulty-module.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../../../test/softhsm.ts';
import { nodeProcessLauncher } from '../node-process-launcher.ts';
import type { ProcessLauncher } from '../process-launcher.ts';
import { createTokenBridge } from './bridge.ts';

const secret = (text: string) => new TextEncoder().encode(text);
const spy = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .map((architecture) => `/usr/lib/${architecture}/pkcs11-spy.so`)
  .find((path) => existsSync(path));

let softhsm: SoftHsm;
let faulty: FaultyModule;
let token: SoftHsmToken;
const answers: unknown[] = [];

beforeAll(async () => {
  softhsm = await makeSoftHsm();
  faulty = await makeFaultyModule(softhsm.dir, softhsm.module);
  token = await softhsm.makeToken({ label: 'guarded', pin: 'correct-pin-4711' });
});

afterEach(() => faulty.script());
afterAll(() => softhsm.cleanup());

/** Keeps what the key process answers. */
function listening(launcher: ProcessLauncher): ProcessLauncher {
  return {
    launch(entry) {
      const host = launcher.launch(entry);
      host.onMessage((message) => answers.push(message));
      return host;
    },
  };
}

const bridgeOn = (env: Record<string, string>) =>
  createTokenBridge(listening(nodeProcessLauncher({ env: { ...softhsm.env, ...env } })));

/** Opens the token through the misbehaving module; tells how it went and how often C_Login was called. */
async function attempt(
  pin: Uint8Array,
  request: { finalTryConfirmed?: boolean; serial?: string } = {},
): Promise<{ outcome: string; logins: number }> {
  const bridge = bridgeOn({ ...faulty.env, FAULTY_PIN: token.pin });
  const { serial = token.serial, ...confirmed } = request;
  const before = (await faulty.calls()).length;
  const outcome = await bridge
    .openToken({ module: faulty.module, selector: { serial }, pin, ...confirmed })
    .then((keystore) => keystore.close().then(() => 'open'))
    .catch((error) => StationError.from(error).code);
  const made = (await faulty.calls()).slice(before);
  return { outcome, logins: made.filter((name) => name === 'C_Login').length };
}

describe('the PIN guard', () => {
  test('opens with the right PIN, in one login, and zeroes it', async () => {
    const pin = secret(token.pin);
    expect(await attempt(pin)).toEqual({ outcome: 'open', logins: 1 });
    expect(pin.every((byte) => byte === 0)).toBe(true);
  });

  test.each([
    ['locked', '0x40000', 'PIN-02'],
    ['at its last try', '0x20000', 'PIN-03'],
  ])('spends no try on a token that is %s', async (_, flags, code) => {
    await faulty.script(`C_GetTokenInfo flags ${flags}`);
    expect(await attempt(secret(token.pin))).toEqual({ outcome: code, logins: 0 });
  });

  test.each([
    ['too short', secret('123'), 'PIN-04'],
    ['too long', secret('x'.repeat(300)), 'PIN-04'],
    ['empty', secret(''), 'PIN-04'],
    ['not UTF-8', Uint8Array.of(0xff, 0xfe, 0x31, 0x32, 0x33), 'INTERNAL-01'],
  ])('spends no try on a PIN that is %s', async (_, pin, code) => {
    expect(await attempt(pin)).toEqual({ outcome: code, logins: 0 });
  });

  test('makes the last try once the operator has confirmed it', async () => {
    await faulty.script('C_GetTokenInfo flags 0x20000');
    expect(await attempt(secret(token.pin), { finalTryConfirmed: true })).toEqual({
      outcome: 'open',
      logins: 1,
    });
  });

  test('reads the flags again immediately before the login', async () => {
    await faulty.script('C_GetTokenInfo flags 0x40000 1');
    expect(await attempt(secret(token.pin))).toEqual({ outcome: 'PIN-02', logins: 0 });
  });

  test('leaves the PIN to the keypad of a reader that has one', async () => {
    await faulty.script('C_GetTokenInfo flags 0x100', 'C_Login keypad');
    expect(await attempt(new Uint8Array())).toEqual({ outcome: 'open', logins: 1 });
    expect(await attempt(secret('not sent at all'))).toEqual({ outcome: 'open', logins: 1 });
  });

  test('tells a token without a user PIN', async () => {
    const made = await softhsm.makeToken({ label: 'half made' });
    const bridge = bridgeOn(faulty.env);
    const initialise = () =>
      bridge.initialiseToken({
        module: faulty.module,
        serial: made.serial,
        label: 'half made',
        soPin: secret(made.soPin),
        pin: secret('123456'),
        destroyExisting: 'half made',
      });
    await faulty.script('C_Login fail 0x30');
    await expect(initialise()).rejects.toMatchObject({ code: 'TOKEN-08' });
    await faulty.script();
    const listed = await bridge.listTokens(faulty.module);
    const half = listed.find(({ label }) => label === 'half made');
    expect(half).toMatchObject({ initialised: true, pinState: 'not-set' });
    const serial = half?.serial ?? '';
    expect(await attempt(secret('123456'), { serial })).toEqual({ outcome: 'PIN-05', logins: 0 });
  });

  test.each([
    ['0xA4', 'PIN-02'],
    ['0xA0', 'PIN-01'],
    ['0x102', 'PIN-05'],
    ['0x50', 'CANCEL-01'],
    ['0x32', 'TOKEN-03'],
  ])('gives up after one try when C_Login returns %s', async (returned, code) => {
    await faulty.script(`C_Login fail ${returned}`);
    expect(await attempt(secret(token.pin))).toEqual({ outcome: code, logins: 1 });
  });
});

describe('a refused PIN', () => {
  test.runIf(spy)(
    'spends exactly one try, as pkcs11-spy records, and is told nowhere',
    async () => {
      const record = join(softhsm.dir, 'spy.log');
      const bridge = bridgeOn({ PKCS11SPY: softhsm.module, PKCS11SPY_OUTPUT: record });
      const pin = secret('wrong-pin-0815');
      const refused = await bridge
        .openToken({ module: spy ?? '', selector: { serial: token.serial }, pin })
        .catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'PIN-01' });
      expect((await readFile(record, 'utf8')).match(/: C_Login/g)).toHaveLength(1);
      expect(pin.every((byte) => byte === 0)).toBe(true);

      const told =
        refused instanceof Error ? [refused.stack, StationError.from(refused).toData()] : [];
      expect(told).toHaveLength(2);
      expect(JSON.stringify([told, answers])).not.toContain('wrong-pin-0815');
      expect(JSON.stringify(answers)).not.toContain(token.pin);
    },
  );
});
