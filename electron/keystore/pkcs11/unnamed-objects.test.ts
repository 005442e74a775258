import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../../../test/softhsm.ts';
import type { Keystore } from '../keystore.ts';
import { nodeProcessLauncher } from '../node-process-launcher.ts';
import { createTokenBridge, type TokenBridge } from './bridge.ts';

const run = promisify(execFile);

let softHsm: SoftHsm;
let token: SoftHsmToken;
let bridge: TokenBridge;

beforeAll(async () => {
  softHsm = await makeSoftHsm();
  token = await softHsm.makeToken({ label: 'others’ work' });
  bridge = createTokenBridge(nodeProcessLauncher({ env: softHsm.env }));
  for (const name of ['one', 'two', 'three']) {
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      '/dev/null',
    ];
    const out = ['-outform', 'DER', '-out', certificate(name)];
    await run('openssl', ['req', '-x509', ...key, ...out, '-subj', `/CN=${name}`, '-days', '7']);
  }
  await other('--keypairgen', '--key-type', 'EC:prime256v1', '--id', 'aa01');
  await write('one', '--id', 'aa01');
  await write('one', '--id', 'bb01', '--label', 'shared');
  await write('two', '--id', 'bb02', '--label', 'shared');
  await write('three', '--id', 'bb02', '--label', 'shared');
});
afterAll(async () => {
  await bridge.close();
  await softHsm.cleanup();
});

const certificate = (name: string) => join(softHsm.dir, `${name}.der`);
const other = (...args: string[]) =>
  run('pkcs11-tool', ['--module', softHsm.module, '--login', '--pin', token.pin, ...args], {
    env: { ...process.env, ...softHsm.env },
  });
const write = (name: string, ...naming: string[]) =>
  other('--write-object', certificate(name), '--type', 'cert', ...naming);

async function onToken<Result>(
  pin: string | null,
  work: (keystore: Keystore) => Promise<Result>,
): Promise<Result> {
  const secret = pin === null ? null : new TextEncoder().encode(pin);
  const selector = { serial: token.serial };
  const keystore = await bridge.openToken({ module: softHsm.module, selector, pin: secret });
  try {
    return await work(keystore);
  } finally {
    await keystore.close();
  }
}

const names = async (keystore: Keystore) => (await keystore.entries()).map(({ alias }) => alias);
const all = ['(ID aa01)', 'shared', 'shared (ID bb02)', 'shared (ID bb02, 2)'];

describe('what other programs wrote', () => {
  test.each(['with', 'without'])('is all listed, %s a login', async (login) => {
    const entries = await onToken(login === 'with' ? token.pin : null, (keystore) =>
      keystore.entries(),
    );
    expect(entries.map(({ alias }) => alias)).toEqual(all);
    const [unnamed] = entries;
    expect(unnamed?.key?.id).toBe('aa01');
    const certificates = entries.map((entry) => entry.certificate?.toString('base64'));
    expect(new Set(certificates).size).toBe(3);
    expect(certificates).not.toContain(undefined);
  });

  test('is renamed and removed by its generated name, and nothing else with it', async () => {
    await onToken(token.pin, async (keystore) => {
      await keystore.rename('(ID aa01)', 'named');
      expect(await names(keystore)).toEqual(['named', ...all.slice(1)]);
      const [, , kept] = await keystore.entries();
      await keystore.remove('shared (ID bb02, 2)');
      expect(await names(keystore)).toEqual(['named', ...all.slice(1, 3)]);
      await keystore.rename('shared (ID bb02)', 'apart');
      expect(await names(keystore)).toEqual(['apart', 'named', 'shared']);
      const [apart] = await keystore.entries();
      expect(apart?.certificate).toEqual(kept?.certificate);
      const named = (await keystore.entries()).find(({ alias }) => alias === 'named');
      expect([named?.key?.id, named?.certificate === null]).toEqual(['aa01', false]);
    });
  });
});
