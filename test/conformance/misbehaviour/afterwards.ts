import { flipped, uint8, vector } from '../../tls-server/bytes.ts';
import {
  type Action,
  type Conduct,
  sendAlert,
  sendMessage,
  sendRaw,
  sendRecord,
} from '../../tls-server/conduct.ts';
import { extension, extensionList, message } from '../../tls-server/messages.ts';
import { contentTypes, noProtection } from '../../tls-server/protection.ts';
import type { Session } from '../../tls-server/session.ts';
import { accepted, broken, type Misbehaviour } from './misbehaviour.ts';

const { alert, changeCipherSpec, data, handshake } = contentTypes;
const versions = ['TLSv1.2', 'TLSv1.3'] as const;

/** Does these things once the handshake is over. */
const then = (
  version: Conduct['version'],
  actions: (session: Session) => readonly Action[],
): Conduct => ({
  version,
  afterwards(session) {
    for (const action of actions(session)) session.perform(action);
    session.flush();
  },
});

const bye: readonly Action[] = [sendAlert(0), { kind: 'end' }];
const text = sendRecord(data, Buffer.from('text'));

const inEither: readonly Misbehaviour[] = versions.flatMap((version) => [
  accepted(
    `${version}: says something and goodbye`,
    then(version, () => [text, ...bye]),
  ),
  accepted(
    `${version}: sends garbage after its goodbye`,
    then(version, () => [text, sendAlert(0), sendRaw(Buffer.alloc(50, 0xee)), { kind: 'end' }]),
  ),
  broken(
    `${version}: ends without goodbye`,
    then(version, () => [text, { kind: 'end' }]),
    [],
    { alert: null, nodeDiffers: 'node:tls takes the end of TCP for a goodbye' },
  ),
  broken(
    `${version}: sends text in the clear`,
    then(version, () => [sendRaw(noProtection.seal({ type: data, bytes: Buffer.from('text') }))]),
    ['badRecordMac', 'decodeError'],
  ),
  broken(
    `${version}: sends long text in the clear`,
    then(version, () => [sendRaw(noProtection.seal({ type: data, bytes: Buffer.alloc(400, 65) }))]),
    ['badRecordMac'],
  ),
  broken(
    `${version}: sends an alert in the clear`,
    then(version, () => [sendRaw(noProtection.seal({ type: alert, bytes: Buffer.of(1, 0) }))]),
    ['badRecordMac', 'unexpectedMessage', 'decodeError'],
  ),
  broken(
    `${version}: spoils a record`,
    then(version, (session) => [
      sendRaw(flipped(session.write.seal({ type: data, bytes: Buffer.from('text') }), 20, 1)),
    ]),
    ['badRecordMac'],
  ),
  broken(
    `${version}: repeats a record`,
    then(version, (session) => {
      const sealed = session.write.seal({ type: data, bytes: Buffer.from('text') });
      return [sendRaw(sealed), sendRaw(sealed)];
    }),
    ['badRecordMac'],
  ),
  broken(
    `${version}: leaves out a record`,
    then(version, (session) => {
      session.write.seal({ type: data, bytes: Buffer.from('text') });
      return [text];
    }),
    ['badRecordMac'],
  ),
  broken(
    `${version}: sends change_cipher_spec`,
    then(version, () => [sendRecord(changeCipherSpec, uint8(1))]),
    ['unexpectedMessage', 'badRecordMac', 'decodeError'],
    version === 'TLSv1.3' ? { nodeDiffers: 'OpenSSL passes over change_cipher_spec' } : {},
  ),
  broken(
    `${version}: sends a heartbeat`,
    then(version, () => [sendRecord(24, Buffer.of(1, 0, 0))]),
    ['unexpectedMessage'],
  ),
  broken(
    `${version}: sends an alert of its own trouble`,
    then(version, () => [sendAlert(80)]),
    [],
    { alert: null },
  ),
  broken(
    `${version}: says that it wants a certificate`,
    then(version, () => [sendAlert(116)]),
    [],
    { alert: null, codes: ['TLS-03'] },
  ),
  broken(
    `${version}: sends a record too long`,
    then(version, () => [sendRecord(data, Buffer.alloc(16_385))]),
    ['recordOverflow'],
  ),
  ...(
    ['ServerHello', 'Certificate', 'CertificateVerify', 'Finished', 'EndOfEarlyData'] as const
  ).map((name) =>
    broken(
      `${version}: sends ${name} again`,
      then(version, () => [sendMessage(message(name, Buffer.alloc(36, 1)))]),
      ['unexpectedMessage'],
    ),
  ),
  broken(
    `${version}: breaks into a message with text`,
    then(version, () => [sendRecord(handshake, Buffer.of(4, 0, 0, 90, 1)), text]),
    ['unexpectedMessage'],
  ),
  broken(
    `${version}: asks for a certificate once more`,
    then(version, () => [
      sendMessage(
        message(
          'CertificateRequest',
          vector(1, Buffer.of(1, 2, 3)),
          extensionList([extension(13, vector(2, Buffer.of(4, 3)))]),
        ),
      ),
    ]),
    ['unexpectedMessage'],
  ),
]);

