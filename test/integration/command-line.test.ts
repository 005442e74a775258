import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  document,
  type Finished,
  type PracticeProcess,
  runCommand,
  startPracticeCommand,
} from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm, type SoftHsm } from '../softhsm.ts';

const run = promisify(execFile);
const pin = '271828';
const soPin = '31415926';

describe('the command line on a practice server and a SoftHSM token', () => {
  let folder: string;
  let softHsm: SoftHsm;
  let practice: PracticeProcess;
  let env: Record<string, string>;
  let profile: string;

  const station = (...args: string[]): Promise<Finished> => runCommand(args, env);
  const inFolder = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'est-cli-'));
    softHsm = await makeSoftHsm();
    practice = await startPracticeCommand(join(folder, 'practice'));
    profile = inFolder('profile.json');
    env = {
      ...softHsm.env,
      EST_STATION_HOME: inFolder('home'),
      EST_STATION_PIN: pin,
      EST_STATION_SO_PIN: soPin,
      EST_STATION_PASSWORD: practice.facts.password,
    };
  });

  afterAll(async () => {
    expect(await practice.stop()).toBe(0);
    await softHsm.cleanup();
    await discardFolder(folder);
  });

  test('walks from a blank token to a renewed certificate, as the README does', async () => {
    const listed = document(await station('tokens', '--module', softHsm.module, '--json'));
    expect(listed).toMatchObject({ schemaVersion: 1, tokens: [{ initialised: false }] });
    const initialised = await station(
      'token-init',
      '--module',
      softHsm.module,
      '--slot',
      '0',
      '--label',
      'GW-20417',
      '--json',
    );
    expect(initialised).toMatchObject({ code: 0 });
    const token = document(initialised);
    expect(token).toMatchObject({
      label: 'GW-20417',
      serial: expect.stringMatching(/^[0-9a-f]{16}$/),
    });

    await writeFile(inFolder('practice.json'), practice.line);
    const written = await station(
      'profile-new',
      '--from',
      inFolder('practice.json'),
      '--module',
      softHsm.module,
      '--serial',
      String(token.serial),
      '--subject',
      'CN=GW-20417,O=Example',
    );
    await writeFile(profile, written.stdout);
    expect(await station('profile-check', profile)).toMatchObject({ code: 0 });

    const untrusted = await station('csrattrs', '--profile', profile, '--json');
    expect(untrusted.code).toBe(7);
    expect(document(untrusted)).toMatchObject({ error: { code: 'TRUST-01' } });

    const wrong = await station(
      'bootstrap',
      '--profile',
      profile,
      '--fingerprint',
      '00'.repeat(32),
      '--json',
    );
    expect(wrong.code).toBe(7);
    expect(document(wrong)).toMatchObject({ error: { code: 'TRUST-04' } });
    const trusted = await station(
      'bootstrap',
      '--profile',
      profile,
      '--fingerprint',
      practice.facts.caFingerprint,
      '--json',
    );
    expect(trusted).toMatchObject({ code: 0 });

    const enrolled = await station('enroll', '--profile', profile, '--json');
    expect(enrolled.stderr).not.toContain(pin);
    expect(enrolled).toMatchObject({ code: 0 });
    const record = document(enrolled);
    expect(record).toMatchObject({
      schemaVersion: 1,
      state: 'done',
      certificate: { subject: 'CN=GW-20417,O=Example' },
      keystore: { kind: 'pkcs11', alias: 'est-enrolled-key-pair', generatedThere: true },
      error: null,
      warnings: [],
    });
    await expectVerified(record);
    await expectKeyOnToken(record, String(token.serial));

    const shown = document(await station('show', '--profile', profile, '--json'));
    expect(shown.entries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ alias: 'est-enrolled-key-pair' }),
        expect.objectContaining({ alias: 'est-cacerts_0', key: null }),
        expect.objectContaining({ alias: 'est-cacerts_1', key: null }),
        expect.objectContaining({ alias: 'est-bootstrap-ca', key: null }),
      ]),
    );
    for (const rekey of [[], ['--rekey']]) {
      const renewed = await station('reenroll', '--profile', profile, '--json', ...rekey);
      expect(renewed).toMatchObject({ code: 0 });
      await expectVerified(document(renewed));
    }

    const journal = document(await station('journal', '--limit', '1000', '--json'));
    expect(JSON.stringify(journal)).not.toContain(pin);
    expect(JSON.stringify(journal)).not.toContain(practice.facts.password);
    expect(document(await station('audit-verify', '--json'))).toMatchObject({ intact: true });
  });

  /** OpenSSL, which knows nothing of the station, accepts the certificate under the practice root. */
  async function expectVerified(record: Record<string, unknown>): Promise<void> {
    const chain = record.caCertificates as { pem: string }[];
    const certificate = record.certificate as { pem: string };
    await writeFile(inFolder('leaf.pem'), certificate.pem);
    await writeFile(inFolder('chain.pem'), chain.map(({ pem }) => pem).join(''));
    const { stdout } = await run('openssl', [
      'verify',
      '-CAfile',
      practice.facts.caCertificate,
      '-untrusted',
      inFolder('chain.pem'),
      inFolder('leaf.pem'),
    ]);
    expect(stdout).toContain('leaf.pem: OK');
  }

  /** pkcs11-tool reads the same public key from the token that the certificate carries. */
  async function expectKeyOnToken(record: Record<string, unknown>, serial: string): Promise<void> {
    expect(serial).not.toBe('');
    const certificate = record.certificate as { pem: string };
    await writeFile(inFolder('leaf.pem'), certificate.pem);
    await run('openssl', [
      'x509',
      '-in',
      inFolder('leaf.pem'),
      '-pubkey',
      '-noout',
      '-out',
      inFolder('leaf.pub'),
    ]);
    await run(
      'pkcs11-tool',
      [
        '--module',
        softHsm.module,
        '--token-label',
        'GW-20417',
        '--read-object',
        '--type',
        'pubkey',
        '--label',
        'est-enrolled-key-pair',
        '--output-file',
        inFolder('token.der'),
      ],
      { env: { ...process.env, ...softHsm.env } },
    );
    const fromToken = await run('openssl', [
      'pkey',
      '-pubin',
      '-inform',
      'DER',
      '-in',
      inFolder('token.der'),
      '-pubout',
    ]);
    expect(fromToken.stdout).toBe(await readFile(inFolder('leaf.pub'), 'utf8'));
  }
});
