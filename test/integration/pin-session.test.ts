import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { composeStation } from '../../electron/compose.ts';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import type { Clock } from '../../electron/station/ports.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { discardFolder } from '../discard-folder.ts';
import { type FaultyModule, makeFaultyModule } from '../faulty-module.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../softhsm.ts';
import { run, TokenTlsBench } from '../token-tls-bench.ts';

// Each command is a process of its own, also on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

describe('before a PIN is asked for', () => {
  let folder: string;
  let softHsm: SoftHsm;
  let faulty: FaultyModule;
  let token: SoftHsmToken;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'est-pin-state-'));
    softHsm = await makeSoftHsm();
    faulty = await makeFaultyModule(softHsm.dir, softHsm.module);
    token = await softHsm.makeToken({ label: 'states' });
  });
  afterEach(() => faulty.script());
  afterAll(async () => {
    await softHsm.cleanup();
    await discardFolder(folder);
  });

  /** Opens the token for work; tells how that ended, what was asked, and how often a PIN was sent. */
  async function attempt(confirmed: boolean | null): Promise<[string, string[], number]> {
    const asked: string[] = [];
    const station = await composeStation({
      env: { EST_STATION_HOME: join(folder, 'home') },
      launcher: nodeProcessLauncher({ env: { ...softHsm.env, ...faulty.env } }),
      secretSource: {
        ask: async (_, about) => {
          asked.push(about);
          return new TextEncoder().encode(token.pin);
        },
        ...(confirmed === null ? {} : { confirmFinalTry: async () => confirmed }),
      },
    });
    onTestFinished(() => station.close());
    const before = (await faulty.calls()).length;
    const keystore = {
      kind: 'pkcs11',
      module: faulty.module,
      token: { serial: token.serial },
    } as const;
    // Nothing stands there: whoever gets as far as this has logged in.
    const outcome = await station.objects
      .rename(keystore, 'absent', 'x')
      .catch((error) => StationError.from(error).code);
    const logins = (await faulty.calls()).slice(before).filter((name) => name === 'C_Login');
    return [String(outcome), asked, logins.length];
  }

  const name = () => `states (${token.serial})`;

  test('its state is known: a locked one is never asked for', async () => {
    await faulty.script('C_GetTokenInfo flags 0x40000');
    expect(await attempt(true)).toEqual(['PIN-02', [], 0]);
  });

  test.each([null, false])('the last try needs a word of its own (%s)', async (confirmed) => {
    await faulty.script('C_GetTokenInfo flags 0x20000');
    expect(await attempt(confirmed)).toEqual(['PIN-03', [], 0]);
  });

  test('a confirmed last try is made', async () => {
    await faulty.script('C_GetTokenInfo flags 0x20000');
    expect(await attempt(true)).toEqual(['TOKEN-09', [name()], 1]);
  });

  test('a person is told that a wrong one was given before', async () => {
    expect(await attempt(null)).toEqual(['TOKEN-09', [name()], 1]);
    await faulty.script('C_GetTokenInfo flags 0x10000');
    const warned = `${name()}, a wrong PIN was given before`;
    expect(await attempt(null)).toEqual(['TOKEN-09', [warned], 1]);
  });
});

describe('the PIN of the station’s own token', () => {
  let bench: TokenTlsBench;
  beforeAll(async () => {
    bench = await TokenTlsBench.make();
  });
  afterAll(() => bench.close());

  test('is asked for once in the session the profile allows, counted from the PIN', async () => {
    let skipped = 0;
    const station = await bench.station(({ clock }) => ({ clock: later(clock, () => skipped) }));
    const profile = bench.profile({
      tlsClientAuthentication: bench.byOfficer,
      lifecycle: { sessionPinMinutes: 60 },
    });
    const enroll = async () => {
      bench.asked.length = 0;
      const order = { profile, operation: 'enroll' } as const;
      expect(await run(station, order)).toMatchObject({ state: 'done' });
      return [...bench.asked];
    };
    expect(await enroll()).toEqual(['token-pin', 'tls-token-pin']);
    skipped = 59 * 60_000;
    expect(await enroll()).toEqual(['token-pin']);
    skipped = 61 * 60_000;
    // Used once more, it is not taken back: its session is over.
    expect(await enroll()).toEqual(['token-pin']);
    expect(await enroll()).toEqual(['token-pin', 'tls-token-pin']);
  }, 90_000);

  const later = (clock: Clock, by: () => number): Clock => ({
    now: () => clock.now(),
    elapsed: () => clock.elapsed() + by(),
  });
});
