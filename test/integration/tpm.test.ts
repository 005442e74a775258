import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  document,
  type PracticeProcess,
  runCommand,
  startPracticeCommand,
} from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';
import { type Swtpm, startSwtpm, tpmModule } from '../swtpm.ts';

const wanted = process.env.EST_STATION_FULL === '1' && tpmModule !== undefined;

/** Through the command line, as an operator would use a TPM. */
describe.skipIf(!wanted)('a TPM', { timeout: 120_000 }, () => {
  const module = tpmModule ?? '';
  let folder: string;
  let tpm: Swtpm;
  let practice: PracticeProcess;
  let env: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'est-tpm-home-'));
    tpm = await startSwtpm();
    practice = await startPracticeCommand(join(folder, 'ca'));
    env = {
      ...tpm.env,
      EST_STATION_HOME: join(folder, 'home'),
      EST_STATION_PIN: '123456',
      EST_STATION_SO_PIN: '87654321',
      EST_STATION_PASSWORD: practice.facts.password,
    };
  });
  afterAll(async () => {
    await practice?.stop();
    await tpm?.cleanup();
    await discardFolder(folder);
  });

  test.each([
    ['EC P-256', 1, 'gateway', 'EC', 'prime256v1', 'SHA256WITHECDSA'],
    ['RSA-2048', 2, 'meter', 'RSA', '2048', 'SHA256WITHRSA'],
  ] as const)(
    'is initialised, enrolled and renewed with an %s key',
    async (_, slot, label, keyAlgorithm, keyParameterSet, signatureAlgorithm) => {
      const blank = ['--module', module, '--slot', String(slot)];
      const initialise = ['token-init', ...blank, '--label', label, '--json'];
      const initialised = await runCommand(initialise, env);
      expect(document(initialised)).toMatchObject({ label, serial: '0000000000000000' });

      const profile = join(folder, `${label}.json`);
      const { endpoint, caFingerprint, username } = practice.facts;
      await writeFile(
        profile,
        JSON.stringify({
          server: { endpoint },
          trust: { caRootFingerprint: caFingerprint },
          httpAuthentication: { scheme: 'basic', username },
          keystore: { kind: 'pkcs11', module, token: { label } },
          request: {
            subject: `CN=${label},O=Example`,
            keyAlgorithm,
            keyParameterSet,
            signatureAlgorithm,
          },
        }),
      );
      const bootstrap = ['bootstrap', '--profile', profile, '--fingerprint', caFingerprint];
      expect(await runCommand(bootstrap, env)).toMatchObject({ code: 0 });
      for (const command of ['enroll', 'reenroll']) {
        const finished = await runCommand([command, '--profile', profile, '--json'], env);
        const record = document(finished);
        expect(record).toMatchObject({
          error: null,
          state: 'done',
          certificate: { subject: `CN=${label},O=Example` },
          keystore: { alias: 'est-enrolled-key-pair', generatedThere: true },
        });
      }
    },
  );

  test('refuses a wrong PIN in words', async () => {
    const profile = join(folder, 'gateway.json');
    const wrong = { ...env, EST_STATION_PIN: '654321' };
    const finished = await runCommand(['enroll', '--profile', profile, '--json'], wrong);
    expect(document(finished)).toMatchObject({ state: 'failed', error: { code: 'PIN-01' } });
  });
});
