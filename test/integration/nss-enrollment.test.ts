import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import { createTokenBridge } from '../../electron/keystore/pkcs11/bridge.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { document, runCommand } from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';

const softokn = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64']
  .map((folder) => `${folder}/libsoftokn3.so`)
  .find((path) => existsSync(path));

/** A module that starts only when C_Initialize is told where its database is. */
describe.runIf(softokn)('NSS softokn on the command line', { timeout: 60_000 }, () => {
  const module = softokn ?? '';
  let home: string;
  let practice: PracticeServer;
  let libraryParameters: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'est-nss-'));
    libraryParameters = `configdir='sql:${home}' certPrefix='' keyPrefix='' secmod='secmod.db'`;
    const bridge = createTokenBridge(nodeProcessLauncher(), {
      libraryParameters: { [module]: libraryParameters },
    });
    const pins = { soPin: new Uint8Array(), pin: new TextEncoder().encode('123456') };
    await bridge.initialiseToken({ module, slot: 2, label: 'station', ...pins });
    await bridge.close();
    practice = await startPractice({ dir: join(home, 'practice') });
    env = {
      EST_STATION_HOME: join(home, 'station'),
      EST_STATION_PIN: '123456',
      EST_STATION_PASSWORD: practice.facts.password,
    };
  });

  afterAll(async () => {
    await practice.close();
    await discardFolder(home);
  });

  test('is enrolled as the profile’s libraryParameters say', async () => {
    const profile = join(home, 'profile.json');
    const token = { label: 'NSS Certificate DB' };
    const content = {
      trust: { caRootFingerprint: practice.facts.caFingerprint },
      server: { endpoint: practice.facts.endpoint },
      keystore: { kind: 'pkcs11', module, libraryParameters, token },
      httpAuthentication: { scheme: 'basic', username: practice.facts.username },
      request: { subject: 'CN=on NSS' },
    };
    await writeFile(profile, JSON.stringify(content));
    const enrolled = document(await runCommand(['enroll', '--profile', profile, '--json'], env));
    expect(enrolled).toMatchObject({ state: 'done', certificate: { subject: 'CN=on NSS' } });
    const shown = document(await runCommand(['show', '--profile', profile, '--json'], env));
    expect(shown).toMatchObject({ keystore: expect.stringContaining(token.label) });
    expect(JSON.stringify(shown)).toContain('est-enrolled-key-pair');
  });

  test('is described with --library-parameters', async () => {
    const args = ['tokens', '--module', module, '--library-parameters', libraryParameters];
    const told = await runCommand([...args, '--details', '--json'], env);
    const labels = (document(told).tokens as { token: { label: string } }[]).map(
      ({ token }) => token.label,
    );
    expect(labels).toContain('NSS Certificate DB');
    const words = (await runCommand([...args, '--details'], env)).stdout;
    expect(words).toMatch(/^ {2}curves P-256, P-384, P-521$/m);
  });
});
