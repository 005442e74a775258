import { writeCrlsOnly } from '../../../electron/pki/crls-only.ts';
import {
  element,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
} from '../../../electron/pki/der-writer.ts';
import { writeCertsOnly } from '../../../electron/practice/certs-only.ts';
import { caExtensions, certify, ecKeys, extension } from '../../certificate-draft.ts';
import { certifyCrl } from '../../crl-draft.ts';

/** The most an answer may hold by the profile's defaults, octets. */
export const bodyBytes = 2_097_152;
/** Octets of DER that fit in base64, with room for the headers of a body part. */
const derBytes = Math.floor((bodyBytes * 3) / 4) - 900;

/** DER as the largest body in base64, filled up with line breaks. */
function inBase64(der: Uint8Array): Buffer {
  const text = Buffer.from(Buffer.from(der).toString('base64'));
  if (text.length > bodyBytes)
    throw new Error(`${text.length} octets are more than a body may have`);
  return Buffer.concat([text, Buffer.alloc(bodyBytes - text.length, '\n')]);
}

const keys = ecKeys();
const filler = (octets: number) => extension('2.999.1', Buffer.alloc(octets, 5), false);

/** As many certificates as an answer may hold, together as large as it may be. */
function manyCertificates(): Buffer {
  const each = Math.floor(derBytes / 64) - 400;
  const certificates = Array.from({ length: 63 }, (_, serialNumber) =>
    certify({
      subject: `CN=CA ${serialNumber}`,
      keys,
      serialNumber: serialNumber + 1,
      extensions: [...caExtensions(), filler(each)],
    }),
  );
  return writeCertsOnly(certificates);
}

/** A CMS message whose content consists of the smallest elements there are. */
const manyElements = () =>
  sequence(
    objectIdentifier('1.2.840.113549.1.7.2'),
    element(0xa0, sequence(Buffer.alloc((derBytes - 64) & ~1, Buffer.of(5, 0)))),
  );

/** Elements one inside the other, as far as their lengths go. */
function nested(): Buffer {
  const header = Buffer.from('3080', 'hex');
  return Buffer.alloc(derBytes & ~1, header);
}

/** EnvelopedData with the smallest recipients there are. */
const enveloped = () =>
  sequence(
    objectIdentifier('1.2.840.113549.1.7.3'),
    element(
      0xa0,
      sequence(
        element(2, Buffer.of(2)),
        setOf(Buffer.alloc((derBytes - 256) & ~1, Buffer.of(5, 0))),
        sequence(objectIdentifier('1.2.840.113549.1.7.1')),
      ),
    ),
  );

const manyEntries = () =>
  certifyCrl({
    issuer: 'CN=CA',
    keys,
    entries: Array.from({ length: 40_000 }, (_, serialNumber) => ({
      serialNumber: serialNumber + 1,
    })),
  });

/** A part with a key before, or certificates behind, a part with this; the type is multipart/mixed, boundary b. */
function besideKey(body: Buffer): Buffer {
  const head = 'Content-Type: application/pkcs7-mime; smime-type=certs-only';
  const first = '--b\r\nContent-Type: application/pkcs8\r\n\r\nMAA=\r\n--b\r\n';
  return within(`${first}${head}\r\n\r\n`, body, '\r\n--b--');
}

function asKey(body: Buffer): Buffer {
  const type = 'Content-Type: application/pkcs7-mime; smime-type=';
  const bag = writeCertsOnly([certify({ subject: 'CN=a', keys })]).toString('base64');
  const first = `--b\r\n${type}certs-only\r\n\r\n${bag}\r\n--b\r\n`;
  return within(`${first}${type}server-generated-key\r\n\r\n`, body, '\r\n--b--');
}

function within(before: string, body: Buffer, after: string): Buffer {
  const room = bodyBytes - before.length - after.length;
  return Buffer.concat([Buffer.from(before), body.subarray(0, room), Buffer.from(after)]);
}

/** Largest answers, by what is in them. */
export const bodies: Readonly<Record<string, () => Buffer>> = {
  certificates: () => inBase64(manyCertificates()),
  elements: () => inBase64(manyElements()),
  nested: () => inBase64(nested()),
  identifiers: () =>
    inBase64(sequence(Buffer.alloc((derBytes - 16) & ~1, Buffer.from('0600', 'hex')))),
  'an attribute': () =>
    inBase64(
      sequence(
        sequence(objectIdentifier('2.999'), setOf(octetString(Buffer.alloc(derBytes - 64)))),
      ),
    ),
  revocations: () => inBase64(writeCrlsOnly([manyEntries()])),
  letters: () => Buffer.alloc(bodyBytes, 'A'),
  'line breaks': () => Buffer.alloc(bodyBytes, '\n'),
  'broken armour': () =>
    Buffer.concat([Buffer.from('-----BEGIN PKCS7-----\n'), Buffer.alloc(bodyBytes - 22, 'A')]),
  markup: () => Buffer.alloc(bodyBytes, '<a <'),
  delimiters: () => Buffer.alloc(bodyBytes, '--b\r\n'),
};

/** The same in the parts of an answer to serverkeygen, where certificates belong and where the key does. */
export const bodiesInParts: Readonly<Record<string, () => Buffer>> = Object.fromEntries(
  Object.entries({ ...bodies, enveloped: () => inBase64(enveloped()) }).flatMap(([name, body]) => [
    [`${name} beside a key`, () => besideKey(body())],
    [`${name} as a key`, () => asKey(body())],
  ]),
);
