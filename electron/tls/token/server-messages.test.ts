import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signatureSchemes } from '../connector.ts';
import { ByteReader, uint, vector } from './bytes.ts';
import { extension } from './extensions.ts';
import { alerts, TlsFailure } from './failure.ts';
import {
  readCertificateRequest12,
  readCertificateRequest13,
  readCertificates12,
  readCertificates13,
  readServerKeyExchange,
  readSigned,
} from './server-messages.ts';

const one = Buffer.from('3000', 'hex');
const none: ReadonlySet<number> = new Set();
const offeredStatus: ReadonlySet<number> = new Set([5]);
const entry12 = vector(3, one);
const entry13 = Buffer.concat([vector(3, one), vector(2)]);
const certificates12 = (...entries: Buffer[]) => vector(3, ...entries);
const certificates13 = (...entries: Buffer[]) => Buffer.concat([vector(1), vector(3, ...entries)]);
const schemes = vector(2, uint(2, 0x0403), uint(2, 0x0804));
const names = vector(2, vector(2, one));
const request12 = Buffer.concat([vector(1, Buffer.of(64)), schemes, names]);
const request13 = (...extensions: Buffer[]) => Buffer.concat([vector(1), vector(2, ...extensions)]);
const signed = Buffer.concat([uint(2, 0x0403), vector(2, Buffer.of(1, 2))]);
const share = Buffer.concat([uint(1, 3), uint(2, 29), vector(1, Buffer.alloc(32))]);

const readers: Readonly<Record<string, [Buffer, (body: Buffer) => unknown]>> = {
  'Certificate of TLS 1.2': [certificates12(entry12, entry12), readCertificates12],
  'Certificate of TLS 1.3': [
    certificates13(entry13, entry13),
    (body) => readCertificates13(body, none),
  ],
  'CertificateRequest of TLS 1.2': [request12, readCertificateRequest12],
  'CertificateRequest of TLS 1.3': [
    request13(extension(13, schemes), extension(47, names)),
    readCertificateRequest13,
  ],
  CertificateVerify: [
    signed,
    (body) => readSigned(new ByteReader(body, 'CertificateVerify'), signatureSchemes),
  ],
  ServerKeyExchange: [
    Buffer.concat([share, signed]),
    (body) => readServerKeyExchange(body, signatureSchemes),
  ],
};

describe.each(Object.entries(readers))('%s', (_name, [whole, read]) => {
  it('is read when whole', () => {
    expect(() => read(whole)).not.toThrow();
  });

  it('is refused when cut short anywhere or with anything behind it', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => read(whole.subarray(0, length))).toThrow(TlsFailure);
    }
    expect(() => read(Buffer.concat([whole, Buffer.of(0)]))).toThrow(TlsFailure);
  });

  it('ends in an alert or a value, whatever it says', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          read(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(TlsFailure);
        }
      }),
    );
  });
});

describe('what a server’s message may not say', () => {
  const many = Array.from({ length: 33 }, () => entry12);
  const withStatus = Buffer.concat([vector(3, one), vector(2, extension(5, one))]);
  it.each<[string, () => unknown, number]>([
    ['no certificate', () => readCertificates12(certificates12()), alerts.decodeError],
    [
      'no certificate, TLS 1.3',
      () => readCertificates13(certificates13(), none),
      alerts.decodeError,
    ],
    [
      'an empty certificate',
      () => readCertificates12(certificates12(vector(3))),
      alerts.decodeError,
    ],
    ['33 certificates', () => readCertificates12(certificates12(...many)), alerts.badCertificate],
    [
      'a context in the handshake',
      () => readCertificates13(Buffer.concat([vector(1, one), vector(3, entry13)]), none),
      alerts.decodeError,
    ],
    [
      'a status nobody asked for',
      () => readCertificates13(certificates13(withStatus), none),
      alerts.unsupportedExtension,
    ],
    [
      'a status in the wrong place',
      () => readCertificates13(certificates13(withStatus), offeredStatus),
      alerts.illegalParameter,
    ],
    ['no schemes', () => readCertificateRequest13(request13()), alerts.missingExtension],
    [
      'a key share in a request for a certificate',
      () => readCertificateRequest13(request13(extension(13, schemes), extension(51, one))),
      alerts.illegalParameter,
    ],
    [
      'schemes twice',
      () => readCertificateRequest13(request13(extension(13, schemes), extension(13, schemes))),
      alerts.illegalParameter,
    ],
    [
      'a scheme not offered',
      () => readSigned(new ByteReader(signed, 'x'), ['ed25519']),
      alerts.illegalParameter,
    ],
    [
      'a curve of its own',
      () => readServerKeyExchange(Buffer.concat([uint(1, 1), share, signed]), signatureSchemes),
      alerts.illegalParameter,
    ],
  ])('%s', (_what, attempt, alert) => {
    expect(attempt).toThrow(expect.objectContaining({ alert }));
  });
});
