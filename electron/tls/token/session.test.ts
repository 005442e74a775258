import { describe, expect, it } from 'vitest';
import { type SessionPair, sessionPair } from '../../../test/tls-session-pair.ts';
import { messageTypes } from './channel.ts';
import { AlertReceived, alerts, TlsFailure, WireEnded } from './failure.ts';
import { nextTrafficSecret, trafficKeys } from './key-schedule.ts';
import { contentTypes, Protection13 } from './record-protection.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;

function says({ server }: SessionPair, type: number, content: string | Buffer): void {
  server.records.write(type, Buffer.from(content));
  server.records.flush();
}

function sends({ server }: SessionPair, type: number, body: Buffer): void {
  server.channel.writeMessage(type, body);
  server.records.flush();
}

/** The server goes on to its next writing key. */
function serverRenews({ server, suite, secrets }: SessionPair, times = 1): void {
  let secret = secrets.server;
  for (let count = 0; count < times; count++) secret = nextTrafficSecret(suite.hash, secret);
  server.records.protectWriting(new Protection13(trafficKeys(suite, secret)));
}

async function failureOf(pair: SessionPair): Promise<unknown> {
  try {
    for (;;) if ((await pair.session.read()) === null) return 'closed';
  } catch (error) {
    return error;
  }
}

const data = contentTypes.applicationData;
const keyUpdate = (asks: 0 | 1) => Buffer.of(asks);

describe.each(versions)('a session over %s', (version) => {
  it('carries data both ways, in records of any size', async () => {
    const pair = sessionPair(version);
    says(pair, data, 'x'.repeat(40_000));
    let heard = 0;
    while (heard < 40_000) heard += (await pair.session.read())?.length ?? 0;
    pair.session.write(Buffer.from('y'.repeat(20_000)));
    pair.client.records.flush();
    const first = await pair.server.channel.read();
    expect(first).toMatchObject({ kind: 'data' });
    expect(first.kind === 'data' && first.bytes.length).toBe(16_384);
  });

  it('tells at once all that has arrived, and no more', async () => {
    const pair = sessionPair(version);
    for (const word of ['one', 'two']) pair.server.records.write(data, Buffer.from(word));
    pair.server.records.flush();
    expect(String(await pair.session.read())).toBe('one');
    expect(String(await pair.session.readArrived())).toBe('two');
    expect(await pair.session.readArrived()).toBeUndefined();
    pair.server.records.write(data, Buffer.from('three'));
    pair.server.channel.sendAlert(alerts.closeNotify);
    expect(String(await pair.session.read())).toBe('three');
    expect(await pair.session.readArrived()).toBeNull();
  });

  it('ends in order with close_notify, and not without', async () => {
    const closed = sessionPair(version);
    closed.server.channel.sendAlert(alerts.closeNotify);
    expect(await closed.session.read()).toBeNull();
    const cut = sessionPair(version);
    cut.cut();
    await expect(cut.session.read()).rejects.toBeInstanceOf(WireEnded);
  });

  it('ends with the server’s alert', async () => {
    const pair = sessionPair(version);
    pair.server.channel.sendAlert(alerts.internalError);
    expect(await failureOf(pair)).toEqual(new AlertReceived(alerts.internalError));
  });

  it('passes over empty records, but not for ever', async () => {
    const pair = sessionPair(version);
    for (let count = 0; count < 32; count++) says(pair, data, '');
    says(pair, data, 'word');
    expect(String(await pair.session.read())).toBe('word');
    for (let count = 0; count < 33; count++) says(pair, data, '');
    expect(await failureOf(pair)).toMatchObject({ alert: alerts.unexpectedMessage });
  });

  it.each([
    ['a handshake message of no use', contentTypes.handshake, '0b000000'],
    ['a change_cipher_spec', contentTypes.changeCipherSpec, '01'],
    ['an alert of one octet', contentTypes.alert, '01'],
    ['an alert of three octets', contentTypes.alert, '010000'],
    ['an alert of no known level', contentTypes.alert, '0300'],
    ['an empty alert', contentTypes.alert, ''],
    ['an empty handshake record', contentTypes.handshake, ''],
    ['a message too long', contentTypes.handshake, '04004001'],
  ])('refuses %s', async (_what, type, hex) => {
    const pair = sessionPair(version);
    says(pair, type, Buffer.from(hex, 'hex'));
    expect(await failureOf(pair)).toBeInstanceOf(TlsFailure);
  });

  it('refuses data in the middle of a message', async () => {
    const pair = sessionPair(version);
    says(pair, contentTypes.handshake, Buffer.from('0400', 'hex'));
    says(pair, data, 'word');
    expect(await failureOf(pair)).toMatchObject({ alert: alerts.unexpectedMessage });
  });
});

