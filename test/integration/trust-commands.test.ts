import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPractice } from '../../electron/practice/server.ts';
import { document, runCommand } from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';
import { EstFixture, host, pkcs7 } from '../est-fixture.ts';
import { answer, scripted } from '../scripted-server.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-trust-cli-'));
});
afterAll(() => discardFolder(folder));

/** Milliseconds: each command is a process of its own, also on a busy machine. */
const patience = 120_000;

const pem = (der: Uint8Array) => new X509Certificate(der).toString();
const errorOf = (finished: Awaited<ReturnType<typeof runCommand>>) =>
  (document(finished).error as { code: string }).code;

async function bench(endpoint: string, trust: Record<string, unknown>) {
  const home = await mkdtemp(join(folder, 'home-'));
  const profile = join(home, 'profile.json');
  await writeFile(
    profile,
    JSON.stringify({
      server: { endpoint },
      trust,
      keystore: { kind: 'software', path: join(home, 'keys') },
      request: { subject: 'CN=GW-1' },
    }),
  );
  return (command: string, ...args: string[]) =>
    runCommand([command, '--profile', profile, ...args], { EST_STATION_HOME: join(home, 'data') });
}

describe('the commands about trust', () => {
  test(
    'show, refresh and list what a server vouches for and has revoked',
    async () => {
      const dir = join(folder, 'practice');
      const practice = await startPractice({ dir, rollover: 'in-progress', revoked: ['0A0B'] });
      const { endpoint, caFingerprint } = practice.facts;
      try {
        const station = await bench(endpoint, { caRootFingerprint: caFingerprint });
        expect(document(await station('trust', '--json'))).toMatchObject({
          schemaVersion: 1,
          anchors: [],
        });
        const early = await station('trust', '--refresh', '--json');
        expect([early.code, errorOf(early)]).toEqual([7, 'TRUST-01']);

        expect(await station('bootstrap', '--json')).toMatchObject({ code: 0 });
        const refreshed = await station('trust', '--refresh', '--json');
        expect(refreshed).toMatchObject({ code: 0 });
        expect(document(refreshed)).toMatchObject({
          anchors: [
            { source: 'profile-fingerprint', successorOf: null },
            { source: 'rollover', successorOf: caFingerprint },
          ],
          warnings: [{ code: 'ROLLOVER-TRUSTED' }],
        });
        expect((document(refreshed).offered as unknown[]).length).toBe(6);
        const words = await station('trust');
        expect(words.stdout).toContain(`succeeds the root with SHA-256 ${caFingerprint}`);
        expect(words.stdout).toMatch(/until \d{4}-/);
        const unknown = await station('trust', '--confirm', '00'.repeat(32), '--json');
        expect([unknown.code, errorOf(unknown)]).toEqual([7, 'TRUST-10']);

        const lists = document(await station('crls', '--json'));
        expect(lists).toMatchObject({ warnings: [] });
        expect(lists.crls).toContainEqual(
          expect.objectContaining({
            revoked: 1,
            current: true,
            pem: expect.stringContaining('CRL'),
          }),
        );
        expect((await station('crls')).stdout).toContain('-----BEGIN X509 CRL-----');
      } finally {
        await practice.close();
      }
    },
    patience,
  );

  test(
    'take a root from a file by its fingerprint, and take the trust back',
    async () => {
      const fixture = await EstFixture.make();
      const { der } = fixture.root.identity;
      const leaf = fixture.identity.der;
      const sha256 = (certificate: Uint8Array) =>
        createHash('sha256').update(certificate).digest('hex').toUpperCase();
      const [file, mixed] = [join(folder, 'root.der'), join(folder, 'mixed.pem')];
      await writeFile(file, der);
      await writeFile(mixed, [leaf, der].map(pem).join('\n'));
      const station = await bench('est.example:8443', {});
      const server = 'est.example:8443';

      const unnamed = await station('trust', '--import', file, '--json');
      expect([unnamed.code, errorOf(unnamed)]).toEqual([2, 'USAGE-01']);
      expect(unnamed.stderr).toContain(sha256(der));
      const other = await station('trust', '--import', file, '--fingerprint', '0'.repeat(64));
      expect([other.code, other.stderr]).toEqual([7, expect.stringContaining('TRUST-11')]);
      const noCa = await station('trust', '--import', mixed, '--fingerprint', sha256(leaf));
      expect([noCa.code, noCa.stderr]).toEqual([7, expect.stringContaining('TRUST-11')]);
      for (const wrong of [join(folder, 'absent.pem'), folder, join(folder, '..')]) {
        const refused = await station('trust', '--import', wrong, '--fingerprint', sha256(der));
        expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('USAGE-01')]);
      }
      const named = (sha256(der).toLowerCase().match(/../g) ?? []).join(':');
      const imported = await station('trust', '--import', mixed, '--fingerprint', named, '--json');
      expect(document(imported)).toMatchObject({
        server,
        anchors: [{ source: 'file', certificate: { fingerprint: sha256(der) } }],
      });

      const both = await station('trust', '--import', file, '--remove', named, '--json');
      expect([both.code, errorOf(both)]).toEqual([2, 'USAGE-01']);
      const unmeant = await station('trust', '--fingerprint', named, '--json');
      expect([unmeant.code, errorOf(unmeant)]).toEqual([2, 'USAGE-01']);
      const removed = await station('trust', '--remove', named, '--json');
      expect(document(removed)).toMatchObject({ server, anchors: [] });
      const again = await station('trust', '--remove', named, '--json');
      expect([again.code, errorOf(again)]).toEqual([7, 'TRUST-12']);
    },
    patience,
  );

  test.each([404, 501])(
    'say that a server offers no lists (%i)',
    async (status) => {
      const fixture = await EstFixture.make();
      const bag = answer(200, pkcs7, fixture.bag);
      await using server = await scripted(fixture.identity, [bag, bag, answer(status)]);
      const fingerprint = createHash('sha256').update(fixture.root.identity.der).digest('hex');
      const station = await bench(`${host}:${server.port}`, { caRootFingerprint: fingerprint });
      expect(await station('bootstrap')).toMatchObject({ code: 0 });
      const refused = await station('crls', '--json');
      expect([refused.code, errorOf(refused)]).toEqual([8, 'SERVER-02']);
      expect(refused.stderr).toContain('does not offer crls');
    },
    patience,
  );
});
