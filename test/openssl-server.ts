import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Identity } from './authority.ts';
import { discardFolder } from './discard-folder.ts';
import type { Loopback } from './loopback.ts';

/** A running `openssl s_server`. */
export interface OpensslServer extends Loopback {
  /** Types into it; what is no command is sent to the client. */
  type(text: string): void;
  /** Waits for a line it writes. */
  says(pattern: RegExp): Promise<string>;
  /** Every line it has written. */
  printed(): string;
}

/** `openssl s_server` that insists on a client certificate under `clientCa` and answers a bad one with an alert. */
export function serveOpenssl(
  identity: Pick<Identity, 'pem' | 'keyPem'>,
  clientCa: Pick<Identity, 'pem'>,
  version: 'TLSv1.2' | 'TLSv1.3',
): Promise<Loopback> {
  const options = ['-Verify', '1', '-verify_return_error'];
  return startOpenssl(identity, clientCa, [...options, ...versionOption[version]]);
}

export const versionOption = { 'TLSv1.2': ['-tls1_2'], 'TLSv1.3': ['-tls1_3'] } as const;

/** `openssl s_server` with further options; it believes client certificates under `clientCa`. */
export async function startOpenssl(
  { pem, keyPem }: Pick<Identity, 'pem' | 'keyPem'>,
  clientCa: Pick<Identity, 'pem'>,
  options: readonly string[],
): Promise<OpensslServer> {
  const folder = await mkdtemp(join(tmpdir(), 'openssl-server-'));
  await writeFile(join(folder, 'server.pem'), `${keyPem}\n${pem}\n`);
  await writeFile(join(folder, 'ca.pem'), clientCa.pem);
  const child = spawn(
    'openssl',
    [
      's_server',
      ...['-accept', '127.0.0.1:0'],
      ...['-cert', 'server.pem', '-key', 'server.pem', '-CAfile', 'ca.pem'],
      ...options,
    ],
    { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] },
  );
  // What is typed to a program that is over goes nowhere; how it ended tells why.
  child.stdin.on('error', () => undefined);
  const lines: string[] = [];
  const reader = createInterface(child.stdout);
  reader.on('line', (line) => lines.push(line));
  async function says(pattern: RegExp): Promise<string> {
    for (;;) {
      const line = lines.find((text) => pattern.test(text));
      if (line !== undefined) return line;
      if (child.exitCode !== null) throw new Error(`openssl s_server ended: ${lines.join('; ')}`);
      await Promise.race([once(reader, 'line'), once(child, 'exit')]);
    }
  }
  const port = Number(/:(\d+)$/.exec(await says(/^ACCEPT .*:\d+$/))?.[1]);
  return {
    port,
    says,
    printed: () => lines.join('\n'),
    type: (text) => void child.stdin.write(text),
    async [Symbol.asyncDispose]() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      await discardFolder(folder);
    },
  };
}
