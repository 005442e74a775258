import { uint16, vector } from '../../tls-server/bytes.ts';
import { at, type Conduct, honestly, sendMessage } from '../../tls-server/conduct.ts';
import { groups } from '../../tls-server/key-exchange.ts';
import {
  alpnExtension,
  type Extension,
  extension,
  extensionTypes,
  message,
  type ServerHello,
} from '../../tls-server/messages.ts';
import { accepted, type Misbehaviour, refused } from './misbehaviour.ts';

const changed = (change: Partial<ServerHello>): Conduct => ({
  version: 'TLSv1.3',
  serverHello: (hello) => ({ ...hello, ...change }),
});

/** With these extensions in place of those of their type. */
function withExtensions(hello: ServerHello, ...extensions: readonly Extension[]): ServerHello {
  const kept = hello.extensions.filter(({ type }) => extensions.every((one) => one.type !== type));
  return { ...hello, extensions: [...kept, ...extensions] };
}

const extended = (...extensions: readonly Extension[]): Conduct => ({
  version: 'TLSv1.3',
  serverHello: (hello) => withExtensions(hello, ...extensions),
});

const without = (hello: ServerHello, type: number): ServerHello => ({
  ...hello,
  extensions: hello.extensions.filter((each) => each.type !== type),
});

const versionExtension = (code: number): Extension =>
  extension(extensionTypes.supportedVersions, uint16(code));

const share = (bytes: Buffer, more: Partial<Conduct> = {}): Conduct => ({
  version: 'TLSv1.3',
  share: bytes,
  ...more,
});

const retried = (change: Partial<Conduct> = {}): Conduct => ({
  version: 'TLSv1.3',
  retries: [groups.p384],
  ...change,
});

const inEncrypted = (...extensions: readonly Extension[]): Conduct => ({
  version: 'TLSv1.3',
  encryptedExtensions: (usual) => [...usual, ...extensions],
});

const unknownToNode = { nodeDiffers: 'OpenSSL passes over extensions it does not know' };
const eitherVersion = { codes: ['TLS-01', 'TLS-02'] };

const serverHellos: readonly Misbehaviour[] = [
  ...([0x0300, 0x0302, 0x0303, 0x0305, 0x7f1c] as const).map((code) =>
    refused(
      `chooses version ${code.toString(16)} in supported_versions`,
      extended(versionExtension(code)),
      ['illegalParameter', 'protocolVersion'],
      eitherVersion,
    ),
  ),
  refused(
    'leaves out supported_versions',
    { version: 'TLSv1.3', serverHello: (hello) => without(hello, 43) },
    ['illegalParameter', 'unsupportedExtension', 'missingExtension', 'protocolVersion'],
    eitherVersion,
  ),
  refused(
    'writes TLS 1.3 into the old version field',
    changed({ version: 0x0304 }),
    ['illegalParameter', 'protocolVersion'],
    { ...eitherVersion, nodeDiffers: 'OpenSSL does not look at the old field' },
  ),
  refused('echoes another session number', changed({ sessionId: Buffer.alloc(32, 1) }), [
    'illegalParameter',
  ]),
  refused('echoes no session number', changed({ sessionId: Buffer.alloc(0) }), [
    'illegalParameter',
  ]),
  refused('chooses a suite of TLS 1.2', changed({ suite: 0xc02b }), ['illegalParameter']),
  refused('chooses a suite that was not offered', changed({ suite: 0x1304 }), ['illegalParameter']),
  refused('compresses', changed({ compression: 1 }), ['illegalParameter', 'decodeError']),
  refused('sends no key', { version: 'TLSv1.3', serverHello: (hello) => without(hello, 51) }, [
    'missingExtension',
    'illegalParameter',
  ]),
  refused(
    'sends a key of a group that was not offered',
    extended(extension(51, Buffer.concat([uint16(0x001e), vector(2, Buffer.alloc(56, 5))]))),
    ['illegalParameter'],
  ),
  refused(
    'sends a key of a group the client sent none of',
    { version: 'TLSv1.3', group: groups.p384 },
    ['illegalParameter'],
  ),
  refused('sends 31 octets of X25519', share(Buffer.alloc(31, 9)), [
    'illegalParameter',
    'decodeError',
  ]),
  refused('sends no octets of X25519', share(Buffer.alloc(0)), ['illegalParameter', 'decodeError']),
  refused('sends X25519 of which the secret is zero', share(Buffer.alloc(32)), [
    'illegalParameter',
  ]),
  refused(
    'sends X25519 of order 8',
    share(Buffer.from('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', 'hex')),
    ['illegalParameter'],
  ),
  refused(
    'sends an extension nobody has heard of',
    extended(extension(extensionTypes.unheardOf)),
    ['unsupportedExtension'],
    unknownToNode,
  ),
  refused(
    'chooses a pre-shared key that was not offered',
    extended(extension(extensionTypes.preSharedKey, uint16(0))),
    ['unsupportedExtension'],
  ),
  refused(
    'sends an extension of TLS 1.2',
    extended(extension(extensionTypes.extendedMasterSecret)),
    ['illegalParameter', 'unsupportedExtension'],
  ),
  refused(
    'sends an extension twice',
    extended(versionExtension(0x0304), versionExtension(0x0304)),
    ['illegalParameter', 'decodeError'],
  ),
];

