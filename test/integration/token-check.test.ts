import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { certificateToPem } from '../../electron/pki/pem.ts';
import { document, runCommand } from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';
import { type FaultyModule, makeFaultyModule } from '../faulty-module.ts';
import { makeOpensslAuthority } from '../openssl-certificates.ts';
import { makeSoftHsm, type SoftHsm } from '../softhsm.ts';

const ecKeyPairGeneration = '0x1040';

let softhsm: SoftHsm;
let faulty: FaultyModule;
let home: string;
let profile: string;
let env: Record<string, string>;

beforeAll(async () => {
  softhsm = await makeSoftHsm();
  faulty = await makeFaultyModule(softhsm.dir, softhsm.module);
  home = await mkdtemp(join(tmpdir(), 'est-check-'));
  env = { ...softhsm.env, ...faulty.env, EST_STATION_HOME: home };
  const { serial, pin } = await softhsm.makeToken({ label: 'gateway' });
  env.EST_STATION_PIN = pin;
  profile = join(home, 'profile.json');
  const authority = await makeOpensslAuthority();
  const caRootCertificate = certificateToPem(authority.certificate);
  await authority.cleanup();
  const content = {
    trust: { caRootCertificate },
    server: { endpoint: 'est.invalid:8443' },
    keystore: { kind: 'pkcs11', module: faulty.module, token: { serial } },
    request: { subject: 'CN=gateway' },
  };
  await writeFile(profile, JSON.stringify(content));
});

afterAll(async () => {
  await softhsm.cleanup();
  await discardFolder(home);
});

test('a token that can do what the profile asks is said to fit', { timeout: 30_000 }, async () => {
  await faulty.script();
  const told = await runCommand(['tokens', '--profile', profile, '--json'], env);
  expect(told.code).toBe(0);
  expect(document(told)).toMatchObject({ fits: true, findings: [], token: { label: 'gateway' } });
});

test('one that cannot is told beforehand, and no key is made', { timeout: 60_000 }, async () => {
  await faulty.script(`C_GetMechanismList without ${ecKeyPairGeneration}`);
  const told = await runCommand(['tokens', '--profile', profile, '--json'], env);
  expect(told.code).toBe(4);
  expect(document(told)).toMatchObject({
    fits: false,
    findings: [{ code: 'TOKEN-14', params: { missing: 'prime256v1' } }],
  });
  expect(await faulty.calls()).not.toContain('C_Login');
  const enrolled = await runCommand(['enroll', '--profile', profile, '--json'], env);
  expect(enrolled.code).toBe(4);
  expect(enrolled.stdout).toContain('TOKEN-14');
  expect(await faulty.calls()).not.toContain('C_GenerateKeyPair');
});
