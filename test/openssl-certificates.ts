import { execFile } from 'node:child_process';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { discardFolder } from './discard-folder.ts';

const run = promisify(execFile);

/** A certification authority of the openssl command: certificates that our own code did not write. */
export interface OpensslAuthority {
  /** The CA's certificate, DER. */
  readonly certificate: Buffer;
  /** Issues a certificate (DER) for a SubjectPublicKeyInfo (DER). */
  issue(spki: Uint8Array, subject: string): Promise<Buffer>;
  cleanup(): Promise<void>;
}

export async function makeOpensslAuthority(): Promise<OpensslAuthority> {
  const dir = await mkdtemp(join(tmpdir(), 'est-openssl-'));
  const [key, certificate] = [join(dir, 'ca.key'), join(dir, 'ca.crt')];
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-subj', '/CN=Test CA', '-days', '30', '-keyout', key, '-out', certificate],
  ]);
  let issued = 0;
  return {
    certificate: new X509Certificate(await readFile(certificate)).raw,
    async issue(spki, subject) {
      issued += 1;
      const [publicKey, out] = [join(dir, `${issued}.pub`), join(dir, `${issued}.crt`)];
      const pem = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({
        type: 'spki',
        format: 'pem',
      });
      await writeFile(publicKey, pem);
      await run('openssl', [
        ...['x509', '-new', '-force_pubkey', publicKey, '-CA', certificate, '-CAkey', key],
        ...['-subj', subject, '-days', '30', '-out', out],
      ]);
      return new X509Certificate(await readFile(out)).raw;
    },
    cleanup: () => discardFolder(dir),
  };
}
