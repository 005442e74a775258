import { setImmediate, setTimeout } from 'node:timers/promises';
import { uint24 } from '../../tls-server/bytes.ts';
import {
  type Action,
  type Conduct,
  honestly,
  type Outgoing,
  sendAlert,
  sendRaw,
  sendRecord,
} from '../../tls-server/conduct.ts';
import { message } from '../../tls-server/messages.ts';
import { contentTypes, record } from '../../tls-server/protection.ts';
import type { Session } from '../../tls-server/session.ts';
import type { Misbehaviour } from './misbehaviour.ts';

/** A client that has not had enough by then never will. */
const mostRounds = 2000;
const tlsMs = 2000;
const unlikeNode = { nodeDiffers: 'node:tls has limits of its own, or none' };
const ended = ['TLS-01', 'TLS-04', 'NET-04'];

/** Does the same over and over until the client is gone. */
async function flood(session: Session, act: () => void): Promise<void> {
  for (let round = 0; round < mostRounds; round++) {
    act();
    if (round % 8 !== 7) continue;
    if (!(await session.drained())) return;
    await setImmediate();
  }
}

/** The handshake stops before a message, and there the flood begins. */
function inPlaceOf(
  version: Conduct['version'],
  name: Outgoing['name'],
  action: (session: Session) => Action,
): Conduct {
  let flooding = false;
  return {
    version,
    outgoing(due, session) {
      if (due.name === 'ServerHello') flooding = false;
      if (flooding) return [];
      if (due.name !== name) return [honestly(due)];
      flooding = true;
      void flood(session, () => session.perform(action(session)));
      return [];
    },
  };
}

const inHandshake = (
  name: string,
  conduct: Conduct,
  more: Partial<Misbehaviour> = {},
): Misbehaviour => ({
  name,
  conduct,
  verdict: 'refused',
  codes: ended,
  tlsMs,
  ...unlikeNode,
  ...more,
});

const after = (
  name: string,
  version: Conduct['version'],
  act: (session: Session) => void,
  more: Partial<Misbehaviour> = {},
): Misbehaviour => ({
  name: `${version}: ${name}, after the handshake`,
  conduct: { version, afterwards: (session) => flood(session, () => act(session)) },
  verdict: 'broken',
  codes: ['NET-04'],
  ...unlikeNode,
  ...more,
});

const { handshake, changeCipherSpec, data } = contentTypes;
const filling = Buffer.alloc(16_000);
const helloRequest = message('HelloRequest');
const emptyRecord = sendRecord(data, Buffer.alloc(0));

/** Now and then an octet of a message that never ends. */
function dripping(version: Conduct['version']): Conduct {
  const begin = (session: Session): void => {
    void (async () => {
      session.perform(sendRaw(record(handshake, Buffer.concat([Buffer.of(11), uint24(60_000)]))));
      for (let octet = 0; octet < 4000; octet++) {
        session.perform(sendRaw(record(handshake, Buffer.of(0))));
        if (!(await session.drained())) return;
        await setTimeout(5);
      }
    })();
  };
  let begun = false;
  return {
    version,
    outgoing(due, session) {
      if (due.name === 'ServerHello') {
        begun = false;
        if (version === 'TLSv1.2') return [honestly(due)];
      }
      if (!begun) begin(session);
      begun = true;
      return [];
    },
  };
}

function updateKeys(session: Session): void {
  session.perform(sendRecord(handshake, message('KeyUpdate', Buffer.of(1))));
  session.changeKeys();
}

/** Servers that never come to an end. */
export const endless: readonly Misbehaviour[] = [
  ...(['TLSv1.2', 'TLSv1.3'] as const).flatMap((version) => [
    inHandshake(`${version}: empty records for ever, before ServerHello`, {
      ...inPlaceOf(version, 'ServerHello', () => sendRecord(handshake, Buffer.alloc(0))),
    }),
    inHandshake(
      `${version}: warnings for ever, before ServerHello`,
      inPlaceOf(version, 'ServerHello', () => sendAlert(90, 1)),
    ),
    inHandshake(
      `${version}: warnings for ever, before Certificate`,
      inPlaceOf(version, 'Certificate', () => sendAlert(90, 1)),
    ),
    inHandshake(
      `${version}: HelloRequest for ever`,
      inPlaceOf(version, 'ServerHello', () => sendRecord(handshake, helloRequest)),
    ),
    inHandshake(
      `${version}: a Certificate without end`,
      inPlaceOf(version, 'Certificate', () =>
        sendRecord(handshake, Buffer.concat([Buffer.of(11), uint24(0xff_ff_ff), filling])),
      ),
    ),
    inHandshake(`${version}: an octet now and then`, dripping(version), {
      tlsMs: 400,
      codes: ['TLS-04', 'TLS-01'],
    }),
    after('empty records for ever', version, (session) => session.perform(emptyRecord)),
    after('warnings for ever', version, (session) => session.perform(sendAlert(90, 1))),
  ]),
  inHandshake(
    'TLSv1.3: change_cipher_spec for ever',
    inPlaceOf('TLSv1.3', 'EncryptedExtensions', () => sendRecord(changeCipherSpec, Buffer.of(1))),
  ),
  after('HelloRequest for ever', 'TLSv1.2', (session) =>
    session.perform(sendRecord(handshake, helloRequest)),
  ),
  after('KeyUpdate for ever', 'TLSv1.3', updateKeys),
  after('KeyUpdate and empty records for ever', 'TLSv1.3', (session) => {
    updateKeys(session);
    session.perform(emptyRecord);
  }),
  after('tickets for ever', 'TLSv1.3', (session) => session.perform(sendRecord(handshake, ticket))),
];

/** A NewSessionTicket (RFC 8446 §4.6.1) of an hour. */
const ticket = message(
  'NewSessionTicket',
  Buffer.from('00000e10', 'hex'),
  Buffer.from('00000001', 'hex'),
  Buffer.from('0101', 'hex'),
  Buffer.from('0008', 'hex'),
  Buffer.alloc(8, 5),
  Buffer.from('0000', 'hex'),
);
