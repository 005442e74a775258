import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Authority, Identity } from '../authority.ts';
import { discardFolder } from '../discard-folder.ts';
import type { Loopback } from '../loopback.ts';

const run = promisify(execFile);

/** An EST server of which TLS, the CA and the reading of requests are the `openssl` program's. */
export interface OpensslEstServer extends Loopback {
  /** The challengePassword of each request, as `openssl req` reads it; null when there is none. */
  readonly challenges: readonly (string | null)[];
  /** What `s_server` printed, what the client sent included. */
  printed(): string;
  /** The handshake messages in the words and octets of `s_server -msg`. */
  messages(): Promise<string>;
}

const usualExtensions = 'keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n';

/** Serves TLS 1.2 and 1.3 on 127.0.0.1, asks for a client certificate, and issues by the CA `root`. */
export async function serveOpensslEst(root: Authority): Promise<OpensslEstServer> {
  const folder = await mkdtemp(join(tmpdir(), 'openssl-est-'));
  await writePair(folder, 'ca', root.identity);
  await writePair(folder, 'server', await root.issue({ ip: ['127.0.0.1'] }));
  await writeFile(join(folder, 'extensions'), usualExtensions);
  const openssl = async (command: string) =>
    (await run('openssl', command.split(' '), { cwd: folder, encoding: 'buffer' })).stdout;
  const bagOf = async (file: string) =>
    (await openssl(`crl2pkcs7 -nocrl -certfile ${file} -outform DER`)).toString('base64');
  const challenges: (string | null)[] = [];

  async function answerTo(operation: string, body: string): Promise<string> {
    if (operation === 'cacerts') return certificates(await bagOf('ca.pem'));
    if (operation !== 'simpleenroll') return 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n';
    await writeFile(join(folder, 'request.der'), Buffer.from(body, 'base64'));
    const request = await openssl('req -verify -inform DER -in request.der -noout -text');
    challenges.push(/challengePassword *:(\S+)/.exec(request.toString())?.[1] ?? null);
    const inputs = '-req -inform DER -in request.der -CA ca.pem -CAkey ca.key';
    await openssl(`x509 ${inputs} -days 1 -extfile extensions -out issued.pem`);
    return certificates(await bagOf('issued.pem'));
  }

  const child = spawn(
    'openssl',
    [
      ...'s_server -accept 127.0.0.1:0 -cert server.pem -key server.key -CAfile ca.pem'.split(' '),
      ...'-verify 4 -verify_return_error -msg -msgfile messages'.split(' '),
      ...'-keymatexport EXPORTER-Channel-Binding -keymatexportlen 32'.split(' '),
    ],
    { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] },
  );
  // What is typed to a program that is over goes nowhere; how it ended tells why.
  child.stdin.on('error', () => undefined);
  let printed = '';
  let answered = 0;
  let work: Promise<void> = Promise.resolve();
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString('latin1');
    const request = requestIn(printed.slice(answered));
    if (request === null) return;
    answered += request.end;
    // Whole, since s_server takes some letters at the beginning of what is typed for commands.
    work = work.then(async () => {
      child.stdin.write(await answerTo(request.operation, request.body));
    });
  });
  while (!/^ACCEPT .*:\d+$/m.test(printed)) await once(child.stdout, 'data');
  return {
    port: Number(/^ACCEPT .*:(\d+)$/m.exec(printed)?.[1]),
    challenges,
    printed: () => printed,
    messages: () => readFile(join(folder, 'messages'), 'latin1'),
    async [Symbol.asyncDispose]() {
      await work;
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      await discardFolder(folder);
    },
  };
}

async function writePair(folder: string, name: string, { pem, keyPem }: Identity): Promise<void> {
  await writeFile(join(folder, `${name}.pem`), `${pem}\n`);
  await writeFile(join(folder, `${name}.key`), keyPem);
}

function certificates(body: string): string {
  return [
    'HTTP/1.1 200 OK',
    'Content-Type: application/pkcs7-mime; smime-type=certs-only',
    'Content-Transfer-Encoding: base64',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

/** The first request in what was printed, once it is whole. */
function requestIn(text: string): { operation: string; body: string; end: number } | null {
  const head =
    /(?:GET|POST) \/\.well-known\/est\/(?<operation>\w+) HTTP\/1\.1\r\n[\s\S]*?\r\n\r\n/.exec(text);
  if (head === null) return null;
  const length = Number(/content-length: *(\d+)/i.exec(head[0])?.[1] ?? 0);
  const start = head.index + head[0].length;
  if (text.length < start + length) return null;
  const body = text.slice(start, start + length);
  return { operation: head.groups?.operation ?? '', body, end: start + length };
}
