import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchCaCertificatesProvisionally } from '../../electron/est/bootstrap.ts';
import type { ExchangeOptions, MakeRequest } from '../../electron/est/exchange.ts';
import { openExchange } from '../../electron/est/open-exchange.ts';
import { readCertificate } from '../../electron/pki/certificate.ts';
import { certificatesFromPem } from '../../electron/pki/pem.ts';
import { createRequest } from '../../electron/pki/request.ts';
import type { PracticeOptions } from '../../electron/practice/practice.ts';
import { mintTlsClientCredential, startPractice } from '../../electron/practice/server.ts';
import { nodeConnector } from '../../electron/tls/node-connector.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { parseEndpoint } from '../../shared/profile.ts';
import { discardFolder } from '../discard-folder.ts';
import { limits } from '../est-fixture.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-practice-'));
});
afterAll(() => discardFolder(folder));

/** A practice server that closes with the test. */
async function start(change: Partial<PracticeOptions> = {}) {
  const dir = await mkdtemp(join(folder, 'server-'));
  const practice = await startPractice({ dir, ...change });
  const { host, port } = parseEndpoint(practice.facts.endpoint) ?? { host: '', port: 0 };
  const [root = Buffer.alloc(0)] = certificatesFromPem(
    await readFile(practice.facts.caCertificate, 'utf8'),
  );
  const options: ExchangeOptions = {
    connector: nodeConnector,
    host,
    port,
    label: null,
    trust: { kind: 'anchors', anchors: [root], origin: 'explicit', hostnameVerification: true },
    credential: null,
    authentication: {
      scheme: 'basic',
      username: practice.facts.username,
      password: Buffer.from(practice.facts.password),
    },
    minTls: 'TLSv1.2',
    maxTls: 'TLSv1.3',
    limits,
  };
  return { practice, options, root, [Symbol.asyncDispose]: () => practice.close() };
}

/** Requests for a fresh key, named "device" unless a subject (DER) is given. */
function requestFor(
  key: KeyObject,
  spki: Uint8Array,
  subject: Uint8Array = Buffer.from('3011310f300d06035504030c06646576696365', 'hex'),
): MakeRequest {
  return (binding) =>
    createRequest({
      subject,
      subjectAltNames: [],
      spki,
      signatureAlgorithm: 'SHA256WITHECDSA',
      challengePassword: binding?.toString('base64') ?? null,
      sign: async (data) => sign('sha256', data, key),
    });
}

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { key: privateKey, spki: publicKey.export({ type: 'spki', format: 'der' }) };
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'accepted';
  } catch (error) {
    if (error instanceof StationError) return error.code;
    throw error;
  }
}

/** The whole conversation of an enrollment with Basic authentication. */
async function enroll(options: ExchangeOptions, binding: 'tls-unique' | 'tls-exporter' | null) {
  const exchange = await openExchange(options);
  const { key, spki } = newKey();
  try {
    await exchange.cacerts();
    const attributes = await exchange.csrattrs();
    await exchange.settleAuthentication('simpleenroll');
    const answer = await exchange.enroll('simpleenroll', binding, requestFor(key, spki));
    return { answer, attributes, key, spki };
  } finally {
    exchange.close();
  }
}

describe('with the practice server', () => {
  it('bootstrap brings the root it names', async () => {
    await using server = await start();
    const { caCertificates, serverChain } = await fetchCaCertificatesProvisionally(server.options);
    const fingerprints = caCertificates.certificates.map((der) => readCertificate(der).fingerprint);
    expect(fingerprints).toContain(server.practice.facts.caFingerprint);
    expect(serverChain.length).toBeGreaterThan(0);
  });

  it.each<[string, Partial<PracticeOptions>]>([
    ['with line breaks', {}],
    ['without line breaks', { unwrapped: true }],
  ])('an enrollment with Basic authentication is issued, %s', async (_how, change) => {
    await using server = await start(change);
    const { answer, spki } = await enroll(server.options, null);
    const keys =
      answer.kind === 'issued' ? answer.certificates.map((der) => readCertificate(der).spki) : [];
    expect(keys.some((key) => key.equals(spki))).toBe(true);
  });

  it('proof of possession is accepted where it is demanded', async () => {
    await using server = await start({ requirePop: true });
    const options = { ...server.options, maxTls: 'TLSv1.2' } as const;
    const { answer, attributes } = await enroll(options, 'tls-unique');
    expect(attributes.asksForPop).toBe(true);
    expect(answer.kind).toBe('issued');
    expect(server.practice.log.at(-1)).toMatchObject({ status: 200, pop: 'valid' });
    expect(await codeOf(enroll(options, null))).not.toBe('accepted');
  });

  it('a renewal by TLS certificate with proof of possession is issued', async () => {
    await using server = await start({ requirePop: true });
    const credential = mintTlsClientCredential(server.practice, 'device', {
      registrationAuthority: false,
    });
    const chain = certificatesFromPem(credential.chainPem);
    const key = createPrivateKey(credential.keyPem);
    const [own = Buffer.alloc(0)] = chain;
    const { spki, subjectDer } = readCertificate(own);
    for (const [maxTls, binding] of [
      ['TLSv1.2', 'tls-unique'],
      ['TLSv1.3', 'tls-exporter'],
    ] as const) {
      const exchange = await openExchange({
        ...server.options,
        authentication: { scheme: 'none' },
        credential: { kind: 'software', chain, key },
        maxTls,
      });
      const make = requestFor(key, spki, subjectDer);
      const answer = await exchange.enroll('simplereenroll', binding, make);
      exchange.close();
      expect(answer.kind).toBe('issued');
      expect(server.practice.log.at(-1)).toMatchObject({ pop: 'valid', authenticatedBy: 'tls' });
    }
  });

  it('a wrong password is refused after one try', async () => {
    await using server = await start();
    const { practice, options } = server;
    const authentication = { ...options.authentication, password: Buffer.from('wrong') };
    const attempt = enroll({ ...options, authentication } as ExchangeOptions, null);
    expect(await codeOf(attempt)).toBe('SERVER-03');
    expect(
      practice.log.filter(({ authenticatedBy }) => authenticatedBy === 'refused'),
    ).toHaveLength(1);
  });

  it('an unknown label is named', async () => {
    await using server = await start();
    const exchange = await openExchange({ ...server.options, label: 'nowhere' });
    expect(await codeOf(exchange.cacerts())).toBe('SERVER-01');
    exchange.close();
  });

  it('a request may be pending', async () => {
    await using server = await start({ pendingSeconds: 7 });
    const { answer } = await enroll(server.options, null);
    expect(answer).toEqual({ kind: 'pending', retryAfterSeconds: 7 });
  });

  it.each<[PracticeOptions['faults'][number], RegExp]>([
    ['garbage-cacerts', /^SERVER-(09|11)$/],
    ['garbage-enroll', /^SERVER-(09|11)$/],
    ['oversized-body', /^SERVER-10$/],
    ['wrong-name', /^TRUST-03$/],
    ['html-error', /^SERVER-(06|07|11)$/],
    ['hang-after-post', /^NET-06$/],
    ['close-after-post', /^NET-04$/],
  ])('the fault %s is told by its code', async (fault, code) => {
    await using server = await start({ faults: [fault] });
    const patience = { ...limits, bodyBytes: 262_144, exchangeMs: 700 };
    expect(await codeOf(enroll({ ...server.options, limits: patience }, null))).toMatch(code);
  });
});
