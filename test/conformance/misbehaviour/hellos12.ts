import { uint16, vector } from '../../tls-server/bytes.ts';
import { at, type Conduct, honestly, sendMessage } from '../../tls-server/conduct.ts';
import {
  alpnExtension,
  type Extension,
  extension,
  extensionTypes,
  keyShareExtension,
  message,
  type ServerHello,
} from '../../tls-server/messages.ts';
import { type Misbehaviour, refused } from './misbehaviour.ts';

const mark = (last: number): Buffer =>
  Buffer.concat([Buffer.alloc(24, 0x61), Buffer.from('DOWNGRD', 'latin1'), Buffer.of(last)]);

function changed(change: Partial<ServerHello>): Conduct {
  return { version: 'TLSv1.2', serverHello: (hello) => ({ ...hello, ...change }) };
}

function extended(...extensions: readonly Extension[]): Conduct {
  return {
    version: 'TLSv1.2',
    serverHello: (hello) => ({
      ...hello,
      extensions: [
        ...hello.extensions.filter(({ type }) => extensions.every((each) => each.type !== type)),
        ...extensions,
      ],
    }),
  };
}

const hello = (behave: Parameters<typeof at>[1]): Conduct => ({
  version: 'TLSv1.2',
  outgoing: at('ServerHello', behave),
});

/** OpenSSL offers the one and passes over the other. */
function nodeLaxOn(type: number): Partial<Misbehaviour> {
  const lax = type === extensionTypes.encryptThenMac || type === extensionTypes.unheardOf;
  return lax ? { nodeDiffers: 'OpenSSL offers encrypt_then_mac and ignores the unknown' } : {};
}

const version = { codes: ['TLS-02', 'TLS-01'] };

/** ServerHellos of TLS 1.2 and older that no client may go along with. */
export const hellos12: readonly Misbehaviour[] = [
  refused('chooses SSL 3.0', changed({ version: 0x0300 }), ['protocolVersion'], version),
  refused('chooses TLS 1.0', changed({ version: 0x0301 }), ['protocolVersion'], version),
  refused('chooses TLS 1.1', changed({ version: 0x0302 }), ['protocolVersion'], version),
  refused(
    'chooses TLS 1.3 by the old field',
    changed({ version: 0x0304 }),
    ['protocolVersion', 'illegalParameter'],
    version,
  ),
  refused('chooses TLS 1.4', changed({ version: 0x0305 }), ['protocolVersion'], version),
  refused(
    'takes TLS 1.2 and marks it as a downgrade from 1.3',
    changed({ random: mark(1) }),
    ['illegalParameter'],
    version,
  ),
  refused(
    'takes TLS 1.2 and marks it as a downgrade from 1.2',
    changed({ random: mark(0) }),
    ['illegalParameter'],
    version,
  ),
  ...(
    [
      ['static RSA', 0x009c],
      ['CBC with SHA-1', 0xc009],
      ['no encryption', 0xc006],
      ['anonymous ECDHE', 0xc018],
      ['a suite of TLS 1.3', 0x1301],
      ['RC4', 0xc007],
      ['3DES', 0xc008],
      ['the null suite', 0x0000],
      ['the signal of renegotiation', 0x00ff],
      ['CCM', 0xc0ac],
    ] as const
  ).map(([name, suite]) =>
    refused(`chooses ${name}`, changed({ suite }), ['illegalParameter', 'handshakeFailure']),
  ),
  refused('compresses', changed({ compression: 1 }), ['illegalParameter']),
  refused(
    'claims to resume a session',
    {
      version: 'TLSv1.2',
      serverHello: (honest, client) => ({ ...honest, sessionId: client.sessionId }),
    },
    ['illegalParameter', 'unexpectedMessage'],
    { nodeDiffers: 'OpenSSL takes it for a new number' },
  ),
  refused('sends a session number of 33 octets', changed({ sessionId: Buffer.alloc(33, 1) }), [
    'decodeError',
    'illegalParameter',
  ]),
  ...(
    [
      ['nobody has heard of', extensionTypes.unheardOf],
      ['encrypt_then_mac', extensionTypes.encryptThenMac],
      ['session_ticket', extensionTypes.sessionTicket],
      ['status_request', extensionTypes.statusRequest],
      ['max_fragment_length', extensionTypes.maxFragmentLength],
    ] as const
  ).map(([name, type]) =>
    refused(
      `answers an extension that was not sent: ${name}`,
      extended(extension(type)),
      ['unsupportedExtension'],
      nodeLaxOn(type),
    ),
  ),
  refused('sends key_share', extended(keyShareExtension(0x1d, Buffer.alloc(32, 9))), [
    'illegalParameter',
    'unsupportedExtension',
  ]),
  refused(
    'sends supported_versions with TLS 1.2',
    extended(extension(extensionTypes.supportedVersions, uint16(0x0303))),
    ['illegalParameter', 'protocolVersion'],
  ),
  refused(
    'sends an extension twice',
    {
      version: 'TLSv1.2',
      serverHello: (honest) => ({
        ...honest,
        extensions: [...honest.extensions, ...honest.extensions.slice(0, 1)],
      }),
    },
    ['illegalParameter', 'decodeError'],
  ),
  refused('chooses HTTP/2', extended(alpnExtension('h2')), [
    'illegalParameter',
    'noApplicationProtocol',
  ]),
  refused(
    'chooses two application protocols',
    extended(
      extension(
        extensionTypes.alpn,
        vector(2, vector(1, Buffer.from('http/1.1')), vector(1, Buffer.from('h2'))),
      ),
    ),
    ['decodeError', 'illegalParameter'],
  ),
  refused(
    'chooses an application protocol without a name',
    extended(extension(extensionTypes.alpn, vector(2, vector(1)))),
    ['decodeError', 'illegalParameter', 'noApplicationProtocol'],
  ),
  refused(
    'starts with a renegotiation',
    extended(extension(extensionTypes.renegotiationInfo, vector(1, Buffer.alloc(12, 1)))),
    ['handshakeFailure', 'illegalParameter'],
  ),
  refused(
    'puts something into extended_master_secret',
    extended(extension(extensionTypes.extendedMasterSecret, Buffer.of(0))),
    ['decodeError', 'illegalParameter'],
    { nodeDiffers: 'OpenSSL does not look inside' },
  ),
  refused(
    'puts an octet behind the ServerHello',
    {
      version: 'TLSv1.2',
      outgoing: at('ServerHello', ({ bytes }) => [
        sendMessage(message('ServerHello', bytes.subarray(4), Buffer.of(0))),
      ]),
    },
    ['decodeError'],
  ),
  refused(
    'sends a second ServerHello',
    hello((due) => [honestly(due), honestly(due)]),
    ['unexpectedMessage'],
  ),
  refused(
    'sends an empty ServerHello',
    hello(() => [sendMessage(message('ServerHello'))]),
    ['decodeError'],
  ),
  refused(
    'sends no ServerHello',
    hello(() => []),
    ['unexpectedMessage'],
  ),
];
