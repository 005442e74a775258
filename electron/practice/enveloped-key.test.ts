import { execFile } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import { certificateToPem } from '../pki/pem.ts';
import { makeAuthority } from './authority.ts';
import { envelopedKey, type KeyRecipient } from './enveloped-key.ts';
import { issueClientCertificate } from './issue.ts';

const run = promisify(execFile);
const authority = makeAuthority();
const generated = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
const pkcs8 = generated.export({ format: 'der', type: 'pkcs8' });

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'est-envelope-'));
  const { root, issuing } = authority;
  const chain = [root, issuing].map(({ certificate }) => certificateToPem(certificate.raw));
  await writeFile(join(dir, 'ca.pem'), chain.join(''));
});
afterAll(() => discardFolder(dir));

interface Party {
  readonly recipient: KeyRecipient;
  /** What `openssl cms -decrypt` is given. */
  readonly options: readonly string[];
}

async function party(kind: 'rsa' | 'ec'): Promise<Party> {
  const { publicKey, privateKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const der = issueClientCertificate(authority.issuing, {
    subject: authority.issuing.name,
    spki: publicKey.export({ format: 'der', type: 'spki' }),
    subjectAltName: null,
  });
  const [key, certificate] = [join(dir, `${kind}.key`), join(dir, `${kind}.pem`)];
  await writeFile(key, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  await writeFile(certificate, certificateToPem(der));
  const options = ['-inkey', key, '-recip', certificate];
  return { recipient: { kind: 'certificate', der }, options };
}

const secret = Buffer.alloc(32, 5);
const identifier = Buffer.from('c0ffee', 'hex');

test.each<[string, () => Promise<Party>]>([
  ['RSA', () => party('rsa')],
  ['ECDH', () => party('ec')],
  [
    'a key encryption key',
    async () => ({
      recipient: { kind: 'secret', key: secret, identifier },
      options: ['-secretkey', secret.toString('hex'), '-secretkeyid', identifier.toString('hex')],
    }),
  ],
])('OpenSSL opens and verifies a key encrypted with %s', async (_how, make) => {
  const { recipient, options } = await make();
  const [outer, inner, whole, key] = ['outer', 'inner', 'whole', 'key'].map((n) => join(dir, n));
  const der = await envelopedKey(authority, pkcs8, recipient, []);
  await writeFile(outer ?? '', der);
  const cms = (...args: string[]) => run('openssl', ['cms', '-inform', 'DER', '-binary', ...args]);
  await cms('-decrypt', '-in', outer ?? '', '-out', inner ?? '', ...options);
  // OpenSSL gives the bare SignedData; it reads one only inside its ContentInfo.
  const bare = await readFile(inner ?? '');
  await writeFile(whole ?? '', contentInfo(bare));
  const trust = ['-CAfile', join(dir, 'ca.pem'), '-purpose', 'any'];
  await cms('-verify', '-in', whole ?? '', '-out', key ?? '', ...trust);
  const keyPackage = await readFile(key ?? '');
  // A SEQUENCE of one key with a long-form length.
  const sent = createPrivateKey({ key: keyPackage.subarray(3), format: 'der', type: 'pkcs8' });
  expect(sent.equals(generated)).toBe(true);
});

function contentInfo(signedData: Buffer): Buffer {
  const wrap = (tag: number, ...parts: Buffer[]) => {
    const contents = Buffer.concat(parts);
    const head = Buffer.from([tag, 0x82, contents.length >> 8, contents.length & 0xff]);
    return Buffer.concat([head, contents]);
  };
  const oid = Buffer.from('06092a864886f70d010702', 'hex');
  return wrap(0x30, oid, wrap(0xa0, signedData));
}
