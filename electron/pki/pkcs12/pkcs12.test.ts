import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StationError } from '../../../shared/errors/station-error.ts';
import { discardFolder } from '../../../test/discard-folder.ts';
import { readPkcs12 } from './reader.ts';
import { writePkcs12 } from './writer.ts';

const run = promisify(execFile);
const utf8 = (text: string) => new TextEncoder().encode(text);
const password = 'pässwort 42';
const few = { encryption: 10, mac: 10 };

let folder: string;
let key: Buffer;
let leaf: Buffer;
let ca: Buffer;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-pkcs12-'));
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '9'];
  for (const name of ['leaf', 'ca']) {
    const files = ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)];
    await run('openssl', ['req', '-x509', ...ec, '-subj', `/CN=${name}`, ...files]);
  }
  key = createPrivateKey(await readFile(file('leaf.key'))).export({ type: 'pkcs8', format: 'der' });
  leaf = new X509Certificate(await readFile(file('leaf.pem'))).raw;
  ca = new X509Certificate(await readFile(file('ca.pem'))).raw;
});
afterAll(() => discardFolder(folder));

async function opensslFile(...options: string[]): Promise<Buffer> {
  const out = file('openssl.p12');
  const what = ['-inkey', file('leaf.key'), '-in', file('leaf.pem'), '-certfile', file('ca.pem')];
  const args = ['pkcs12', '-export', ...what, '-passout', `pass:${password}`, '-out', out];
  await run('openssl', [...args, ...options]);
  return await readFile(out);
}

const refusal = (work: () => unknown): string => {
  try {
    work();
    return 'read';
  } catch (error) {
    const { code, params } = StationError.from(error);
    return params.detail === undefined ? code : `${code} ${params.detail}`;
  }
};

describe('a PKCS#12 file', () => {
  test.each([
    ['as OpenSSL makes it', []],
    [
      'with Triple-DES',
      ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'SHA1'],
    ],
    ['with two-key Triple-DES', ['-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-2DES']],
    ['with AES-128', ['-keypbe', 'aes-128-cbc', '-certpbe', 'aes-192-cbc', '-macalg', 'SHA512']],
    ['with certificates in clear', ['-certpbe', 'NONE']],
    ['with everything in clear', ['-certpbe', 'NONE', '-keypbe', 'NONE', '-macalg', 'SHA384']],
    ['with one iteration', ['-noiter', '-nomaciter']],
  ])('is read %s', async (_, options) => {
    const read = readPkcs12(await opensslFile(...options), utf8(password));
    expect(
      read.keys.map((found) => createPrivateKey({ key: found, format: 'der', type: 'pkcs8' })),
    ).toSatisfy(([found]) => found.equals(createPrivateKey({ key, format: 'der', type: 'pkcs8' })));
    expect(read.certificates).toEqual([
      { der: leaf, ofKey: true },
      { der: ca, ofKey: false },
    ]);
  });

  test.each([
    ['RC2 (the default of old programs)', ['-legacy'], 'KEYFILE-03 RC2 with 40 bits'],
    ['no integrity', ['-nomac'], 'KEYFILE-01 its integrity is not protected by a password'],
  ])('is refused with %s', async (_, options, told) => {
    const made = await opensslFile(...options);
    expect(refusal(() => readPkcs12(made, utf8(password)))).toBe(told);
  });

  test('is refused with another password, and when a byte was changed', async () => {
    const made = await opensslFile();
    for (const wrong of ['', 'passwort 42', `${password} `]) {
      expect(refusal(() => readPkcs12(made, utf8(wrong)))).toBe('KEYFILE-02');
    }
    const changed = Buffer.from(made);
    changed[200] = (changed[200] ?? 0) ^ 1;
    expect(refusal(() => readPkcs12(changed, utf8(password)))).toMatch(/^KEYFILE-0[123]/);
  });

  test('that is written is read by OpenSSL, without its older algorithms', async () => {
    const content = { key, name: 'Zähler 7', certificates: [leaf, ca] };
    await writeFile(file('own.p12'), writePkcs12(content, utf8(password)));
    const pass = ['-passin', `pass:${password}`];
    const read = await run('openssl', ['pkcs12', '-in', file('own.p12'), ...pass, '-nodes']);
    expect(read.stdout).toContain('subject=CN = leaf');
    expect(read.stdout).toContain('subject=CN = ca');
    expect(read.stdout).toContain('friendlyName: Z');
    const [pem = ''] =
      /-----BEGIN PRIVATE KEY-----[\s\S]+END PRIVATE KEY-----/.exec(read.stdout) ?? [];
    expect(createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' })).toEqual(key);
    const info = await run('openssl', [
      'pkcs12',
      '-in',
      file('own.p12'),
      ...pass,
      '-info',
      '-noout',
    ]);
    expect(info.stderr).toMatch(/MAC: sha256, Iteration 10000/);
    expect(info.stderr).toMatch(/PBES2, PBKDF2, AES-256-CBC, Iteration 210000, PRF hmacWithSHA256/);
    await expect(
      run('openssl', ['pkcs12', '-in', file('own.p12'), '-passin', 'pass:other', '-noout']),
    ).rejects.toThrow(/invalid password/);
  });

  test('comes back as it was written, whatever password and names', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    const octets = fc.uint8Array({ minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(text, text, fc.array(octets, { maxLength: 3 }), (secret, name, ders) => {
        const made = writePkcs12({ key, name, certificates: ders }, utf8(secret), few);
        const read = readPkcs12(made, utf8(secret));
        expect(read.keys).toEqual([key]);
        expect(read.certificates.map(({ der }) => der)).toEqual(
          ders.map((der) => Buffer.from(der)),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('is read or refused by a code, however it was changed', () => {
    const made = writePkcs12({ key, name: 'x', certificates: [leaf] }, utf8(password), few);
    fc.assert(
      fc.property(fc.nat(made.length - 1), fc.nat(255), fc.nat(made.length), (at, value, end) => {
        const changed = Buffer.from(made.subarray(0, at % 2 === 0 ? made.length : end));
        if (at < changed.length) changed[at] = value;
        expect(refusal(() => readPkcs12(changed, utf8(password)))).toMatch(
          /^read$|^KEYFILE-0[123]/,
        );
      }),
      { numRuns: 500 },
    );
  });
});
