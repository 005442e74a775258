import { discardFolder } from './discard-folder.ts';
import 'reflect-metadata';
import { execFile } from 'node:child_process';
import type { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import {
  ChallengePasswordAttribute,
  type Extension,
  type Name,
  Pkcs10CertificateRequestGenerator,
} from '@peculiar/x509';
import type { TlsCredential } from '../electron/practice/issue.ts';
import type { PracticeFacts } from '../electron/practice/practice.ts';

const run = promisify(execFile);

/** A client that shares no code with the station's own, for tests of the practice server. */
interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

interface RawRequest {
  readonly method?: string;
  /** Path below `/.well-known/est`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export interface RawConnection {
  readonly socket: TLSSocket;
  /** Sends one request over this very connection and reads its answer whole. */
  send(request: RawRequest): Promise<RawAnswer>;
  /** Base64 of the first Finished message (TLS 1.2). */
  tlsUnique(): string;
  /** Base64 of the tls-exporter channel binding (RFC 9266). */
  tlsExporter(): string;
  close(): void;
}

interface RawOptions {
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3';
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  readonly credential?: TlsCredential;
  readonly session?: Buffer;
}

/** Opens a TLS connection that trusts the practice root alone. */
export async function connectRaw(
  facts: PracticeFacts,
  options: RawOptions = {},
): Promise<RawConnection> {
  const { credential, ...versions } = options;
  const [host = '', port = ''] = facts.endpoint.split(':');
  const socket = connectTls({
    host,
    port: Number(port),
    ca: await readFile(facts.caCertificate),
    ...versions,
    ...(credential ? { key: credential.keyPem, cert: credential.chainPem } : {}),
  });
  await once(socket, 'secureConnect');
  socket.on('error', () => undefined);
  return {
    socket,
    send: (request) => exchange(socket, facts, request),
    tlsUnique: () => socket.getFinished()?.toString('base64') ?? '',
    tlsExporter: () =>
      socket
        .exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0))
        .toString('base64'),
    close: () => socket.destroy(),
  };
}

/** One request over a connection of its own. */
export async function askOnce(
  facts: PracticeFacts,
  request: RawRequest,
  options: RawOptions = {},
): Promise<RawAnswer> {
  const connection = await connectRaw(facts, options);
  try {
    return await connection.send(request);
  } finally {
    connection.close();
  }
}

function exchange(
  socket: TLSSocket,
  facts: PracticeFacts,
  { method = 'GET', path, headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const fields = { Host: facts.endpoint, ...length, ...headers };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  // In one piece: a second small write would wait for the peer's delayed acknowledgement.
  const head = `${method} /.well-known/est${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  socket.write(Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body ?? '')]));
  return new Promise((done, fail) => {
    let received = Buffer.alloc(0);
    const settle = (act: () => void) => {
      socket.removeAllListeners('data');
      socket.removeAllListeners('close');
      act();
    };
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      const answer = parse(received);
      if (answer) settle(() => done(answer));
    });
    socket.once('close', () =>
      settle(() => fail(new Error(`closed after ${received.length} bytes of an answer`))),
    );
  });
}

function parse(received: Buffer): RawAnswer | null {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [statusLine = '', ...fields] = received.toString('latin1', 0, end).split('\r\n');
  const headers = new Map(
    fields.map((field): [string, string] => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  const body = received.subarray(end + 4);
  if (body.length < Number(headers.get('content-length') ?? 0)) return null;
  return { status: Number(statusLine.split(' ')[1]), headers, body };
}

/** An Authorization header for HTTP Basic. */
export function basic({
  username,
  password,
}: Pick<PracticeFacts, 'username' | 'password'>): Readonly<Record<string, string>> {
  const token = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  return { Authorization: `Basic ${token}` };
}

type KeyPair = webcrypto.CryptoKeyPair;

const algorithms = {
  EC: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RSA: {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: Buffer.of(1, 0, 1),
    hash: 'SHA-256',
  },
} as const;

/** A fresh key pair for requests. */
export async function makeKeys(kind: 'EC' | 'RSA' = 'EC'): Promise<KeyPair> {
  return crypto.subtle.generateKey(algorithms[kind], true, ['sign', 'verify']);
}

export interface CsrPlan {
  /** Text becomes PrintableString where its characters allow it. */
  readonly subject?: string | Name;
  readonly keys?: KeyPair;
  readonly challengePassword?: string;
  readonly extensions?: readonly Extension[];
}

/** A PKCS#10 request (DER) made by a library of its own. */
export async function makeCsr(plan: CsrPlan = {}): Promise<Buffer> {
  const keys = plan.keys ?? (await makeKeys());
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: plan.subject ?? 'CN=device-1',
    keys,
    signingAlgorithm: keys.privateKey.algorithm.name === 'ECDSA' ? algorithms.EC : algorithms.RSA,
    extensions: [...(plan.extensions ?? [])],
    attributes:
      plan.challengePassword === undefined
        ? []
        : [new ChallengePasswordAttribute(plan.challengePassword)],
  });
  return Buffer.from(request.rawData);
}

/** Headers and body of an enrollment POST. */
export function enrollment(
  csr: Buffer,
  facts: PracticeFacts | null,
  path = '/simpleenroll',
): RawRequest {
  return {
    method: 'POST',
    path,
    headers: {
      'Content-Type': 'application/pkcs10',
      'Content-Transfer-Encoding': 'base64',
      ...(facts ? basic(facts) : {}),
    },
    body: csr.toString('base64'),
  };
}

/** The certificates of a certs-only answer, PEM each, read by OpenSSL. */
export async function certificatesOf(answer: RawAnswer): Promise<string[]> {
  const der = Buffer.from(answer.body.toString('latin1'), 'base64');
  return inTemporaryFolder(async (dir) => {
    const path = join(dir, 'answer.p7');
    await writeFile(path, der);
    const { stdout } = await run('openssl', [
      'pkcs7',
      '-inform',
      'DER',
      '-in',
      path,
      '-print_certs',
    ]);
    return stdout.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? [];
  });
}

/** Runs `work` in a folder that is removed afterwards. */
export async function inTemporaryFolder<Result>(
  work: (dir: string) => Promise<Result>,
): Promise<Result> {
  const dir = await mkdtemp(join(tmpdir(), 'est-practice-'));
  try {
    return await work(dir);
  } finally {
    await discardFolder(dir);
  }
}
