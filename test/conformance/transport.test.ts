import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExchangeOptions, HttpAuthentication } from '../../electron/est/exchange.ts';
import { openExchange } from '../../electron/est/open-exchange.ts';
import type {
  PracticeFault,
  PracticeOptions,
  PracticeServer,
} from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { nodeConnector } from '../../electron/tls/node-connector.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { discardFolder } from '../discard-folder.ts';
import { limits } from '../est-fixture.ts';
import { askOnce, connectRaw, enrollment, makeCsr, makeKeys } from '../practice-client.ts';
import { observe } from './observe.ts';

let dir: string;
let csr: Buffer;
let spki: Buffer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'est-transport-'));
  const keys = await makeKeys();
  csr = await makeCsr({ keys });
  spki = Buffer.from(await crypto.subtle.exportKey('spki', keys.publicKey));
});
afterAll(() => discardFolder(dir));

/** A server of its own for one case. */
async function serve(change: Partial<PracticeOptions>) {
  const server = await startPractice({ dir, ...change });
  return { ...server, [Symbol.asyncDispose]: () => server.close() };
}

/** Changes to the right credentials. */
interface Credentials {
  readonly scheme?: HttpAuthentication['scheme'];
  readonly username?: string;
  readonly password?: Uint8Array;
}

async function options(
  { facts }: Pick<PracticeServer, 'facts'>,
  credentials: Credentials,
): Promise<ExchangeOptions> {
  const root = new X509Certificate(await readFile(facts.caCertificate));
  return {
    connector: nodeConnector,
    host: '127.0.0.1',
    port: Number(new URL(facts.url).port),
    label: null,
    trust: { kind: 'anchors', anchors: [root.raw], origin: 'explicit', hostnameVerification: true },
    credential: null,
    authentication: {
      scheme: 'basic',
      username: facts.username,
      password: Buffer.from(facts.password),
      ...credentials,
    },
    minTls: 'TLSv1.2',
    maxTls: 'TLSv1.3',
    limits: { ...limits, bodyBytes: 1_048_576 },
  };
}

/** `accept`, `warn` with the notices' codes, or `refuse` with the error's: what becomes of an enrollment. */
async function verdictOf(
  server: Pick<PracticeServer, 'facts'>,
  credentials: Credentials = {},
): Promise<string> {
  const exchange = await openExchange(await options(server, credentials));
  try {
    await exchange.cacerts();
    await exchange.settleAuthentication('simpleenroll');
    const answer = await exchange.enroll('simpleenroll', null, async () => csr);
    if (answer.kind === 'pending') return 'pending';
    const keys = answer.certificates.map((der) =>
      new X509Certificate(der).publicKey.export({ format: 'der', type: 'spki' }),
    );
    expect(keys).toContainEqual(spki);
    const codes = answer.warnings.map(({ code }) => code);
    return codes.length === 0 ? 'accept' : `warn ${codes.join(' ')}`;
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    return `refuse ${error.code}`;
  } finally {
    exchange.close();
  }
}

describe('rows 1 to 4, how an answer travels', () => {
  test.each<[string, Partial<PracticeOptions>, string]>([
    ['in chunks', { faults: ['chunked'] }, 'accept'],
    ['until the connection closes', { faults: ['close-delimited'] }, 'accept'],
    ['not at all', { faults: ['close-after-post'] }, 'refuse NET-04'],
    ['two bytes at a time', { faults: ['two-byte-writes'] }, 'accept'],
    ['two bytes to a chunk', { faults: ['two-byte-writes', 'chunked'] }, 'accept'],
    ['over the limit', { faults: ['oversized-body'] }, 'refuse SERVER-10'],
    ['as a page', { faults: ['html-error'] }, 'refuse SERVER-07'],
    ['wrapped', {}, 'accept'],
    ['unwrapped', { unwrapped: true }, 'accept'],
    ['in PEM armour', { faults: ['pem-armour'] }, 'warn ANSWER-TOLERATED'],
    ['without Content-Transfer-Encoding', { faults: ['no-cte'] }, 'accept'],
    ['as base64 of something else', { faults: ['garbage-enroll'] }, 'refuse SERVER-09'],
    ['a server that reads one form alone', { faults: ['strict'] }, 'accept'],
  ])('%s', async (how, change, expected) => {
    await using server = await serve(change);
    const verdict = await verdictOf(server);
    expect(verdict).toBe(expected);
    observe('practice', how, verdict);
  });
});

test.each<[PracticeFault, Record<string, string | undefined>]>([
  ['chunked', { 'transfer-encoding': 'chunked', 'content-length': undefined }],
  [
    'close-delimited',
    { connection: 'close', 'transfer-encoding': undefined, 'content-length': undefined },
  ],
  ['no-cte', { 'content-transfer-encoding': undefined }],
])('%s shows in the headers', async (fault, expected) => {
  await using server = await serve({ faults: [fault] });
  const { headers } = await askOnce(server.facts, { path: '/cacerts' });
  const shown = Object.keys(expected).map((name) => [name, headers.get(name)]);
  expect(Object.fromEntries(shown)).toEqual(expected);
});

