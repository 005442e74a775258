import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Channel } from './channel.ts';
import { alerts, WireEnded } from './failure.ts';
import { RecordLayer } from './record-layer.ts';
import { contentTypes, recordHeader } from './record-protection.ts';

const { alert, applicationData, changeCipherSpec, handshake } = contentTypes;
type Sent = readonly [type: number, hex: string];

/** A channel in the middle of a handshake without protection, to which these records came. */
function given(version: 'TLSv1.2' | 'TLSv1.3', ...records: readonly Sent[]) {
  const wire = new PassThrough();
  const sent: Buffer[] = [];
  for (const [type, hex] of records) {
    const content = Buffer.from(hex, 'hex');
    wire.write(Buffer.concat([recordHeader(type, 0x0303, content.length), content]));
  }
  wire.end();
  const layer = new RecordLayer(wire.iterator({ destroyOnReturn: false }), (bytes) => {
    sent.push(bytes);
  });
  const channel = new Channel(layer);
  channel.agreeOnVersion(version);
  return { channel, sent };
}

const refusal = (name: keyof typeof alerts) => ({ alert: alerts[name] });

describe('messages of a handshake', () => {
  it('are put together from records of any size', async () => {
    const message = Buffer.concat([Buffer.from('0b000102', 'hex'), Buffer.alloc(0x102, 7)]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
        async (cuts) => {
          const both = Buffer.concat([message, message]);
          const records: Sent[] = [];
          for (let at = 0, turn = 0; at < both.length; turn++) {
            const size = cuts[turn % cuts.length] ?? 1;
            records.push([handshake, both.subarray(at, at + size).toString('hex')]);
            at += size;
          }
          const { channel } = given('TLSv1.3', ...records);
          for (let count = 0; count < 2; count++) {
            const { type, body, raw } = await channel.readMessage();
            expect([type, body.length, raw.equals(message)]).toEqual([11, 0x102, true]);
          }
          channel.requireBoundary();
          await expect(channel.readMessage()).rejects.toBeInstanceOf(WireEnded);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('are refused by their announced length, before they are there', async () => {
    const { channel } = given('TLSv1.3', [handshake, '0b019001']);
    await expect(channel.readMessage()).rejects.toMatchObject(refusal('illegalParameter'));
  });

  it('may not lie across a change of keys', async () => {
    const { channel } = given('TLSv1.3', [handshake, '0e000000' + '0b00']);
    await channel.readMessage();
    expect(() => channel.requireBoundary()).toThrow(
      expect.objectContaining(refusal('unexpectedMessage')),
    );
  });

  it.each<[string, 'TLSv1.2' | 'TLSv1.3', Sent, keyof typeof alerts]>([
    ['application data', 'TLSv1.2', [applicationData, '61'], 'unexpectedMessage'],
    ['empty application data', 'TLSv1.2', [applicationData, ''], 'unexpectedMessage'],
    ['empty application data', 'TLSv1.3', [applicationData, ''], 'unexpectedMessage'],
    ['an empty record', 'TLSv1.2', [handshake, ''], 'unexpectedMessage'],
    ['an early change_cipher_spec', 'TLSv1.2', [changeCipherSpec, '01'], 'unexpectedMessage'],
    ['a strange change_cipher_spec', 'TLSv1.3', [changeCipherSpec, '02'], 'unexpectedMessage'],
    ['a long change_cipher_spec', 'TLSv1.3', [changeCipherSpec, '0101'], 'unexpectedMessage'],
    ['half an alert', 'TLSv1.2', [alert, '01'], 'decodeError'],
    ['an alert of no known level', 'TLSv1.3', [alert, '0300'], 'illegalParameter'],
  ])('do not come with %s between them over %s', async (_what, version, record, name) => {
    const { channel } = given(version, record, [handshake, '0e000000']);
    await expect(channel.readMessage()).rejects.toMatchObject(refusal(name));
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'are not broken into by data over %s',
    async (version) => {
      for (const record of [
        [changeCipherSpec, '01'],
        [applicationData, ''],
      ] as const) {
        const { channel } = given(version, [handshake, '0e00'], record, [handshake, '0000']);
        await expect(channel.readMessage()).rejects.toMatchObject(refusal('unexpectedMessage'));
      }
    },
  );

  it('pass over change_cipher_spec in TLS 1.3, but not without end (RFC 8446 §5)', async () => {
    const spec: Sent = [changeCipherSpec, '01'];
    const few = given('TLSv1.3', ...Array<Sent>(32).fill(spec), [handshake, '0e000000']);
    expect((await few.channel.readMessage()).type).toBe(14);
    const many = given('TLSv1.3', ...Array<Sent>(33).fill(spec), [handshake, '0e000000']);
    await expect(many.channel.readMessage()).rejects.toMatchObject(refusal('unexpectedMessage'));
  });

  it('pass over a HelloRequest in TLS 1.2 a few times, and never in TLS 1.3', async () => {
    const ask: Sent = [handshake, '00000000'];
    const few = given('TLSv1.2', ask, ask, [handshake, '0e000000']);
    expect((await few.channel.readMessage()).type).toBe(14);
    const many = given('TLSv1.2', ask, ask, ask, ask, ask);
    await expect(many.channel.readMessage()).rejects.toMatchObject(refusal('decodeError'));
    expect((await given('TLSv1.3', ask).channel.readMessage()).type).toBe(0);
  });

  it('end early with a goodbye', async () => {
    const { channel } = given('TLSv1.2', [alert, '0100'], [handshake, '0e000000']);
    await expect(channel.readMessage()).rejects.toBeInstanceOf(WireEnded);
  });
});

describe('change_cipher_spec of TLS 1.2', () => {
  it('is read where it is due, and nothing else is', async () => {
    await given('TLSv1.2', [changeCipherSpec, '01']).channel.readChangeCipherSpec();
    for (const record of [
      [handshake, '14000000'],
      [applicationData, '61'],
    ] as const) {
      const { channel } = given('TLSv1.2', record);
      await expect(channel.readChangeCipherSpec()).rejects.toMatchObject(
        refusal('unexpectedMessage'),
      );
    }
    const closed = given('TLSv1.2', [alert, '0100']).channel;
    await expect(closed.readChangeCipherSpec()).rejects.toBeInstanceOf(WireEnded);
  });
});

describe('an alert of the client', () => {
  it('leaves at once and is the last thing that does', () => {
    const { channel, sent } = given('TLSv1.3');
    channel.sendAlert(alerts.decodeError);
    channel.sendAlert(alerts.closeNotify);
    channel.writeMessage(24, Buffer.of(0));
    expect(channel.alertSent).toBe(alerts.decodeError);
    expect(Buffer.concat(sent).subarray(5).toString('hex')).toBe('0232');
  });

  it('may be followed by others only where it says that nothing is renegotiated', () => {
    const { channel, sent } = given('TLSv1.2');
    channel.sendAlert(alerts.noRenegotiation);
    channel.sendAlert(alerts.closeNotify);
    expect(sent.map((record) => record.subarray(5).toString('hex'))).toEqual(['0164', '0100']);
  });
});

describe('a channel', () => {
  it('ends whatever comes in a message, an alert or an end', async () => {
    const record = fc.tuple(fc.constantFrom(20, 21, 22, 23), fc.uint8Array({ maxLength: 12 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { maxLength: 12 }),
        fc.constantFrom('TLSv1.2', 'TLSv1.3') as fc.Arbitrary<'TLSv1.2' | 'TLSv1.3'>,
        async (records, version) => {
          const sent = records.map(
            ([type, bytes]): Sent => [type, Buffer.from(bytes).toString('hex')],
          );
          const { channel } = given(version, ...sent);
          try {
            for (;;) await channel.readMessage();
          } catch (error) {
            expect(String(error)).toMatch(/^(TlsFailure|AlertReceived|WireEnded)/);
          }
        },
      ),
    );
  });
});
