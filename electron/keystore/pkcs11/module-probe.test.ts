import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFaultyModule } from '../../../test/faulty-module.ts';
import { makeSoftHsm, type SoftHsm } from '../../../test/softhsm.ts';
import { nodeProcessLauncher } from '../node-process-launcher.ts';
import { createTokenBridge } from './bridge.ts';
import type { ModuleHostOptions } from './module-hosts.ts';

let softhsm: SoftHsm;
beforeAll(async () => {
  softhsm = await makeSoftHsm();
});
afterAll(() => softhsm.cleanup());

const bridge = (env: Readonly<Record<string, string>> = {}, options: ModuleHostOptions = {}) =>
  createTokenBridge(nodeProcessLauncher({ env: { ...softhsm.env, ...env } }), options);

describe('a module that is probed', () => {
  test('tells its maker, its versions and how many tokens it sees', async () => {
    await softhsm.makeToken({ label: 'one' });
    expect(await bridge().probeModule(softhsm.module)).toMatchObject({
      usable: true,
      manufacturer: 'SoftHSM',
      library: expect.stringContaining('PKCS11'),
      version: expect.stringMatching(/^\d+\.\d+$/),
      cryptoki: expect.stringMatching(/^[23]\.\d+$/),
      tokens: 2,
    });
  });

  test('and is not there is told as a result', async () => {
    const probe = await bridge().probeModule(join(softhsm.dir, 'none.so'));
    expect(probe).toMatchObject({ usable: false, error: { code: 'MODULE-01' } });
  });

  test.each([
    ['hangs', 'C_GetSlotList hang', 'MODULE-05'],
    ['crashes', 'C_GetSlotList crash', 'MODULE-04'],
    ['refuses to start', 'C_Initialize fail 7', 'MODULE-06'],
  ])('and %s harms nobody', async (_, fault, code) => {
    const faulty = await makeFaultyModule(softhsm.dir, softhsm.module);
    await faulty.script(fault);
    const deadlines = { 'list-tokens': 1000 };
    const probe = await bridge(faulty.env, { deadlines }).probeModule(faulty.module);
    expect(probe).toMatchObject({ usable: false, error: { code } });
  });
});
