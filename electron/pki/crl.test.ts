import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import { caExtensions, certify, ecKeys, extension } from '../../test/certificate-draft.ts';
import { certifyCrl } from '../../test/crl-draft.ts';
import { crlSigner, crlToPem, readCrl } from './crl.ts';
import { tags } from './der.ts';
import { element } from './der-writer.ts';

const name = 'CN=CA,O=Lists';
const keys = ecKeys();
const authority = certify({ subject: name, keys, extensions: caExtensions() });

describe('a CRL', () => {
  test('is told in words', () => {
    const der = certifyCrl({
      issuer: name,
      keys,
      number: 7,
      entries: [{ serialNumber: 3 }, { serialNumber: 4, reason: 1 }],
    });
    expect(readCrl(der)).toEqual({
      der,
      issuer: name,
      thisUpdate: new Date('2020-01-01T00:00:00Z'),
      nextUpdate: new Date('2040-01-01T00:00:00Z'),
      number: '7',
      series: expect.stringMatching(/^[0-9a-f]{64}$/),
      delta: false,
      revoked: 2,
    });
    expect(readCrl(certifyCrl({ issuer: name, keys, base: 1, nextUpdate: null }))).toMatchObject({
      nextUpdate: null,
      delta: true,
      revoked: 0,
    });
    const newer = certifyCrl({ issuer: name, keys, number: 8 });
    expect(readCrl(newer).series).toBe(readCrl(der).series);
    expect(crlToPem(der)).toMatch(/^-----BEGIN X509 CRL-----\n[\s\S]+\n-----END X509 CRL-----\n$/);
  });

  test('is held to the key that signed it, of several CAs with one name', () => {
    const namesake = certify({ subject: name, keys: ecKeys(), extensions: caExtensions() });
    const der = certifyCrl({ issuer: name, keys });
    expect(crlSigner(der, [namesake, authority])).toEqual(authority);
    expect(crlSigner(der, [namesake])).toBeNull();
  });

  test('is not held to a CA that must not sign lists, or has another name', () => {
    const der = certifyCrl({ issuer: name, keys });
    const certificatesOnly = extension('2.5.29.15', element(tags.bitString, Buffer.of(2, 0x04)));
    expect(crlSigner(der, [certify({ subject: name, keys, extensions: [certificatesOnly] })])).toBe(
      null,
    );
    expect(crlSigner(der, [certify({ subject: 'CN=Other', keys })])).toBeNull();
  });

  test('that is damaged is refused with a reason', () => {
    const der = certifyCrl({ issuer: name, keys, entries: [{ serialNumber: 3 }] });
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(der);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        try {
          expect(crlSigner(damaged, [authority])).toBeNull();
          readCrl(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(StationError);
          expect((error as StationError).code).toBe('CERT-06');
        }
      }),
      { numRuns: 200 },
    );
  });
});
