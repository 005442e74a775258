import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Identity } from './authority.ts';
import type { Loopback } from './loopback.ts';

/** `openssl s_server` that insists on a client certificate under `clientCa` and answers a bad one with an alert. */
export async function serveOpenssl(
  { pem, keyPem }: Identity,
  clientCa: Identity,
  version: 'TLSv1.2' | 'TLSv1.3',
): Promise<Loopback> {
  const folder = await mkdtemp(join(tmpdir(), 'openssl-server-'));
  await writeFile(join(folder, 'server.pem'), `${keyPem}\n${pem}\n`);
  await writeFile(join(folder, 'ca.pem'), clientCa.pem);
  const child = spawn(
    'openssl',
    [
      's_server',
      ...['-accept', '127.0.0.1:0'],
      ...['-cert', 'server.pem', '-key', 'server.pem', '-CAfile', 'ca.pem'],
      ...['-Verify', '1', '-verify_return_error'],
      version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3',
    ],
    { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] },
  );
  let port = 0;
  for await (const line of createInterface(child.stdout)) {
    port = Number(/^ACCEPT .*:(\d+)$/.exec(line)?.[1] ?? 0);
    if (port > 0) break;
  }
  if (port === 0) throw new Error('openssl s_server did not start');
  child.stdout.resume();
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      await rm(folder, { recursive: true });
    },
  };
}