const renewing = (body: Buffer): Conduct =>
  then('TLSv1.3', () => [sendMessage(message('KeyUpdate', body))]);

const in12: readonly Misbehaviour[] = [
  broken(
    'TLSv1.2: changes keys as TLS 1.3 does',
    then('TLSv1.2', () => [sendMessage(message('KeyUpdate', uint8(0)))]),
    ['unexpectedMessage'],
  ),
  accepted(
    'TLSv1.2: asks once for a renegotiation, and goes on without',
    then('TLSv1.2', () => [sendMessage(message('HelloRequest')), text, ...bye]),
  ),
  broken(
    'TLSv1.2: sends a ticket nobody asked for',
    then('TLSv1.2', () => [
      sendMessage(message('NewSessionTicket', Buffer.alloc(4), vector(2, Buffer.alloc(8)))),
    ]),
    ['unexpectedMessage'],
  ),
];

const in13: readonly Misbehaviour[] = [
  accepted(
    'TLSv1.3: changes keys, and goes on',
    then('TLSv1.3', (session) => {
      session.perform(sendMessage(message('KeyUpdate', uint8(0))));
      session.changeKeys();
      return [text, ...bye];
    }),
  ),
  broken('TLSv1.3: changes keys in no known way', renewing(uint8(2)), ['illegalParameter']),
  broken('TLSv1.3: changes keys with an octet too many', renewing(Buffer.of(0, 0)), [
    'decodeError',
  ]),
  broken('TLSv1.3: changes keys with an octet too few', renewing(Buffer.alloc(0)), ['decodeError']),
  broken(
    'TLSv1.3: says that keys change, and keeps them',
    then('TLSv1.3', () => [sendMessage(message('KeyUpdate', uint8(0))), text]),
    ['badRecordMac'],
  ),
  broken(
    'TLSv1.3: changes keys without saying so',
    then('TLSv1.3', (session) => {
      session.changeKeys();
      return [text];
    }),
    ['badRecordMac'],
  ),
  broken(
    'TLSv1.3: changes keys in the middle of a record',
    then('TLSv1.3', () => [
      sendMessage(Buffer.concat([message('KeyUpdate', uint8(0)), message('KeyUpdate', uint8(0))])),
    ]),
    ['unexpectedMessage'],
  ),
  broken(
    'TLSv1.3: sends a ticket that is cut short',
    then('TLSv1.3', () => [sendMessage(message('NewSessionTicket', Buffer.alloc(5)))]),
    ['decodeError'],
  ),
  broken(
    'TLSv1.3: asks for a renegotiation',
    then('TLSv1.3', () => [sendMessage(message('HelloRequest'))]),
    ['unexpectedMessage'],
  ),
];

/** What a server may and may not do once the handshake is over. */
export const afterwards: readonly Misbehaviour[] = [...inEither, ...in12, ...in13];
