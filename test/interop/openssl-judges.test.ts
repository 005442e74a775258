import { execFile } from 'node:child_process';
import { sign } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentTypes } from '../../electron/pki/cmc/identifiers.ts';
import { writeSignedData } from '../../electron/pki/cmc/signed-data.ts';
import { parseDistinguishedName } from '../../electron/pki/name.ts';
import { certificateToPem } from '../../electron/pki/pem.ts';
import { createRequest } from '../../electron/pki/request.ts';
import { authorityFiles } from '../../electron/practice/authority.ts';
import { startPractice } from '../../electron/practice/server.ts';
import type { CsrattrsShape } from '../../electron/practice/wishes.ts';
import type { KeyParameterSet, SignatureAlgorithm } from '../../shared/profile.ts';
import { certify, ecKeys, type Keys, rsaKeys } from '../certificate-draft.ts';
import { discardFolder } from '../discard-folder.ts';
import { askOnce, enrollment, makeCsr } from '../practice-client.ts';
import { giveInput } from '../standard-input.ts';

interface KeyType {
  readonly set: KeyParameterSet;
  readonly algorithm: SignatureAlgorithm;
  /** As openssl's asn1parse and req name them. */
  readonly names: { readonly key: string; readonly size: string; readonly signature: string };
}

const keyTypes: readonly KeyType[] = [
  {
    set: 'prime256v1',
    algorithm: 'SHA256WITHECDSA',
    names: { key: 'prime256v1', size: '256 bit', signature: 'ecdsa-with-SHA256' },
  },
  {
    set: 'secp384r1',
    algorithm: 'SHA384WITHECDSA',
    names: { key: 'secp384r1', size: '384 bit', signature: 'ecdsa-with-SHA384' },
  },
  {
    set: '2048',
    algorithm: 'SHA256WITHRSA',
    names: { key: 'rsaEncryption', size: '2048 bit', signature: 'sha256WithRSAEncryption' },
  },
  {
    set: '3072',
    algorithm: 'SHA384WITHRSA',
    names: { key: 'rsaEncryption', size: '3072 bit', signature: 'sha384WithRSAEncryption' },
  },
  {
    set: '4096',
    algorithm: 'SHA512WITHRSA',
    names: { key: 'rsaEncryption', size: '4096 bit', signature: 'sha512WithRSAEncryption' },
  },
];

let dir: string;
const file = (name: string): string => join(dir, name);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'est-openssl-judges-'));
});

afterAll(() => discardFolder(dir));

describe.each(keyTypes)('with a key of $set and $algorithm', ({ set, algorithm, names }) => {
  let keys: Keys;

  beforeAll(() => {
    keys = set === 'prime256v1' || set === 'secp384r1' ? ecKeys(set) : rsaKeys(Number(set));
  });

  const signer = async (data: Uint8Array): Promise<Buffer> =>
    sign(`sha${algorithm.slice(3, 6)}`, data, keys.privateKey);

  const request = (challengePassword: string | null): Promise<Buffer> =>
    createRequest({
      subject: parseDistinguishedName('CN=judged,O=Example'),
      subjectAltNames: ['DNS:judged.example'],
      spki: keys.spki,
      signatureAlgorithm: algorithm,
      challengePassword,
      sign: signer,
    });

  test('openssl asn1parse walks our request to its end, and req verifies it', async () => {
    const der = await request('dGxzLXVuaXF1ZQ==');
    const parsed = await openssl(['asn1parse', '-inform', 'DER'], der);
    for (const name of [names.key, names.signature, 'challengePassword', 'Extension Request']) {
      expect(parsed).toContain(name);
    }
    const text = await openssl(['req', '-inform', 'DER', '-verify', '-text', '-noout'], der);
    expect(text).toContain('verify OK');
    expect(text).toContain(`Public-Key: (${names.size})`);
    expect(text).toContain(`Signature Algorithm: ${names.signature}`);
    const again = await openssl(['req', '-inform', 'DER', '-outform', 'DER'], der, 'latin1');
    expect(Buffer.from(again, 'latin1')).toEqual(der);
  });

  test('openssl cms verifies a message that we signed, and finds the words in it', async () => {
    const certificate = certify({ subject: 'CN=judged', keys });
    const words = Buffer.from('what was signed');
    const der = await writeSignedData(contentTypes.pkiData, words, {
      chain: [certificate],
      signatureAlgorithm: algorithm,
      sign: signer,
    });
    const anchor = file(`${set}-signer.pem`);
    await writeFile(anchor, certificateToPem(certificate));
    const trust = ['-CAfile', anchor, '-partial_chain', '-purpose', 'any'];
    const said = await openssl(['cms', '-verify', '-binary', '-inform', 'DER', ...trust], der);
    expect(said).toContain('what was signed');
    expect(said).toMatch(/verification successful/i);

    der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
    await expect(
      openssl(['cms', '-verify', '-binary', '-inform', 'DER', ...trust], der),
    ).rejects.toThrow(/verif/i);
  });

  test('openssl takes the certificate out of the answer and leads it to the root', async () => {
    const server = await startPractice({ dir: file(`practice-${set}`) });
    try {
      const answer = await askOnce(server.facts, enrollment(await request(null), server.facts));
      const pem = await openssl(
        ['pkcs7', '-inform', 'DER', '-print_certs'],
        Buffer.from(answer.body.toString('latin1'), 'base64'),
      );
      const leaf = file(`${set}-leaf.pem`);
      await writeFile(leaf, pem);
      const { rootCertificate, issuingCertificate } = authorityFiles(file(`practice-${set}`));
      const path = ['-CAfile', rootCertificate, '-untrusted', issuingCertificate];
      const strictly = ['-x509_strict', '-purpose', 'sslclient'];
      expect(await openssl(['verify', ...strictly, ...path, leaf])).toContain(': OK');
    } finally {
      await server.close();
    }
  });
});

