import { uint8, vector } from '../../tls-server/bytes.ts';
import { at, type Conduct, honestly, sendMessage } from '../../tls-server/conduct.ts';
import { groups } from '../../tls-server/key-exchange.ts';
import { message } from '../../tls-server/messages.ts';
import { suiteNumbers } from '../../tls-server/suites.ts';
import { accepted, type Misbehaviour, refused } from './misbehaviour.ts';

const keyExchange = (change: Partial<Conduct>): Conduct => ({ version: 'TLSv1.2', ...change });

/** Key exchanges of TLS 1.2, where the group and the key are the server's choice. */
export const keyExchanges: readonly Misbehaviour[] = [
  refused(
    'TLSv1.2: takes a suite of ECDSA with a key of RSA',
    keyExchange({ suite: suiteNumbers.ecdsaAes128 }),
    ['illegalParameter', 'unsupportedCertificate', 'handshakeFailure', 'decryptError'],
    { server: 'rsa' },
  ),
  refused(
    'TLSv1.2: takes a suite of RSA with a key of ECDSA',
    keyExchange({ suite: suiteNumbers.rsaAes128 }),
    ['illegalParameter', 'unsupportedCertificate', 'handshakeFailure', 'decryptError'],
  ),
  ...(
    [
      ['an explicit curve', Buffer.of(1, 0, 0x1d)],
      ['a curve that was not offered', Buffer.of(3, 0, 0x16)],
      ['X448', Buffer.of(3, 0, 0x1e)],
      ['a group of finite fields', Buffer.of(3, 1, 0)],
    ] as const
  ).map(([name, curve]) =>
    refused(`TLSv1.2: exchanges keys over ${name}`, keyExchange({ curve }), [
      'illegalParameter',
      'handshakeFailure',
    ]),
  ),
  ...(
    [
      ['X25519 of which the secret is zero', groups.x25519, Buffer.alloc(32)],
      ['31 octets of X25519', groups.x25519, Buffer.alloc(31, 9)],
      ['no octets', groups.x25519, Buffer.alloc(0)],
      [
        'a point that is not on the curve',
        groups.p256,
        Buffer.concat([uint8(4), Buffer.alloc(64, 7)]),
      ],
      ['a compressed point', groups.p256, Buffer.concat([uint8(2), Buffer.alloc(32, 7)])],
      ['the point at infinity', groups.p256, Buffer.of(0)],
    ] as const
  ).map(([name, group, share]) =>
    refused(`TLSv1.2: sends ${name}`, keyExchange({ group, share }), [
      'illegalParameter',
      'decodeError',
    ]),
  ),
  accepted(
    'TLSv1.2: signs with P-384 and SHA-384, as it may',
    { version: 'TLSv1.2' },
    { server: 'p384' },
  ),
  refused(
    'TLSv1.2: sends a status nobody asked for',
    {
      version: 'TLSv1.2',
      outgoing: at('Certificate', (due) => [
        honestly(due),
        sendMessage(message('CertificateStatus', uint8(1), vector(3, Buffer.alloc(8)))),
      ]),
    },
    ['unexpectedMessage'],
  ),
];