describe('rows 18 and 19, HTTP authentication', () => {
  const digest = { scheme: 'digest' } as const;
  const wrong = { password: Buffer.from('wrong') };

  test.each<[string, Partial<PracticeOptions>, Credentials, string]>([
    ['Basic, right', {}, {}, 'accept'],
    ['Basic, wrong', {}, wrong, 'refuse SERVER-03'],
    ['Basic, empty user', {}, { username: '' }, 'refuse SERVER-03'],
    ['Basic, colon in the user', {}, { username: 'a:b' }, 'refuse PROFILE-02'],
    ['Basic, an unknown user in UTF-8', {}, { username: 'Jürgen' }, 'refuse SERVER-03'],
    ['Digest with SHA-256', { httpAuth: 'digest' }, digest, 'accept'],
    ['Digest beside Basic', { httpAuth: 'both' }, digest, 'accept'],
    ['Basic beside Digest', { httpAuth: 'both' }, {}, 'accept'],
    ['Digest, wrong', { httpAuth: 'digest' }, { ...digest, ...wrong }, 'refuse SERVER-03'],
    [
      'MD5 without algorithm',
      { httpAuth: 'digest', faults: ['digest-md5-bare'] },
      digest,
      'accept',
    ],
    ['closing 401', { httpAuth: 'digest', faults: ['digest-closes'] }, digest, 'accept'],
    ['closing 401, Basic', { faults: ['digest-closes'] }, {}, 'accept'],
    ['Digest not offered', {}, digest, 'refuse SERVER-15'],
    ['Basic not offered', { httpAuth: 'digest' }, {}, 'refuse SERVER-15'],
    ['no credentials', {}, { scheme: 'none' }, 'refuse SERVER-16'],
  ])('%s', async (how, change, credentials, expected) => {
    await using server = await serve(change);
    const verdict = await verdictOf(server, credentials);
    expect(verdict).toBe(expected);
    observe('authentication', how, verdict);
    const accepted = server.log.some(({ status, path }) => status === 200 && /enroll$/.test(path));
    expect(accepted).toBe(expected === 'accept');
  });

  test('a stale nonce is replaced within the exchange', async () => {
    await using server = await serve({ httpAuth: 'digest', faults: ['digest-stale'] });
    const exchange = await openExchange(await options(server, digest));
    await exchange.settleAuthentication('simpleenroll');
    for (const _ of [1, 2]) await exchange.enroll('simpleenroll', null, async () => csr);
    exchange.close();
    expect(server.log.map(({ status }) => status)).toEqual([401, 200, 401, 200]);
    expect(server.log.at(-1)?.authenticatedBy).toBe('digest');
    observe('authentication', 'Digest, stale nonce', 'accept');
  });

  test('a repeated Authorization is stale, one for another path wrong', async () => {
    await using server = await serve({ httpAuth: 'digest' });
    const { facts } = server;
    const asked = await askOnce(facts, { method: 'POST', path: '/simpleenroll' });
    const challenge = asked.headers.get('www-authenticate') ?? '';
    const field = (name: string) => new RegExp(`${name}="([^"]+)"`).exec(challenge)?.[1] ?? '';
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const [realm, nonce, uri] = [field('realm'), field('nonce'), '/.well-known/est/simpleenroll'];
    const secret = sha256(`${facts.username}:${realm}:${facts.password}`);
    const response = sha256(`${secret}:${nonce}:00000001:c0:auth:${sha256(`POST:${uri}`)}`);
    const Authorization = `Digest username="${facts.username}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=SHA-256, response="${response}", opaque="${field('opaque')}", qop=auth, nc=00000001, cnonce="c0"`;
    const send = async (path: string) => {
      const request = enrollment(csr, null, path);
      const headers = { ...request.headers, Authorization };
      const answer = await askOnce(facts, { ...request, headers });
      return [answer.status, answer.headers.get('www-authenticate')?.includes('stale=true')];
    };
    expect(await send('/simplereenroll')).toEqual([401, false]);
    expect(await send('/simpleenroll')).toEqual([200, undefined]);
    expect(await send('/simpleenroll')).toEqual([401, true]);
  });
});

test('requests wait until the trainer approves', async () => {
  await using server = await serve({ dir: join(dir, 'approval'), approval: true });
  expect(await verdictOf(server)).toBe('pending');
  expect(await verdictOf(server)).toBe('pending');
  await writeFile(join(dir, 'approval', 'approve'), '');
  expect(await verdictOf(server)).toBe('accept');
  await rm(join(dir, 'approval', 'approve'));
  expect(await verdictOf(server)).toBe('pending');
});

test('a quota ends with 403, also after a restart', async () => {
  const quota = { dir: join(dir, 'quota'), faults: ['quota'] } as const;
  const attempt = async () => {
    await using server = await serve(quota);
    return await verdictOf(server);
  };
  const verdicts = [await attempt(), await attempt(), await attempt()];
  expect(verdicts).toEqual(['accept', 'accept', 'refuse SERVER-05']);
});

describe('a strict server', () => {
  const wrapped = () => csr.toString('base64').replace(/.{64}/g, '$&\n');

  test.each<[string, Record<string, string>, () => string, number]>([
    ['its one form', {}, wrapped, 200],
    ['base64 without line breaks', {}, () => csr.toString('base64'), 400],
    ['a parameter', { 'Content-Type': 'application/pkcs10; charset=utf-8' }, wrapped, 415],
  ])('answers %s', async (_, headers, body, status) => {
    await using server = await serve({ faults: ['strict'] });
    const request = enrollment(csr, server.facts);
    const answer = await askOnce(server.facts, {
      ...request,
      headers: { ...request.headers, ...headers },
      body: body(),
    });
    expect(answer.status).toBe(status);
  });

  test('refuses chunks', async () => {
    await using server = await serve({ faults: ['strict'] });
    const { headers = {}, path } = enrollment(csr, server.facts);
    const connection = await connectRaw(server.facts);
    const sent = { ...headers, 'Transfer-Encoding': 'chunked' };
    const answer = await connection.send({ method: 'POST', path, headers: sent });
    connection.close();
    expect(answer.status).toBe(411);
  });
});
