import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { certificateSummary } from '../../shared/enrollment.ts';
import { fingerprintGroups } from '../../shared/fingerprint.ts';
import { Authority } from '../../test/authority.ts';
import {
  alternativeNames,
  caExtensions,
  certify,
  ecKeys,
  extension,
  purposesExtension,
} from '../../test/certificate-draft.ts';
import { readCertificate, summariseCertificate } from './certificate.ts';
import { element, octetString, sequence } from './der-writer.ts';

const keys = ecKeys();
const plain = certify({ subject: 'CN=pump 7,O=Works', keys });

describe('readCertificate', () => {
  test('reads what the draft says', () => {
    const der = certify({
      subject: 'CN=pump 7,O=Works',
      keys,
      serialNumber: 10,
      extensions: [
        ...caExtensions(3),
        alternativeNames('DNS:a.example', 'IP:2001:db8::1', 'email:a@b.example', 'URI:urn:x'),
        purposesExtension('1.3.6.1.5.5.7.3.28'),
      ],
    });
    expect(readCertificate(der)).toMatchObject({
      der,
      subject: 'CN=pump 7,O=Works',
      issuer: 'CN=pump 7,O=Works',
      serialNumber: '0A',
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2040-01-01T00:00:00Z'),
      spki: keys.spki,
      subjectAltNames: ['DNS:a.example', 'IP:2001:db8::1', 'email:a@b.example', 'URI:urn:x'],
      isCa: true,
      selfIssued: true,
      selfSigned: true,
      keyUsage: ['keyCertSign', 'cRLSign'],
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.28'],
    });
  });

  test('agrees with node:crypto about certificates another library wrote', async () => {
    const root = await Authority.root('Test Root');
    const issued = await root.issue({ dns: ['a.example'], ip: ['192.0.2.1'] });
    for (const { der } of [root.identity, issued]) {
      const other = new X509Certificate(der);
      const own = readCertificate(der);
      expect(own.serialNumber).toBe(other.serialNumber);
      expect(own.fingerprint).toBe(other.fingerprint256.replaceAll(':', ''));
      expect(own.notAfter).toEqual(other.validToDate);
      expect(own.isCa).toBe(other.ca);
      expect(own.spki).toEqual(other.publicKey.export({ type: 'spki', format: 'der' }));
    }
  });

  test('tells self-issued from self-signed', () => {
    const issuer = { subject: 'CN=pump 7,O=Works', keys: ecKeys() };
    const der = certify({ subject: 'CN=pump 7,O=Works', keys, issuer });
    expect(readCertificate(der)).toMatchObject({ selfIssued: true, selfSigned: false });
  });

  test('absent extensions are null or empty', () => {
    expect(readCertificate(plain)).toMatchObject({
      subjectAltNames: [],
      subjectAltNameDer: null,
      isCa: false,
      keyUsage: null,
      extendedKeyUsage: null,
    });
  });

  const twice = [purposesExtension('1.2.3'), purposesExtension('1.2.3')];
  test.each<[what: string, der: Uint8Array, reason: string]>([
    ['nothing', Buffer.alloc(0), 'missing'],
    ['text', Buffer.from('-----BEGIN'), 'missing'],
    ['a cut certificate', plain.subarray(0, -1), 'ends early'],
    ['something after it', Buffer.concat([plain, Buffer.of(5, 0)]), 'follows'],
    [
      'an indefinite length',
      Buffer.concat([Buffer.of(0x30, 0x80), plain.subarray(4), Buffer.of(0, 0)]),
      'indefinite',
    ],
    ['an extension twice', certify({ subject: 'CN=a', keys, extensions: twice }), 'twice'],
    [
      'broken basic constraints',
      certify({ subject: 'CN=a', keys, extensions: [extension('2.5.29.19', Buffer.of(1))] }),
      'basic constraints',
    ],
    [
      'an empty list of names',
      certify({ subject: 'CN=a', keys, extensions: [extension('2.5.29.17', sequence())] }),
      'empty',
    ],
    [
      'a date in February that is none',
      certify({ subject: 'CN=a', keys, notAfter: '20300230000000Z' }),
      'does not exist',
    ],
    [
      'a time with a zone',
      certify({ subject: 'CN=a', keys, notAfter: '20300201000000+0100' }),
      'form RFC 5280',
    ],
    ['a giant', sequence(octetString(Buffer.alloc(70_000))), 'larger than'],
  ])('refuses %s', (_, der, reason) => {
    const read = (): unknown => readCertificate(der);
    expect(read).toThrow(expect.objectContaining({ code: 'CERT-06' }));
    expect(read).toThrow(reason);
  });

  test('writes a negative serial number with its sign', () => {
    const positive = certify({ subject: 'CN=a', keys, serialNumber: 1 });
    const at = positive.indexOf(Buffer.of(0xa0, 3, 2, 1, 2, 2, 1, 1)) + 7;
    const negative = Buffer.from(positive);
    negative.writeUInt8(0xff, at);
    expect(readCertificate(negative).serialNumber).toBe('-01');
  });
});

describe('summariseCertificate', () => {
  test('fits the contract, however long the names are', () => {
    const names = Array.from({ length: 400 }, (_, index) => `URI:urn:${'x'.repeat(600)}${index}`);
    expect(() =>
      summariseCertificate(
        certify({ subject: 'CN=a', keys, extensions: [alternativeNames(...names)] }),
      ),
    ).toThrow('larger');
    const der = certify({
      subject: 'CN=a',
      keys,
      extensions: [alternativeNames(...names.slice(0, 90))],
    });
    expect(certificateSummary.parse(summariseCertificate(der))).toMatchObject({
      publicKey: 'EC P-256',
      serialNumber: '01',
    });
  });

  test('its PEM is what openssl writes', () => {
    expect(summariseCertificate(plain).pem).toBe(new X509Certificate(plain).toString());
  });
});

test('a fingerprint is compared in sixteen groups of four', () => {
  const groups = fingerprintGroups(readCertificate(plain).fingerprint);
  expect(groups).toHaveLength(16);
  expect(groups.every((group) => /^[0-9A-F]{4}$/.test(group))).toBe(true);
  expect(groups.join('')).toBe(readCertificate(plain).fingerprint);
});

test('an element of a kind that cannot be is refused', () => {
  expect(() => readCertificate(element(0x3f, Buffer.alloc(2)))).toThrow('missing');
});
