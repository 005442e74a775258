import { flipped, uint8, uint16 } from '../../tls-server/bytes.ts';
import {
  at,
  type Conduct,
  honestly,
  sendAlert,
  sendMessage,
  sendRaw,
  sendRecord,
} from '../../tls-server/conduct.ts';
import { contentTypes, noProtection, record } from '../../tls-server/protection.ts';
import { accepted, type Misbehaviour, refused } from './misbehaviour.ts';
import { before, strays } from './strays.ts';

const { alert, changeCipherSpec, data, handshake } = contentTypes;

/** Sends the first part of a message with a record of another kind in the middle of it. */
const interleaved = (version: Conduct['version'], type: number, bytes: Buffer): Conduct => ({
  version,
  outgoing: at('Certificate', (due, session) => {
    session.transcript = Buffer.concat([session.transcript, due.bytes]);
    return [
      sendRecord(handshake, due.bytes.subarray(0, 20)),
      sendRecord(type, bytes),
      sendRecord(handshake, due.bytes.subarray(20)),
    ];
  }),
});

const flippedRecord = (version: Conduct['version'], name: Parameters<typeof at>[0]): Conduct => ({
  version,
  outgoing: at(name, ({ bytes }, session) => [
    sendRaw(flipped(session.write.seal({ type: handshake, bytes }), 20, 1)),
  ]),
});

const in12: readonly Misbehaviour[] = [
  refused(
    'TLSv1.2: sends change_cipher_spec too early',
    before('TLSv1.2', 'ServerHelloDone', changeCipherSpec, uint8(1)),
    ['unexpectedMessage'],
  ),
  refused(
    'TLSv1.2: sends change_cipher_spec at once',
    before('TLSv1.2', 'Certificate', changeCipherSpec, uint8(1)),
    ['unexpectedMessage'],
  ),
  refused(
    'TLSv1.2: sends Finished in the clear, without change_cipher_spec',
    {
      version: 'TLSv1.2',
      outgoing: (due) => {
        if (due.name === 'ChangeCipherSpec') return [];
        if (due.name !== 'Finished') return [honestly(due)];
        return [sendRaw(noProtection.seal({ type: handshake, bytes: due.bytes }))];
      },
    },
    ['unexpectedMessage'],
  ),
  refused(
    'TLSv1.2: sends change_cipher_spec with another octet',
    { version: 'TLSv1.2', outgoing: at('ChangeCipherSpec', () => [sendRecord(20, uint8(2))]) },
    ['unexpectedMessage', 'illegalParameter', 'decodeError'],
  ),
  refused(
    'TLSv1.2: sends change_cipher_spec of two octets',
    { version: 'TLSv1.2', outgoing: at('ChangeCipherSpec', () => [sendRecord(20, uint16(0x101))]) },
    ['unexpectedMessage', 'illegalParameter', 'decodeError'],
  ),
  refused(
    'TLSv1.2: sends change_cipher_spec twice',
    {
      version: 'TLSv1.2',
      outgoing: at('ChangeCipherSpec', (due) => [honestly(due), honestly(due)]),
    },
    ['unexpectedMessage', 'badRecordMac', 'decodeError'],
  ),
  refused('TLSv1.2: spoils the record of its Finished', flippedRecord('TLSv1.2', 'Finished'), [
    'badRecordMac',
  ]),
  refused(
    'TLSv1.2: sends a record of 16385 octets in the clear',
    {
      version: 'TLSv1.2',
      outgoing: at('Certificate', () => [sendRaw(record(handshake, Buffer.alloc(16_385, 11)))]),
    },
    ['recordOverflow'],
    { nodeDiffers: 'OpenSSL lets plain records be as long as protected ones' },
  ),
  refused(
    'TLSv1.2: announces a protected record of 18433 octets',
    {
      version: 'TLSv1.2',
      outgoing: at('Finished', () => [sendRaw(record(handshake, Buffer.alloc(18_433)))]),
    },
    ['recordOverflow'],
  ),
  refused(
    'TLSv1.2: sends a protected record that is shorter than its tag',
    {
      version: 'TLSv1.2',
      outgoing: at('Finished', () => [sendRaw(record(handshake, Buffer.alloc(23)))]),
    },
    ['badRecordMac', 'decodeError'],
  ),
  refused(
    'TLSv1.2: protects more than 16384 octets',
    {
      version: 'TLSv1.2',
      outgoing: at('Finished', () => [sendRecord(handshake, Buffer.alloc(16_385))]),
    },
    ['recordOverflow'],
  ),
  accepted(
    'TLSv1.2: breaks into a message with a warning, which nothing forbids',
    interleaved('TLSv1.2', alert, Buffer.of(1, 90)),
  ),
];