describe('a session over TLS 1.2', () => {
  it('answers a HelloRequest with no_renegotiation and goes on', async () => {
    const pair = sessionPair('TLSv1.2');
    sends(pair, messageTypes.helloRequest, Buffer.alloc(0));
    says(pair, data, 'word');
    expect(String(await pair.session.read())).toBe('word');
    expect(pair.client.channel.alertSent).toBe(alerts.noRenegotiation);
  });

  it('does not answer HelloRequests without end', async () => {
    const pair = sessionPair('TLSv1.2');
    for (let count = 0; count < 33; count++) {
      sends(pair, messageTypes.helloRequest, Buffer.alloc(0));
    }
    expect(await failureOf(pair)).toMatchObject({ alert: alerts.unexpectedMessage });
  });

  it('passes over a few warnings', async () => {
    const pair = sessionPair('TLSv1.2');
    for (let count = 0; count < 4; count++) says(pair, contentTypes.alert, Buffer.of(1, 112));
    says(pair, data, 'word');
    expect(String(await pair.session.read())).toBe('word');
    says(pair, contentTypes.alert, Buffer.of(1, 112));
    expect(await failureOf(pair)).toMatchObject({ alert: alerts.decodeError });
  });

  it('writes no more than one key may protect', () => {
    const { session } = sessionPair('TLSv1.2', 2);
    session.write(Buffer.from('one'));
    session.write(Buffer.from('two'));
    expect(() => session.write(Buffer.from('three'))).toThrow('too much');
  });
});

