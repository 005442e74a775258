import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { certify, ecKeys } from '../../test/certificate-draft.ts';
import { discardFolder } from '../../test/discard-folder.ts';
import { giveInput } from '../../test/standard-input.ts';
import { writeCertsOnly } from '../practice/certs-only.ts';
import { readCertsOnly } from './certs-only.ts';
import { element, objectIdentifier, sequence, setOf, unsignedInteger } from './der-writer.ts';
import { certificateToPem } from './pem.ts';

const keys = ecKeys();
const certificates = ['a', 'b', 'c'].map((name) => certify({ subject: `CN=${name}`, keys }));
const sorted = [...certificates].sort(Buffer.compare);
const signedData = objectIdentifier('1.2.840.113549.1.7.2');
const data = sequence(objectIdentifier('1.2.840.113549.1.7.1'));

/** An element of indefinite length. */
const indefinite = (tag: number, ...parts: readonly Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.of(tag, 0x80), ...parts, Buffer.of(0, 0)]);

/** SignedData with these elements between the encapsulated content and the signers. */
const message = (...bags: readonly Uint8Array[]): Buffer =>
  sequence(
    signedData,
    element(0xa0, sequence(unsignedInteger(Buffer.of(1)), setOf(), data, ...bags, setOf())),
  );

async function openssl(args: readonly string[], stdin: Buffer): Promise<Buffer> {
  const running = promisify(execFile)('openssl', args, { encoding: 'buffer' });
  giveInput(running.child.stdin, stdin);
  return (await running).stdout;
}

describe('writeCertsOnly', () => {
  test('openssl prints the certificates', async () => {
    const args = ['pkcs7', '-inform', 'DER', '-print_certs', '-noout'];
    const text = (await openssl(args, writeCertsOnly(certificates))).toString();
    expect(text.match(/subject=CN ?= ?[abc]/g)).toHaveLength(3);
  });

  test('openssl finds the same bytes', async () => {
    const args = ['pkcs7', '-inform', 'DER', '-print_certs'];
    const text = (await openssl(args, writeCertsOnly(certificates))).toString();
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g);
    expect(blocks).toEqual(sorted.map(certificateToPem));
  });

  test('is read back', () => {
    expect(readCertsOnly(writeCertsOnly(certificates), 3)).toEqual({
      certificates: sorted,
      crls: [],
    });
    expect(readCertsOnly(writeCertsOnly([]), 3)).toEqual({ certificates: [], crls: [] });
  });
});

describe('readCertsOnly', () => {
  test('reads what openssl wrote', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'est-certs-only-'));
    try {
      const file = join(folder, 'certificate.pem');
      await writeFile(file, certificates.slice(0, 1).map(certificateToPem).join(''));
      const args = ['crl2pkcs7', '-nocrl', '-certfile', file, '-outform', 'DER'];
      const der = await openssl(args, Buffer.alloc(0));
      expect(readCertsOnly(der, 1).certificates).toEqual(certificates.slice(0, 1));
    } finally {
      await discardFolder(folder);
    }
  });

  test('keeps the order sent and the CRLs apart', () => {
    const crl = sequence(setOf());
    expect(readCertsOnly(message(element(0xa0, ...certificates), element(0xa1, crl)), 8)).toEqual({
      certificates,
      crls: [crl],
    });
  });

  test('reads indefinite lengths around the certificates', () => {
    const bag = indefinite(0xa0, ...certificates);
    const inner = indefinite(0x30, unsignedInteger(Buffer.of(1)), setOf(), data, bag, setOf());
    const der = indefinite(0x30, signedData, indefinite(0xa0, inner));
    expect(readCertsOnly(der, 8).certificates).toEqual(certificates);
  });

  test('passes over other formats of certificates', () => {
    const attribute = element(0xa2, Buffer.of(5, 0));
    expect(
      readCertsOnly(message(element(0xa0, attribute, ...certificates)), 8).certificates,
    ).toEqual(certificates);
  });

  const signed = sequence(
    signedData,
    element(0xa0, sequence(unsignedInteger(Buffer.of(1)), setOf(), data, setOf(sequence()))),
  );
  const deep = Array.from({ length: 5000 }).reduce<Buffer>(
    (inner) => Buffer.concat([Buffer.of(0x30, 0x80), inner]),
    Buffer.alloc(0),
  );
  const content = sequence(unsignedInteger(Buffer.of(1)), setOf(), data, setOf());
  const endless = indefinite(0x30, signedData, element(0xa0, content)).subarray(0, -2);
  const overrun = message(element(0xa0, ...certificates.slice(0, 1)));
  overrun.writeUInt8(overrun.readUInt8(2) - 1, 2);
  test.each<[what: string, der: Uint8Array, reason: string]>([
    ['nothing', Buffer.alloc(0), 'missing'],
    ['a bare certificate', certificates[0] ?? Buffer.alloc(0), 'missing'],
    ['too many', writeCertsOnly([...certificates, ...certificates]), 'more than 3'],
    ['something after it', Buffer.concat([writeCertsOnly([]), Buffer.of(0)]), 'follows'],
    [
      'another content type',
      sequence(objectIdentifier('1.2.840.113549.1.7.1'), element(0xa0, sequence())),
      'signed-data',
    ],
    ['signers', signed, 'signed message'],
    ['a broken certificate', message(element(0xa0, sequence(setOf()))), 'missing'],
    ['thousands of indefinite lengths', deep, 'deep'],
    ['an indefinite length without its end', endless, 'early'],
    ['certificates beyond the length of their bag', overrun, 'follows'],
  ])('refuses %s', (_, der, reason) => {
    const read = (): unknown => readCertsOnly(der, 3);
    expect(read).toThrow(expect.objectContaining({ code: 'CERT-06' }));
    expect(read).toThrow(reason);
  });
});
