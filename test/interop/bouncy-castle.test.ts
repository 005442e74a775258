import { execFile } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PracticeOptions, PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { discardFolder } from '../discard-folder.ts';

const run = promisify(execFile);
const source = join(import.meta.dirname, 'bouncy-castle', 'EstClient.java');
const jars = ['bcpkix', 'bcutil', 'bctls', 'bcprov'].map((name) => `/usr/share/java/${name}.jar`);

const obstacle = await whyNot();
const title =
  obstacle === null
    ? "Bouncy Castle's client at a practice server"
    : `SKIPPED, NOT SHOWN: Bouncy Castle's client, ${obstacle}`;

if (obstacle !== null) process.stderr.write(`${title}\n`);

describe.skipIf(obstacle !== null)(title, { timeout: 120_000 }, () => {
  let dir: string;
  const servers: PracticeServer[] = [];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'est-bouncy-castle-'));
    await run('javac', ['-cp', jars.join(delimiter), '-d', dir, source]);
  });

  afterAll(async () => {
    for (const server of servers) await server.close();
    await discardFolder(dir);
  });

  test('fetches the CA certificates', async () => {
    const server = await practice();
    const fingerprints = (await certificatesFrom(server, 'cacerts')).map(({ fingerprint256 }) =>
      fingerprint256.replaceAll(':', ''),
    );
    expect(fingerprints).toHaveLength(2);
    expect(fingerprints).toContain(server.facts.caFingerprint);
  });

  test.each<[what: string, options: Partial<PracticeOptions>, wishes: readonly string[]]>([
    ['none where there are none', {}, []],
    ['a wish for proof of possession', { requirePop: true }, ['1.2.840.113549.1.9.7']],
    [
      'attributes with values',
      { csrattrs: 'legacy' },
      ['1.2.840.10045.2.1', '1.2.840.10045.4.3.3'],
    ],
  ])('reads csrattrs: %s', async (_, options, wishes) => {
    const server = await practice(options);
    expect((await ask(server, 'csrattrs')).sort()).toEqual(wishes);
    expect(server.log.at(-1)).toMatchObject({ status: wishes.length === 0 ? 204 : 200 });
  });

  test.each([
    { key: 'EC', operation: 'enroll', again: 'reenroll', pop: 'absent' },
    { key: 'RSA', operation: 'enroll', again: 'reenroll', pop: 'absent' },
    { key: 'EC', operation: 'enroll-pop', again: 'reenroll-pop', pop: 'valid' },
    { key: 'RSA', operation: 'enroll-pop', again: 'reenroll-pop', pop: 'valid' },
  ])('$operation by password, then $again by certificate, key of kind $key', async (plan) => {
    const server = await practice({ requirePop: plan.pop === 'valid' });
    const kept = join(dir, `${plan.key}-${plan.operation}.p12`);
    const [issued] = await certificatesFrom(server, plan.operation, plan.key, 'CN=castle', kept);
    expect(issued).toMatchObject({ subject: 'CN=castle', subjectAltName: 'DNS:castle.example' });
    expect(server.log.map(({ status }) => status)).toEqual([401, 200]);
    expect(server.log.at(-1)).toMatchObject({ authenticatedBy: 'basic', pop: plan.pop });

    const [renewed] = await certificatesFrom(server, plan.again, kept);
    expect(renewed?.publicKey.export({ type: 'spki', format: 'pem' })).toBe(
      issued?.publicKey.export({ type: 'spki', format: 'pem' }),
    );
    expect(renewed?.serialNumber).not.toBe(issued?.serialNumber);
    expect(server.log.at(-1)).toMatchObject({
      path: '/.well-known/est/simplereenroll',
      status: 200,
      tls: 'TLSv1.2',
      authenticatedBy: 'tls',
      pop: plan.pop,
    });
  });

  test('is refused without the proof of possession that the server requires', async () => {
    const server = await practice({ requirePop: true });
    const kept = join(dir, 'unbound.p12');
    await expect(ask(server, 'enroll', 'EC', 'CN=castle', kept)).rejects.toThrow('400');
    expect(server.log.at(-1)).toMatchObject({ status: 400, pop: 'absent' });
  });

  test('has a key generated, which belongs to the certificate', async () => {
    const [certificate = '', key = ''] = await ask(await practice(), 'serverkeygen', 'EC', 'CN=k');
    const generated = createPrivateKey({
      key: Buffer.from(key, 'base64'),
      format: 'der',
      type: 'pkcs8',
    });
    const certified = new X509Certificate(Buffer.from(certificate, 'base64'));
    expect(certified.publicKey.equals(createPublicKey(generated))).toBe(true);
  });

  async function practice(options: Partial<PracticeOptions> = {}): Promise<PracticeServer> {
    const folder = await mkdtemp(join(dir, 'practice-'));
    const server = await startPractice({ ...options, dir: folder });
    servers.push(server);
    return server;
  }

  /** The lines the Java program prints. */
  async function ask({ facts }: PracticeServer, ...operation: string[]): Promise<string[]> {
    const classPath = [dir, ...jars].join(delimiter);
    const where = [facts.caCertificate, facts.endpoint];
    const { stdout } = await run(
      'java',
      ['-XX:TieredStopAtLevel=1', '-cp', classPath, 'EstClient', ...where, ...operation],
      {
        env: { ...process.env, EST_USERNAME: facts.username, EST_PASSWORD: facts.password },
      },
    );
    return stdout.split('\n').filter((line) => line !== '');
  }

  async function certificatesFrom(server: PracticeServer, ...operation: string[]) {
    const lines = await ask(server, ...operation);
    return lines.map((line) => new X509Certificate(Buffer.from(line, 'base64')));
  }
});

/** Why the Java program cannot run here, or null. */
async function whyNot(): Promise<string | null> {
  if (process.env.EST_STATION_FULL !== '1') return 'a long test: npm run test:full';
  const missing = jars.filter((path) => !existsSync(path));
  if (missing.length > 0)
    return `${missing.join(', ')} missing (Debian: libbcpkix-java libbctls-java)`;
  const compiler = await run('javac', ['-version']).catch(() => null);
  return compiler === null ? 'javac is missing (Debian: openjdk-17-jdk-headless)' : null;
}
