import { execFile } from 'node:child_process';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);
const toolMs = 20_000;

/** What an independent tool said. `missing`: the tool is not installed, nothing was checked. */
export interface DemoCheck {
  readonly what: string;
  readonly verdict: 'passed' | 'failed' | 'missing';
  readonly detail: string;
}

export interface CheckedFiles {
  /** Path of the issued certificate, PEM. */
  readonly certificate: string;
  /** Path of the root certificate, PEM. */
  readonly root: string;
  /** Path of the other CA certificates, PEM. */
  readonly intermediates: string;
}

/** Lets `openssl verify` build the path from the certificate to the practice root. */
export async function checkPath(files: CheckedFiles): Promise<DemoCheck> {
  const { certificate, root, intermediates } = files;
  const what = 'openssl verify: certificate, issuing CA, practice root';
  const args = ['verify', '-CAfile', root, '-untrusted', intermediates, certificate];
  return await verdict(what, 'openssl', async () => {
    const { stdout } = await run('openssl', args, { timeout: toolMs });
    return stdout.trim().endsWith(': OK') ? null : stdout.trim();
  });
}

export interface CheckedToken {
  /** Path of the PKCS#11 module. */
  readonly module: string;
  /** Path of softhsm2.conf. */
  readonly configuration: string;
  readonly label: string;
  /** Alias (CKA_LABEL) of the enrolled key. */
  readonly alias: string;
  /** The issued certificate, PEM. */
  readonly certificatePem: string;
}

/** Lets `pkcs11-tool` read the public key from the token, and compares it with the certificate's. */
export async function checkKey(token: CheckedToken): Promise<DemoCheck> {
  const what = 'pkcs11-tool: the key on the token is the certificate’s';
  return await verdict(what, 'pkcs11-tool', async () => {
    const { stdout } = await run('pkcs11-tool', readPublicKey(token), {
      timeout: toolMs,
      encoding: 'buffer',
      env: { ...process.env, SOFTHSM2_CONF: token.configuration },
    });
    const onToken = createPublicKey({ key: stdout, format: 'der', type: 'spki' });
    const certified = new X509Certificate(token.certificatePem).publicKey;
    return certified.equals(onToken) ? null : 'they differ';
  });
}

/** Arguments of the command that prints the enrolled public key (SubjectPublicKeyInfo, DER). */
function readPublicKey({ module, label, alias }: CheckedToken): string[] {
  const token = ['--module', module, '--token-label', label];
  return [...token, '--read-object', '--type', 'pubkey', '--label', alias];
}

/** @param check gives null when all is well, else what is wrong. */
async function verdict(
  what: string,
  tool: string,
  check: () => Promise<string | null>,
): Promise<DemoCheck> {
  try {
    const wrong = await check();
    return { what, verdict: wrong === null ? 'passed' : 'failed', detail: wrong ?? '' };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { what, verdict: 'missing', detail: `${tool} is not installed` };
    }
    return { what, verdict: 'failed', detail: error instanceof Error ? error.message : '' };
  }
}
