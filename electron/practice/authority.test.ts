import { execFile } from 'node:child_process';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { inTemporaryFolder } from '../../test/practice-client.ts';
import { authorityFiles, makeAuthority, openAuthority } from './authority.ts';

const run = promisify(execFile);

test('a CA is made once and found again', () =>
  inTemporaryFolder(async (dir) => {
    const made = await openAuthority(join(dir, 'ca'));
    const found = await openAuthority(join(dir, 'ca'));
    expect(found.root.certificate.raw).toEqual(made.root.certificate.raw);
    expect(found.issuing.certificate.raw).toEqual(made.issuing.certificate.raw);
    expect(found.issuing.name).toEqual(made.issuing.name);
    expect(found.issuing.key.equals(made.issuing.key)).toBe(true);
  }));

test('its keys are readable by their owner alone', () =>
  inTemporaryFolder(async (dir) => {
    await openAuthority(dir);
    const keys = (await readdir(dir)).filter((name) => name.endsWith('-key.pem'));
    const modes = await Promise.all(keys.map(async (name) => (await stat(join(dir, name))).mode));
    expect(modes.map((mode) => mode & 0o777)).toEqual([0o600, 0o600]);
  }));

test('OpenSSL accepts the hierarchy', () =>
  inTemporaryFolder(async (dir) => {
    await openAuthority(dir);
    const { rootCertificate, issuingCertificate } = authorityFiles(dir);
    const { stdout } = await run('openssl', [
      'verify',
      '-x509_strict',
      '-CAfile',
      rootCertificate,
      issuingCertificate,
    ]);
    expect(stdout).toContain('issuing.pem: OK');
    const { stdout: text } = await run('openssl', [
      'x509',
      '-in',
      issuingCertificate,
      '-noout',
      '-text',
    ]);
    expect(text).toContain('CA:TRUE, pathlen:0');
    expect(text).toContain('Certificate Sign, CRL Sign');
  }));

test('two hierarchies share no name', () => {
  const [one, other] = [makeAuthority(), makeAuthority()];
  expect(one.root.name).not.toEqual(other.root.name);
});

test.each(['rootKey', 'issuingKey', 'issuingCertificate'] as const)(
  'a folder whose %s is damaged is refused, not overwritten',
  (file) =>
    inTemporaryFolder(async (dir) => {
      await openAuthority(dir);
      await writeFile(authorityFiles(dir)[file], 'damaged');
      await expect(openAuthority(dir)).rejects.toMatchObject({ code: 'STORE-01' });
    }),
);

test('files of two hierarchies are not mixed', () =>
  inTemporaryFolder(async (dir) => {
    await openAuthority(join(dir, 'one'));
    await openAuthority(join(dir, 'other'));
    const [one, other] = [authorityFiles(join(dir, 'one')), authorityFiles(join(dir, 'other'))];
    await run('cp', [other.issuingCertificate, one.issuingCertificate]);
    await run('cp', [other.issuingKey, one.issuingKey]);
    await expect(openAuthority(join(dir, 'one'))).rejects.toMatchObject({ code: 'STORE-01' });
  }));

test('a folder that cannot be made is refused', () =>
  inTemporaryFolder(async (dir) => {
    await writeFile(join(dir, 'file'), '');
    await expect(openAuthority(join(dir, 'file', 'ca'))).rejects.toMatchObject({
      code: 'STORE-01',
    });
  }));
