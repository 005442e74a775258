import { at, type Conduct, honestly, sendRecord } from '../../tls-server/conduct.ts';
import { contentTypes } from '../../tls-server/protection.ts';
import { type Misbehaviour, refused } from './misbehaviour.ts';

const { alert, data, handshake } = contentTypes;

/** Puts a record before a message. */
export const before = (
  version: Conduct['version'],
  name: Parameters<typeof at>[0],
  type: number,
  bytes: Buffer,
): Conduct => ({
  version,
  outgoing: at(name, (due) => [sendRecord(type, bytes), honestly(due)]),
});

/** What stands wrongly between two messages, in either version. */
export const strays: readonly Misbehaviour[] = (
  [
    ['application data', data, Buffer.from('data'), ['unexpectedMessage']],
    ['a record of a type nobody knows', 99, Buffer.from('data'), ['unexpectedMessage']],
    ['a heartbeat', 24, Buffer.of(1, 0, 0), ['unexpectedMessage']],
    ['a record of no octets', handshake, Buffer.alloc(0), ['unexpectedMessage', 'decodeError']],
    ['an alert of no octets', alert, Buffer.alloc(0), ['unexpectedMessage', 'decodeError']],
    ['an alert of one octet', alert, Buffer.of(1), ['decodeError', 'unexpectedMessage']],
    [
      'two alerts in a record',
      alert,
      Buffer.of(1, 90, 1, 90),
      ['decodeError', 'unexpectedMessage'],
    ],
    ['an alert of no known level', alert, Buffer.of(3, 90), ['illegalParameter', 'decodeError']],
  ] as const
).flatMap(([name, type, bytes, alerts]) =>
  (['TLSv1.2', 'TLSv1.3'] as const).map((version) =>
    refused(
      `${version}: puts ${name} before its Certificate`,
      before(version, 'Certificate', type, bytes),
      alerts,
      {
        codes: ['TLS-01', 'NET-04'],
        ...(type === alert || bytes.length === 0
          ? { nodeDiffers: 'OpenSSL reads alerts and empty records its own way' }
          : {}),
      },
    ),
  ),
);
