import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { certify, ecKeys, rsaKeys } from '../../test/certificate-draft.ts';
import { readCertificate } from './certificate.ts';
import { certificateFields } from './certificate-fields.ts';
import { acceptsAlgorithm, isSelfMade, isSignedBy } from './certificate-signature.ts';

/** A self-signed certificate of the openssl command, DER. */
async function openssl(...args: readonly string[]): Promise<Buffer> {
  const { stdout } = await promisify(execFile)('openssl', [
    ...['req', '-x509', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=a', '-days', '1'],
    ...args,
  ]);
  return new X509Certificate(stdout).raw;
}

const rsa = ['-newkey', 'rsa:2048'];
const pss = [...rsa, '-sigopt', 'rsa_padding_mode:pss'];

describe('signatures openssl made', () => {
  test.each<[name: string, args: readonly string[], accepted: boolean]>([
    ['RSA with SHA-256', [...rsa, '-sha256'], true],
    ['RSA with SHA-512', [...rsa, '-sha512'], true],
    ['RSA with SHA-1', [...rsa, '-sha1'], false],
    [
      'RSA-PSS with a salt as long as its digest',
      [...pss, '-sha256', '-sigopt', 'rsa_pss_saltlen:32'],
      true,
    ],
    ['RSA-PSS with SHA-384', [...pss, '-sha384', '-sigopt', 'rsa_pss_saltlen:48'], true],
    ['RSA-PSS with another salt', [...pss, '-sha256', '-sigopt', 'rsa_pss_saltlen:20'], false],
    [
      'RSA-PSS with two digests',
      [...pss, '-sha256', '-sigopt', 'rsa_pss_saltlen:32', '-sigopt', 'rsa_mgf1_md:sha1'],
      false,
    ],
    [
      'ECDSA with SHA-384',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1', '-sha384'],
      true,
    ],
    [
      'a curve that is written out',
      [
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-pkeyopt',
        'ec_param_enc:explicit',
      ],
      false,
    ],
    ['Ed25519', ['-newkey', 'ed25519'], true],
  ])('%s: %s', async (_, args, accepted) => {
    const fields = certificateFields(await openssl(...args));
    expect(isSignedBy(fields, fields.spki)).toBe(accepted);
    expect(
      isSignedBy({ ...fields, tbs: Buffer.concat([fields.tbs, Buffer.of(0)]) }, fields.spki),
    ).toBe(false);
  });
});

test('an old root with SHA-1 is recognised as self-signed, and still accepted nowhere', () => {
  for (const keys of [rsaKeys(), ecKeys()]) {
    const der = certify({ subject: 'CN=old', keys, hash: 'sha1' });
    const fields = certificateFields(der);
    expect(readCertificate(der).selfSigned).toBe(true);
    expect(isSelfMade(fields, ecKeys().spki)).toBe(false);
    expect(isSignedBy(fields, fields.spki)).toBe(false);
    expect(acceptsAlgorithm(fields.signatureAlgorithm)).toBe(false);
  }
});
