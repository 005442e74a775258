import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { composeStation } from '../../electron/compose.ts';
import { fakeDescription } from '../../electron/ipc/fake-station.ts';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { stationCommands } from '../../electron/station/commands.ts';
import type { Station } from '../../electron/station/station.ts';
import type { StationHandlers } from '../../shared/contract/handlers.ts';
import { type Profile, profileSchema } from '../../shared/profile.ts';
import { document, runCommand } from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../softhsm.ts';

// Each command is a process of its own, also on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const run = promisify(execFile);
const enrolled = 'est-enrolled-key-pair';

let folder: string;
let softHsm: SoftHsm;
let token: SoftHsmToken;
let station: Station;
let window: StationHandlers;
let profile: Profile;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-objects-'));
  softHsm = await makeSoftHsm();
  token = await softHsm.makeToken({ label: 'objects' });
  const practice = await startPractice({ dir: join(folder, 'practice') });
  const { endpoint, caFingerprint, username, password } = practice.facts;
  station = await composeStation({
    env: { EST_STATION_HOME: join(folder, 'home') },
    launcher: nodeProcessLauncher({ env: softHsm.env }),
    secretSource: {
      ask: async (purpose) =>
        new TextEncoder().encode(purpose === 'token-pin' ? token.pin : password),
    },
  });
  window = stationCommands(station, fakeDescription);
  profile = profileSchema.parse({
    server: { endpoint },
    trust: { caRootFingerprint: caFingerprint },
    keystore: { kind: 'pkcs11', module: softHsm.module, token: { serial: token.serial } },
    httpAuthentication: { scheme: 'basic', username },
    request: { subject: 'CN=GW-1,O=Example' },
  });
  const id = await station.start({ profile, operation: 'enroll' });
  expect(await station.ended(id)).toMatchObject({ state: 'done' });
  await practice.close();
});

afterAll(async () => {
  await station.close();
  await softHsm.cleanup();
  await discardFolder(folder);
});

const listed = async () => (await window['objects.list'](profile)).objects;
const aliases = async () => (await listed()).map(({ alias }) => alias);

/** What another program reads on the token. */
async function objectsSeenByOthers(): Promise<string> {
  const { stdout } = await run(
    'pkcs11-tool',
    ['--module', softHsm.module, '--token-label', 'objects', '--pin', token.pin, '-O'],
    { env: { ...process.env, ...softHsm.env } },
  );
  return stdout;
}