const in13: readonly Misbehaviour[] = [
  refused(
    'TLSv1.3: spoils the record of EncryptedExtensions',
    flippedRecord('TLSv1.3', 'EncryptedExtensions'),
    ['badRecordMac'],
  ),
  refused(
    'TLSv1.3: sends EncryptedExtensions in the clear',
    {
      version: 'TLSv1.3',
      outgoing: at('EncryptedExtensions', ({ bytes }) => [
        sendRaw(noProtection.seal({ type: handshake, bytes })),
      ]),
    },
    ['unexpectedMessage', 'badRecordMac'],
  ),
  refused(
    'TLSv1.3: sends EncryptedExtensions behind ServerHello in its record',
    {
      version: 'TLSv1.3',
      outgoing: at('ServerHello', ({ bytes }) => [
        sendMessage(Buffer.concat([bytes, Buffer.from('080000020000', 'hex')])),
      ]),
    },
    ['unexpectedMessage'],
  ),
  refused(
    'TLSv1.3: sends a message behind Finished in its record',
    {
      version: 'TLSv1.3',
      outgoing: at('Finished', ({ bytes }) => [
        sendMessage(Buffer.concat([bytes, Buffer.from('1800000100', 'hex')])),
      ]),
    },
    ['unexpectedMessage'],
  ),
  refused(
    'TLSv1.3: sends a record of nothing but zeros',
    before('TLSv1.3', 'Certificate', 0, Buffer.alloc(8)),
    ['unexpectedMessage'],
  ),
  refused(
    'TLSv1.3: announces a protected record of 16641 octets',
    {
      version: 'TLSv1.3',
      outgoing: at('Certificate', () => [sendRaw(record(data, Buffer.alloc(16_641)))]),
    },
    ['recordOverflow'],
  ),
  refused(
    'TLSv1.3: protects more than 16384 octets',
    before('TLSv1.3', 'Certificate', data, Buffer.alloc(16_385)),
    ['recordOverflow'],
    {
      nodeDiffers: 'OpenSSL meets the wrong type first',
    },
  ),
  refused(
    'TLSv1.3: sends change_cipher_spec with another octet',
    { version: 'TLSv1.3', outgoing: at('ChangeCipherSpec', () => [sendRecord(20, uint8(2))]) },
    ['unexpectedMessage'],
  ),
  refused(
    'TLSv1.3: protects change_cipher_spec',
    {
      version: 'TLSv1.3',
      outgoing: at('Certificate', (due, session) => [
        sendRaw(session.write.seal({ type: changeCipherSpec, bytes: uint8(1) })),
        honestly(due),
      ]),
    },
    ['unexpectedMessage'],
  ),
  refused(
    'TLSv1.3: breaks into a message with a warning',
    interleaved('TLSv1.3', alert, Buffer.of(1, 90)),
    ['unexpectedMessage'],
    { nodeDiffers: 'OpenSSL lets alerts stand in a message' },
  ),
  refused(
    'TLSv1.3: breaks into a message with change_cipher_spec',
    interleaved('TLSv1.3', changeCipherSpec, uint8(1)),
    ['unexpectedMessage'],
    { nodeDiffers: 'OpenSSL passes over change_cipher_spec' },
  ),
  refused(
    'TLSv1.3: breaks into a message with application data',
    interleaved('TLSv1.3', data, uint8(1)),
    ['unexpectedMessage'],
  ),
  refused(
    'TLSv1.3: sends a plain alert after the keys changed',
    {
      version: 'TLSv1.3',
      outgoing: at('Certificate', () => [
        sendRaw(noProtection.seal({ type: alert, bytes: Buffer.of(1, 90) })),
      ]),
    },
    ['unexpectedMessage', 'badRecordMac', 'decodeError'],
    { nodeDiffers: 'OpenSSL reads plain alerts while the handshake lasts' },
  ),
  accepted('TLSv1.3: sends no change_cipher_spec', {
    version: 'TLSv1.3',
    outgoing: at('ChangeCipherSpec', () => []),
  }),
  accepted('TLSv1.3: sends change_cipher_spec twice', {
    version: 'TLSv1.3',
    outgoing: at('ChangeCipherSpec', (due) => [honestly(due), honestly(due)]),
  }),
  accepted('TLSv1.3: pads its records', {
    version: 'TLSv1.3',
    outgoing: at('Certificate', ({ bytes }, session) => {
      session.transcript = Buffer.concat([session.transcript, bytes]);
      return [sendRecord(0, Buffer.concat([bytes, uint8(handshake), Buffer.alloc(400)]))];
    }),
  }),
];

const either: readonly Misbehaviour[] = (['TLSv1.2', 'TLSv1.3'] as const).flatMap((version) => [
  accepted(`${version}: cuts each message into records of one octet`, {
    version,
    outgoing: (due) =>
      due.name === 'ChangeCipherSpec'
        ? [honestly(due)]
        : [{ kind: 'message', bytes: due.bytes, recordSize: 1 }],
  }),
  accepted(`${version}: warns that someone cancelled, and goes on`, {
    version,
    outgoing: at('Certificate', (due) => [sendAlert(90, 1), honestly(due)]),
  }),
  refused(
    `${version}: writes SSL 2.2 into the header of a record`,
    {
      version,
      wire: (whole) => [Buffer.concat([whole.subarray(0, 1), uint16(0x0202), whole.subarray(3)])],
    },
    ['protocolVersion', 'unexpectedMessage', 'decodeError'],
    { codes: ['TLS-01', 'TLS-02'] },
  ),
]);

/** Records that are wrong, or in the wrong place. */
export const records: readonly Misbehaviour[] = [...strays, ...in12, ...in13, ...either];
