import { uint8, uint16, uint24, vector } from '../../tls-server/bytes.ts';
import {
  at,
  type Conduct,
  honestly,
  type Outgoing,
  sendMessage,
} from '../../tls-server/conduct.ts';
import { schemes } from '../../tls-server/key-exchange.ts';
import { extension, extensionList, message } from '../../tls-server/messages.ts';
import { keyExchanges } from './key-exchanges.ts';
import { servers } from './kit.ts';
import { type Misbehaviour, refused } from './misbehaviour.ts';
import { resigned, signatures, wrongScheme } from './signatures.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const proofOf = {
  'TLSv1.2': 'ServerKeyExchange',
  'TLSv1.3': 'CertificateVerify',
} as const satisfies Record<string, Outgoing['name']>;

/** Is honest once; from then on sends the same again. */
function earlierFinished(): Parameters<typeof at>[1] {
  let earlier: Buffer | null = null;
  return ({ bytes }) => {
    earlier ??= bytes;
    return [sendMessage(earlier)];
  };
}

const forBoth: readonly Misbehaviour[] = versions.flatMap((version): Misbehaviour[] => {
  const proof = proofOf[version];
  const whenProof = (behave: Parameters<typeof at>[1]): Conduct => ({
    version,
    outgoing: at(proof, behave),
  });
  const whenCertificate = (behave: Parameters<typeof at>[1]): Conduct => ({
    version,
    outgoing: at('Certificate', behave),
  });
  return [
    ...signatures.map(([name, server, sign, alert]) =>
      refused(`${version}: signs ${name}`, { version, sign }, alert, { server }),
    ),
    refused(
      `${version}: sends no ${proof}`,
      whenProof(() => []),
      ['unexpectedMessage'],
    ),
    refused(
      `${version}: sends ${proof} twice`,
      whenProof((due) => [honestly(due), honestly(due)]),
      ['unexpectedMessage'],
    ),
    refused(
      `${version}: sends an empty ${proof}`,
      whenProof(() => [sendMessage(message(proof))]),
      ['decodeError', 'illegalParameter'],
    ),
    refused(
      `${version}: sends no Certificate`,
      whenCertificate(() => []),
      ['unexpectedMessage'],
    ),
    refused(
      `${version}: sends Certificate twice`,
      whenCertificate((due) => [honestly(due), honestly(due)]),
      ['unexpectedMessage'],
    ),
    refused(
      `${version}: sends an empty list of certificates`,
      { version, certificates: [] },
      ['decodeError', 'badCertificate', 'handshakeFailure', 'illegalParameter'],
      { codes: ['TLS-01', 'TRUST-07'] },
    ),
    refused(
      `${version}: sends a certificate of no octets`,
      { version, certificates: [Buffer.alloc(0)] },
      ['decodeError', 'badCertificate'],
      { codes: ['TLS-01', 'TRUST-07'] },
    ),
    refused(
      `${version}: sends a certificate that is none`,
      { version, certificates: [Buffer.from('not a certificate')] },
      ['decodeError', 'badCertificate', 'unsupportedCertificate'],
      { codes: ['TLS-01', 'TRUST-07'] },
    ),
    refused(
      `${version}: sends the certificate of another server`,
      { version, certificates: [servers.p384.der] },
      ['decryptError', 'illegalParameter', 'handshakeFailure'],
    ),
    refused(
      `${version}: sends 200 kB of certificates`,
      { version, certificates: Array.from({ length: 400 }, () => servers.ec.der) },
      ['illegalParameter', 'decodeError', 'badCertificate', 'unexpectedMessage'],
      { codes: ['TLS-01', 'TRUST-07'] },
    ),
    refused(
      `${version}: has a key that may not sign`,
      { version },
      ['badCertificate', 'unsupportedCertificate', 'illegalParameter'],
      {
        server: 'noSignature',
        codes: ['TLS-01', 'TRUST-07'],
        ...(version === 'TLSv1.3'
          ? { nodeDiffers: 'OpenSSL looks at the key usage in TLS 1.2 only' }
          : {}),
      },
    ),
    refused(
      `${version}: sends a wrong Finished`,
      {
        version,
        outgoing: at('Finished', ({ bytes }) => [
          sendMessage(message('Finished', Buffer.alloc(bytes.length - 4, 1))),
        ]),
      },
      ['decryptError'],
    ),
    refused(
      `${version}: sends a Finished of no octets`,
      { version, outgoing: at('Finished', () => [sendMessage(message('Finished'))]) },
      ['decryptError', 'decodeError'],
    ),
    refused(
      `${version}: sends a Finished with an octet behind it`,
      {
        version,
        outgoing: at('Finished', ({ bytes }) => [
          sendMessage(message('Finished', bytes.subarray(4), uint8(0))),
        ]),
      },
      ['decryptError', 'decodeError'],
    ),
    refused(
      `${version}: repeats the Finished of an earlier connection`,
      { version, outgoing: at('Finished', earlierFinished()) },
      ['decryptError'],
      { rehearsed: true },
    ),
  ];
});