describe('a session over TLS 1.3', () => {
  it('follows the server to new keys', async () => {
    const pair = sessionPair('TLSv1.3');
    for (let times = 1; times <= 3; times++) {
      sends(pair, messageTypes.keyUpdate, keyUpdate(0));
      serverRenews(pair, times);
      says(pair, data, `word ${times}`);
      expect(String(await pair.session.read())).toBe(`word ${times}`);
    }
  });

  it('answers requests for new keys once until it writes', async () => {
    const pair = sessionPair('TLSv1.3');
    for (let times = 1; times <= 3; times++) {
      sends(pair, messageTypes.keyUpdate, keyUpdate(1));
      serverRenews(pair, times);
    }
    says(pair, data, 'word');
    await pair.session.read();
    const answer = await pair.server.channel.readMessage();
    expect([answer.type, ...answer.body]).toEqual([messageTypes.keyUpdate, 0]);
    const { server, suite, secrets } = pair;
    const next = nextTrafficSecret(suite.hash, secrets.client);
    server.channel.protectReading(new Protection13(trafficKeys(suite, next)));
    pair.session.write(Buffer.from('answer'));
    pair.client.records.flush();
    expect(await server.channel.read()).toEqual({ kind: 'data', bytes: Buffer.from('answer') });
  });

  it('renews its own key in time', async () => {
    const pair = sessionPair('TLSv1.3', 2);
    for (const word of ['one', 'two', 'three']) pair.session.write(Buffer.from(word));
    pair.client.records.flush();
    const { server, suite, secrets } = pair;
    await server.channel.read();
    await server.channel.read();
    expect((await server.channel.readMessage()).type).toBe(messageTypes.keyUpdate);
    const next = nextTrafficSecret(suite.hash, secrets.client);
    server.channel.protectReading(new Protection13(trafficKeys(suite, next)));
    expect(await server.channel.read()).toEqual({ kind: 'data', bytes: Buffer.from('three') });
  });

  it('does not change keys without end', async () => {
    const pair = sessionPair('TLSv1.3');
    for (let times = 1; times <= 33; times++) {
      sends(pair, messageTypes.keyUpdate, keyUpdate(0));
      serverRenews(pair, times);
    }
    expect(await failureOf(pair)).toMatchObject({ alert: alerts.unexpectedMessage });
  });

  it.each([
    ['of no known kind', '02'],
    ['without content', ''],
    ['with something behind it', '0000'],
  ])('refuses a KeyUpdate %s', async (_what, hex) => {
    const pair = sessionPair('TLSv1.3');
    sends(pair, messageTypes.keyUpdate, Buffer.from(hex, 'hex'));
    expect(await failureOf(pair)).toBeInstanceOf(TlsFailure);
  });

  it('refuses a message in the record of a KeyUpdate', async () => {
    const pair = sessionPair('TLSv1.3');
    says(pair, contentTypes.handshake, Buffer.from('1800000100180000', 'hex'));
    expect(await failureOf(pair)).toMatchObject({ alert: alerts.unexpectedMessage });
  });

  it('passes over tickets, whole ones only', async () => {
    const pair = sessionPair('TLSv1.3');
    const ticket = Buffer.from('00000e1000000000' + '0100' + '0002abcd' + '0000', 'hex');
    sends(pair, messageTypes.newSessionTicket, ticket);
    says(pair, data, 'word');
    expect(String(await pair.session.read())).toBe('word');
    sends(pair, messageTypes.newSessionTicket, ticket.subarray(0, -1));
    expect(await failureOf(pair)).toMatchObject({ alert: alerts.decodeError });
  });

  it('refuses a known extension that has no place in a ticket (RFC 8446 §4.2)', async () => {
    const pair = sessionPair('TLSv1.3');
    const ticket = '00000e1000000000' + '0100' + '0002abcd' + '0004' + '002b0000';
    sends(pair, messageTypes.newSessionTicket, Buffer.from(ticket, 'hex'));
    expect(await failureOf(pair)).toMatchObject({ alert: alerts.illegalParameter });
  });

  it('refuses a goodbye in the middle of a message (RFC 8446 §5.1)', async () => {
    const pair = sessionPair('TLSv1.3');
    says(pair, contentTypes.handshake, Buffer.from('0400', 'hex'));
    pair.server.channel.sendAlert(alerts.closeNotify);
    expect(await failureOf(pair)).toMatchObject({ alert: alerts.unexpectedMessage });
  });

  it('reads on after its own goodbye, and says nothing more (RFC 8446 §6.1)', async () => {
    const pair = sessionPair('TLSv1.3');
    pair.client.channel.sendAlert(alerts.closeNotify);
    expect(await pair.server.channel.read()).toEqual({ kind: 'closed' });
    sends(pair, messageTypes.keyUpdate, keyUpdate(1));
    serverRenews(pair);
    says(pair, data, 'word');
    expect(String(await pair.session.read())).toBe('word');
    expect(pair.server.records.ready).toBe(false);
    pair.client.channel.sendAlert(alerts.internalError);
    expect(pair.client.channel.alertSent).toBe(alerts.closeNotify);
    expect(await Promise.race([pair.server.channel.read(), 'silence'])).toBe('silence');
  });

  it('refuses authentication after the handshake, which was not offered', async () => {
    const pair = sessionPair('TLSv1.3');
    sends(pair, messageTypes.certificateRequest, Buffer.alloc(8));
    expect(await failureOf(pair)).toMatchObject({ alert: alerts.unexpectedMessage });
  });

  it.each([24, 99])('refuses an encrypted record of type %i', async (type) => {
    const pair = sessionPair('TLSv1.3');
    says(pair, type, Buffer.from('0b000000', 'hex'));
    expect(await failureOf(pair)).toMatchObject({ alert: alerts.unexpectedMessage });
  });

  it('refuses a warning in the middle of a message (RFC 8446 §5.1)', async () => {
    const pair = sessionPair('TLSv1.3');
    says(pair, contentTypes.handshake, Buffer.from('0400', 'hex'));
    says(pair, contentTypes.alert, Buffer.of(1, alerts.userCanceled));
    expect(await failureOf(pair)).toMatchObject({ alert: alerts.unexpectedMessage });
  });

  it('takes every alert but two as the end, whatever its level', async () => {
    const pair = sessionPair('TLSv1.3');
    says(pair, contentTypes.alert, Buffer.of(1, alerts.userCanceled));
    says(pair, contentTypes.alert, Buffer.of(1, 116));
    expect(await failureOf(pair)).toEqual(new AlertReceived(116));
  });
});
