import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type FaultyModule, makeFaultyModule } from '../../../test/faulty-module.ts';
import { makeSoftHsm, type SoftHsm } from '../../../test/softhsm.ts';
import { nodeProcessLauncher } from '../node-process-launcher.ts';
import { createTokenBridge } from './bridge.ts';
import type { TokenPicture } from './token-watch.ts';

let softhsm: SoftHsm;
let faulty: FaultyModule;
beforeAll(async () => {
  softhsm = await makeSoftHsm();
  await softhsm.makeToken({ label: 'steady' });
  faulty = await makeFaultyModule(softhsm.dir, softhsm.module);
});
afterAll(() => softhsm.cleanup());

test.each([
  ['crashes', 'C_GetSlotList crash', 'MODULE-04'],
  ['hangs', 'C_GetSlotList hang', 'MODULE-05'],
  ['fails', 'C_GetSlotList fail 0x30', 'TOKEN-08'],
])(
  'a module that %s is told once, and looked at again',
  { timeout: 60_000 },
  async (_, fault, code) => {
    await faulty.script(fault);
    const bridge = createTokenBridge(
      nodeProcessLauncher({ env: { ...softhsm.env, ...faulty.env } }),
      { deadlines: { 'look-again': 1000 } },
    );
    onTestFinished(() => bridge.close());
    const told: TokenPicture[] = [];
    const end = bridge.watchTokens(faulty.module, (picture) => told.push(picture));
    const codes = () => told.map(({ error }) => error?.code ?? null);
    await expect.poll(codes, { timeout: 20_000 }).toEqual([code]);
    await faulty.script();
    await expect.poll(codes, { timeout: 20_000 }).toEqual([code, null]);
    expect(told[1]?.changes.map(({ kind, token }) => `${kind} ${token.label}`)).toContain(
      'arrived steady',
    );
    end();
  },
);