const in13: readonly Misbehaviour[] = [
  refused(
    'TLSv1.3: signs by PKCS #1',
    { version: 'TLSv1.3', sign: resigned((of) => ({ ...of, scheme: schemes.rsaPkcs1Sha256 })) },
    wrongScheme,
    { server: 'rsa' },
  ),
  refused(
    'TLSv1.3: signs by the scheme of another curve',
    { version: 'TLSv1.3', sign: resigned((of) => ({ ...of, scheme: schemes.ecdsaP384Sha384 })) },
    wrongScheme,
  ),
  refused(
    'TLSv1.3: signs as a client would',
    {
      version: 'TLSv1.3',
      sign: resigned((of) => ({
        ...of,
        content: Buffer.from(of.content.toString('latin1').replace('server', 'client'), 'latin1'),
      })),
    },
    ['decryptError'],
  ),
  refused(
    'TLSv1.3: sends a status with its certificate that nobody asked for',
    { version: 'TLSv1.3', certificateExtensions: [extension(5, Buffer.alloc(4))] },
    ['unsupportedExtension'],
  ),
  refused(
    'TLSv1.3: sends its certificate with a request context',
    {
      version: 'TLSv1.3',
      outgoing: at('Certificate', ({ bytes }) => [
        sendMessage(message('Certificate', vector(1, uint8(7)), bytes.subarray(5))),
      ]),
    },
    ['illegalParameter', 'decodeError'],
  ),
  refused(
    'TLSv1.3: requests a certificate without naming schemes',
    {
      version: 'TLSv1.3',
      asksForCertificate: true,
      outgoing: at('CertificateRequest', () => [
        sendMessage(message('CertificateRequest', uint8(0), extensionList([]))),
      ]),
    },
    ['missingExtension', 'decodeError'],
  ),
  refused(
    'TLSv1.3: requests a certificate with a context',
    {
      version: 'TLSv1.3',
      asksForCertificate: true,
      outgoing: at('CertificateRequest', ({ bytes }) => [
        sendMessage(message('CertificateRequest', vector(1, uint16(7)), bytes.subarray(5))),
      ]),
    },
    ['illegalParameter', 'decodeError'],
    { nodeDiffers: 'OpenSSL takes any context' },
  ),
  refused(
    'TLSv1.3: requests a certificate after its own',
    {
      version: 'TLSv1.3',
      outgoing: at('CertificateVerify', (due) => [
        sendMessage(
          message(
            'CertificateRequest',
            uint8(0),
            extensionList([extension(13, vector(2, uint16(0x0403)))]),
          ),
        ),
        honestly(due),
      ]),
    },
    ['unexpectedMessage'],
  ),
  refused(
    'TLSv1.3: announces a message of 16 MB',
    {
      version: 'TLSv1.3',
      outgoing: at('Certificate', ({ bytes }) => [
        sendMessage(Buffer.concat([uint8(11), uint24(0xff_ff_ff), bytes.subarray(4)])),
      ]),
    },
    ['illegalParameter', 'decodeError', 'unexpectedMessage'],
  ),
];

/** What is wrong with a server's proof that it is who it says. */
export const proofs: readonly Misbehaviour[] = [...forBoth, ...keyExchanges, ...in13];