const retries: readonly Misbehaviour[] = [
  accepted('asks for a key of another group, as it may', retried()),
  refused('asks twice', retried({ retries: [groups.p384, groups.p256] }), ['unexpectedMessage']),
  refused('asks for the group it has', { version: 'TLSv1.3', retries: [groups.x25519] }, [
    'illegalParameter',
  ]),
  refused('asks for a group that was not offered', { version: 'TLSv1.3', retries: [0x001e] }, [
    'illegalParameter',
  ]),
  refused(
    'asks for nothing new',
    retried({ retryHello: (hello) => without(hello, extensionTypes.keyShare) }),
    ['illegalParameter', 'missingExtension'],
  ),
  refused(
    'asks, then takes another suite',
    retried({ serverHello: (hello) => ({ ...hello, suite: 0x1302 }) }),
    ['illegalParameter'],
  ),
  refused('asks, then takes another group', retried({ group: groups.x25519 }), [
    'illegalParameter',
  ]),
  refused(
    'asks, with an extension nobody has heard of',
    retried({ retryHello: (hello) => withExtensions(hello, extension(0xfafa)) }),
    ['unsupportedExtension'],
    unknownToNode,
  ),
  refused(
    'asks, then takes TLS 1.2',
    retried({
      serverHello: (hello) => ({
        ...hello,
        suite: 0xc02b,
        extensions: [extension(extensionTypes.extendedMasterSecret)],
      }),
    }),
    ['illegalParameter', 'protocolVersion', 'unexpectedMessage'],
    eitherVersion,
  ),
  refused(
    'asks for an empty cookie',
    retried({ retryHello: (hello) => withExtensions(hello, extension(44, uint16(0))) }),
    ['decodeError', 'illegalParameter'],
    { nodeDiffers: 'OpenSSL returns an empty cookie' },
  ),
  refused(
    'asks, then sends a point that is not on the curve',
    retried({ share: Buffer.concat([Buffer.of(4), Buffer.alloc(96, 7)]) }),
    ['illegalParameter'],
  ),
  refused(
    'asks, then sends a compressed point',
    retried({ share: Buffer.concat([Buffer.of(2), Buffer.alloc(48, 7)]) }),
    ['illegalParameter'],
  ),
  refused('asks, then sends the point at infinity', retried({ share: Buffer.of(0) }), [
    'illegalParameter',
    'decodeError',
  ]),
];

const encryptedExtensions: readonly Misbehaviour[] = [
  ...(
    [
      ['accepts early data', extensionTypes.earlyData],
      ['limits fragments without being asked', extensionTypes.maxFragmentLength],
      ['answers server_name, though an IP address has none', extensionTypes.serverName],
      ['answers an extension nobody has heard of', extensionTypes.unheardOf],
    ] as const
  ).map(([name, type]) =>
    refused(
      name,
      inEncrypted(extension(type)),
      ['unsupportedExtension'],
      type === extensionTypes.unheardOf ? unknownToNode : {},
    ),
  ),
  refused('repeats supported_versions', inEncrypted(versionExtension(0x0304)), [
    'illegalParameter',
    'unsupportedExtension',
  ]),
  refused(
    'repeats key_share',
    inEncrypted(extension(51, Buffer.concat([uint16(0x1d), vector(2, Buffer.alloc(32, 9))]))),
    ['illegalParameter', 'unsupportedExtension'],
  ),
  refused(
    'chooses HTTP/2',
    { version: 'TLSv1.3', encryptedExtensions: () => [alpnExtension('h2')] },
    ['illegalParameter', 'noApplicationProtocol'],
  ),
  refused('names its application protocol twice', inEncrypted(alpnExtension('http/1.1')), [
    'illegalParameter',
    'decodeError',
  ]),
  accepted('names no application protocol', {
    version: 'TLSv1.3',
    encryptedExtensions: () => [],
  }),
  refused(
    'leaves out EncryptedExtensions',
    { version: 'TLSv1.3', outgoing: at('EncryptedExtensions', () => []) },
    ['unexpectedMessage'],
  ),
  refused(
    'puts an octet behind EncryptedExtensions',
    {
      version: 'TLSv1.3',
      outgoing: at('EncryptedExtensions', ({ bytes }) => [
        sendMessage(message('EncryptedExtensions', bytes.subarray(4), Buffer.of(0))),
      ]),
    },
    ['decodeError'],
  ),
  refused(
    'sends EncryptedExtensions twice',
    {
      version: 'TLSv1.3',
      outgoing: at('EncryptedExtensions', (due) => [honestly(due), honestly(due)]),
    },
    ['unexpectedMessage'],
  ),
];

/** Hellos and EncryptedExtensions of TLS 1.3. */
export const hellos13: readonly Misbehaviour[] = [
  ...serverHellos,
  ...retries,
  ...encryptedExtensions,
];