test('openssl finds in our CRLs that a certificate was revoked, and that another was not', async () => {
  const folder = file('revoking');
  const server = await startPractice({ dir: folder });
  const leaves: { pem: string; serial: string }[] = [];
  for (const name of ['kept', 'lost']) {
    const answer = await askOnce(server.facts, enrollment(await makeCsr(), server.facts));
    const der = Buffer.from(answer.body.toString('latin1'), 'base64');
    const pem = file(`${name}.pem`);
    await writeFile(pem, await openssl(['pkcs7', '-inform', 'DER', '-print_certs'], der));
    const serial = await openssl(['x509', '-in', pem, '-noout', '-serial']);
    leaves.push({ pem, serial: serial.trim().replace('serial=', '') });
  }
  await server.close();

  const again = await startPractice({ dir: folder, revoked: [leaves[1]?.serial ?? ''] });
  try {
    const answer = await askOnce(again.facts, { path: '/crls' });
    const der = Buffer.from(answer.body.toString('latin1'), 'base64');
    const crls = file('crls.pem');
    await writeFile(crls, await openssl(['pkcs7', '-inform', 'DER', '-print_certs'], der));
    const { rootCertificate, issuingCertificate } = authorityFiles(folder);
    const path = ['-CAfile', rootCertificate, '-untrusted', issuingCertificate];
    const judge = ['verify', '-crl_check_all', '-CRLfile', crls, ...path];
    expect(await openssl([...judge, leaves[0]?.pem ?? ''])).toContain(': OK');
    await expect(openssl([...judge, leaves[1]?.pem ?? ''])).rejects.toThrow('certificate revoked');
  } finally {
    await again.close();
  }
});

test.each<[CsrattrsShape, readonly string[]]>([
  ['oids', ['ecdsa-with-SHA256']],
  ['legacy', ['id-ecPublicKey', 'secp384r1', 'ecdsa-with-SHA384']],
  ['extension-oids', ['Extension Request', 'X509v3 Key Usage']],
  ['extension-value', ['Extension Request', 'X509v3 Extended Key Usage']],
  ['template', ['1.2.840.113549.1.9.16.2.61', 'organizationName', 'secp384r1']],
  ['long', []],
])('openssl asn1parse walks our csrattrs of the shape %s to their end', async (shape, names) => {
  const server = await startPractice({ dir: file(`csrattrs-${shape}`), csrattrs: shape });
  try {
    const answer = await askOnce(server.facts, { path: '/csrattrs' });
    const der = Buffer.from(answer.body.toString('latin1'), 'base64');
    const parsed = await openssl(['asn1parse', '-inform', 'DER'], der);
    for (const name of names) expect(parsed).toContain(name);
    expect(parsed.trim().split('\n').length).toBeGreaterThan(shape === 'long' ? 250 : 1);
  } finally {
    await server.close();
  }
});

/** Everything the command says on both streams. */
async function openssl(
  args: readonly string[],
  stdin: Buffer = Buffer.alloc(0),
  encoding: BufferEncoding = 'utf8',
): Promise<string> {
  const running = promisify(execFile)('openssl', args, { encoding });
  giveInput(running.child.stdin, stdin);
  const { stdout, stderr } = await running;
  return stdout + stderr;
}