describe('what stands on a token', () => {
  test('is listed without its PIN', async () => {
    const objects = await listed();
    expect(objects.map(({ alias }) => alias)).toEqual([
      'est-bootstrap-ca',
      'est-cacerts_0',
      'est-cacerts_1',
      enrolled,
    ]);
    expect(objects.at(-1)).toMatchObject({
      key: { algorithm: 'EC P-256' },
      certificate: { subject: 'CN=GW-1,O=Example' },
      neededBy: null,
    });
  });

  test('is exported in the forms other programs read', async () => {
    const file = join(folder, 'exported');
    const openssl = async (form: Parameters<typeof exported>[0], ...args: string[]) => {
      await writeFile(file, await exported(form));
      return (await run('openssl', [...args, '-in', file, '-noout'])).stdout;
    };
    const exported = async (form: Parameters<StationHandlers['objects.export']>[0]['form']) =>
      (await window['objects.export']({ ...profile, alias: enrolled, form })).content;

    const subject = ['x509', '-subject'];
    const pem = await openssl({ what: 'certificate', format: 'pem' }, ...subject);
    const der = await openssl({ what: 'certificate', format: 'der' }, ...subject, '-inform', 'DER');
    expect(pem).toContain('GW-1');
    expect(der).toBe(pem);
    const print = ['pkcs7', '-inform', 'DER', '-print_certs'];
    const bag = await openssl({ what: 'chain', format: 'p7' }, ...print);
    expect(bag.match(/^subject=/gm)).toHaveLength(3);
    const chain = Buffer.from(await exported({ what: 'chain', format: 'pem' })).toString();
    const [leaf = '', issuer = ''] = chain.split(/(?<=-----END CERTIFICATE-----\n)/);
    expect(new X509Certificate(leaf).verify(new X509Certificate(issuer).publicKey)).toBe(true);
    const key = Buffer.from(await exported({ what: 'public-key', format: 'pem' })).toString();
    const { publicKey } = new X509Certificate(leaf);
    expect(key).toBe(publicKey.export({ type: 'spki', format: 'pem' }));
    expect(await exported({ what: 'public-key', format: 'der' })).toEqual(
      Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' })),
    );
    await expect(
      window['objects.export']({
        ...profile,
        alias: 'est-cacerts_0',
        form: { what: 'public-key', format: 'pem' },
      }),
    ).rejects.toMatchObject({ code: 'TOKEN-09' });
  }, 90_000);

  test('is written for a revocation, with issuer and serial number', async () => {
    const [record] = await station.ports.store.enrollments.list({ limit: 1 });
    const out = join(folder, 'revoke.pem');
    const args = ['revocation-file', '--enrollment', record?.enrollmentId ?? '', '--out', out];
    const env = { EST_STATION_HOME: join(folder, 'home') };
    const written = document(await runCommand([...args, '--json'], env));
    const { serialNumber = '', issuer = '' } = record?.certificate ?? {};
    expect(written).toMatchObject({ state: 'done', serialNumber, issuer });
    const { stdout } = await run('openssl', ['x509', '-in', out, '-noout', '-serial']);
    expect(stdout.trim()).toBe(`serial=${serialNumber}`);
    expect(await readFile(out, 'utf8')).toContain(`Serial number:  ${serialNumber}`);
    const again = await runCommand([...args, '--json'], env);
    expect(document(again)).toMatchObject({ error: { code: 'USAGE-01' } });
  });

  test('is renamed, never over something else', async () => {
    const rename = (alias: string, to: string) =>
      window['objects.rename']({ ...profile, alias, to });
    await expect(rename(enrolled, 'est-cacerts_0')).rejects.toMatchObject({ code: 'OBJECT-03' });
    await expect(rename('absent', 'x')).rejects.toMatchObject({ code: 'TOKEN-09' });
    await rename(enrolled, 'kept');
    expect(await aliases()).toContain('kept');
    expect(await objectsSeenByOthers()).toMatch(/Private Key Object[\s\S]*label: +kept/);
    await rename('kept', enrolled);
  });

  test('is deleted with consent only', async () => {
    const remove = (alias: string, confirmed: string) =>
      window['objects.delete']({ ...profile, alias, confirmed });
    await expect(remove('est-bootstrap-ca', 'yes')).rejects.toMatchObject({ code: 'OBJECT-02' });
    await expect(remove('absent', 'absent')).rejects.toMatchObject({ code: 'TOKEN-09' });
    await remove('est-bootstrap-ca', 'est-bootstrap-ca');
    expect(await aliases()).not.toContain('est-bootstrap-ca');
    const records = await station.ports.store.audit.read({ limit: 10 });
    expect(records.at(-1)).toMatchObject({
      what: 'object.deleted',
      token: `objects (${token.serial})`,
      details: { alias: 'est-bootstrap-ca' },
    });
  });

  test('is left alone while another program’s object shares its alias', async () => {
    const file = join(folder, 'sharing.der');
    const [{ certificate } = { certificate: null }] = await listed();
    await writeFile(file, new X509Certificate(certificate?.pem ?? '').raw);
    const card = ['--module', softHsm.module, '--token-label', 'objects', '--pin', token.pin];
    const naming = ['--type', 'cert', '--label', enrolled, '--id', 'ff01'];
    await run('pkcs11-tool', [...card, '--write-object', file, ...naming], {
      env: { ...process.env, ...softHsm.env },
    });
    const further = (await aliases()).find((alias) => alias.startsWith(`${enrolled} (ID `)) ?? '';
    const shared = { code: 'OBJECT-04', params: { alias: enrolled, others: further } };
    const both = { ...profile, alias: enrolled };
    await expect(window['objects.rename']({ ...both, to: 'x' })).rejects.toMatchObject(shared);
    const remove = (alias: string) =>
      window['objects.delete']({ ...profile, alias, confirmed: alias });
    await expect(remove(enrolled)).rejects.toMatchObject(shared);
    await remove(further);
    expect(await aliases()).not.toContain(further);
    expect(await aliases()).toContain(enrolled);
  });

  test('is kept while an enrollment needs its key', async () => {
    const id = await station.start({ profile, operation: 'enroll' });
    // The server is gone: the enrollment fails, and is put back to the state it had while it ran.
    const record = await station.ended(id);
    const { store } = station.ports;
    const key = (await listed()).find(({ alias }) => alias === enrolled)?.key?.id ?? '';
    const at = new Date().toISOString();
    const made = { enrollmentId: id, phase: 'after', state: 'key-made', at } as const;
    await store.journal.append({ ...made, evidence: { publicKey: key } }, { durable: true });
    for (const state of ['submitted', 'pending', 'outcome-unknown', 'issued-not-stored'] as const) {
      await store.enrollments.save({ ...record, state });
      const needed = { code: 'OBJECT-01', params: { alias: enrolled, enrollment: id, state } };
      const remove = { ...profile, alias: enrolled, confirmed: enrolled };
      await expect(window['objects.delete'](remove)).rejects.toMatchObject(needed);
      const rename = { ...profile, alias: enrolled, to: 'other' };
      await expect(window['objects.rename'](rename)).rejects.toMatchObject(needed);
      expect((await listed()).find(({ alias }) => alias === enrolled)?.neededBy).toBe(id);
    }
    await store.enrollments.save({ ...record, state: 'failed' });
    await window['objects.delete']({ ...profile, alias: enrolled, confirmed: enrolled });
    expect(await aliases()).not.toContain(enrolled);
    expect(await objectsSeenByOthers()).not.toContain('Private Key');
  }, 90_000);
});
