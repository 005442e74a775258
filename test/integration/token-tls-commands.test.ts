import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProfileInput } from '../../shared/profile.ts';
import { document, runCommand } from '../command-line.ts';
import { TokenTlsBench } from '../token-tls-bench.ts';

describe('the command line with a TLS client key on a token', () => {
  let bench: TokenTlsBench;
  let env: Record<string, string>;

  beforeAll(async () => {
    bench = await TokenTlsBench.make();
    env = {
      ...bench.softHsm.env,
      EST_STATION_HOME: join(bench.folder, 'home'),
      EST_STATION_PIN: bench.device.pin,
      EST_STATION_TLS_PIN: bench.officer.pin,
    };
  });
  afterAll(() => bench.close());

  async function run(args: readonly string[], change: Partial<ProfileInput>) {
    const file = join(bench.folder, 'profile.json');
    const profile = bench.profile({ tlsClientAuthentication: bench.byOfficer, ...change });
    await writeFile(file, JSON.stringify(profile));
    const [command = '', ...options] = args;
    const where = command === 'profile-check' ? [file] : ['--profile', file];
    return await runCommand([command, ...where, ...options, '--json'], env);
  }

  const bound = { enabled: true, tokenChannelBinding: true };

  test.each([
    ['enroll', 'enroll', 'simpleenroll'],
    ['serverkeygen', 'serverkeygen', 'serverkeygen'],
    ['fullcmc', 'fullcmc --sign-with tls', 'fullcmc'],
    ['reenroll', 'reenroll', 'simplereenroll'],
  ])('%s signs in with it, bound to its connection', async (operation, command, path) => {
    const finished = await run(command.split(' '), { proofOfPossession: bound });
    const record = document(finished);
    expect(record).toMatchObject({ state: 'done', operation, error: null });
    expect(record.warnings).toContainEqual(expect.objectContaining({ code: 'POP-02' }));
    expect(finished.code).toBe(0);
    const last = bench.practice.log.at(-1);
    expect(last).toMatchObject({ authenticatedBy: 'tls', pop: 'valid', tls: 'TLSv1.2' });
    expect(last?.path.endsWith(`/${path}`)).toBe(true);
  });

  test('says beforehand what the policy refuses, and refuses it with the same code', async () => {
    const change = { proofOfPossession: { enabled: true } };
    const checked = document(await run(['profile-check'], change));
    expect(checked).toMatchObject({
      valid: true,
      findings: [
        {
          code: 'POP-01',
          severity: 'block',
          waysOut: expect.arrayContaining([expect.any(String)]),
        },
        { code: 'POP-03', severity: 'info' },
      ],
    });
    const refused = await run(['enroll'], change);
    expect(document(refused)).toMatchObject({ state: 'failed', error: { code: 'POP-01' } });
    expect(refused.code).toBe(3);
  });

  test('names the variable of the PIN that is missing', async () => {
    const { EST_STATION_TLS_PIN: _, ...others } = env;
    const saved = env;
    env = others;
    const refused = await run(['enroll'], {}).finally(() => {
      env = saved;
    });
    expect(document(refused)).toMatchObject({
      error: { code: 'SECRET-01', params: { variable: 'EST_STATION_TLS_PIN' } },
    });
  });
});
