import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TokenInfo } from '../../shared/token.ts';
import { discardFolder } from '../../test/discard-folder.ts';
import { leaseFolder, tokenLeases } from './token-leases.ts';

const token: TokenInfo = {
  module: '/lib/one.so',
  slot: 0,
  slotDescription: '',
  initialised: true,
  label: 'pump',
  serial: '0123',
  serialUnique: true,
  manufacturer: 'Maker',
  model: 'Model',
  pinState: 'ok',
  soPinState: 'ok',
  pinPad: false,
  writeProtected: false,
  minPinLength: 4,
  maxPinLength: 8,
  canGenerate: [],
  canSign: [],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-lease-'));
});
afterEach(() => discardFolder(folder));

describe('the lease of a token', () => {
  test.each<[string, Partial<TokenInfo>]>([
    ['itself', {}],
    ['itself in another slot and through another module', { slot: 3, module: '/lib/other.so' }],
  ])('keeps others from %s until it is given back', async (_, change) => {
    const [one, other] = [tokenLeases(folder), tokenLeases(folder)];
    const lease = await one.take(token);
    await expect(other.take({ ...token, ...change })).rejects.toMatchObject({
      code: 'TOKEN-16',
      params: { token: 'pump (0123)' },
    });
    lease.release();
    lease.release();
    (await other.take(token)).release();
  });

  test('leaves other tokens to others', async () => {
    const lease = await tokenLeases(folder).take(token);
    (await tokenLeases(folder).take({ ...token, serial: '0124' })).release();
    lease.release();
  });

  test('is free again after the process that held it was killed', async () => {
    const module = JSON.stringify(new URL('./token-leases.ts', import.meta.url).href);
    const program = `
      import { tokenLeases } from ${module};
      await tokenLeases(process.argv[1]).take(JSON.parse(process.argv[2]));
      console.log('held');
      setInterval(() => undefined, 1000);
    `;
    const args = ['--input-type=module', '-e', program, folder, JSON.stringify(token)];
    const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    await expect(tokenLeases(folder).take(token)).rejects.toMatchObject({ code: 'TOKEN-16' });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    (await tokenLeases(folder).take(token)).release();
  });

  test('is refused where its folder cannot be', async () => {
    await expect(tokenLeases('/dev/null/x').take(token)).rejects.toMatchObject({
      code: 'STORE-01',
    });
  });

  test('lies in the login session’s folder, else below the temporary one', () => {
    expect(leaseFolder({ XDG_RUNTIME_DIR: '/run/user/7' }, '/tmp', '7')).toBe(
      join('/run/user/7', 'est-station', 'tokens'),
    );
    expect(leaseFolder({}, '/tmp', '7')).toBe(join('/tmp', 'est-station-7', 'tokens'));
  });
});
