import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { alerts, WireEnded } from './failure.ts';
import { RecordLayer } from './record-layer.ts';
import { contentTypes, Protection13 } from './record-protection.ts';

/** A record layer that is given these octets, in chunks of this size. */
function given(hex: string, chunkBytes = 1000) {
  const wire = new PassThrough();
  const sent: Buffer[] = [];
  const chunks: AsyncIterator<Buffer> = wire.iterator({ destroyOnReturn: false });
  const records = new RecordLayer(chunks, (bytes) => sent.push(bytes));
  const bytes = Buffer.from(hex, 'hex');
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    wire.write(bytes.subarray(at, at + chunkBytes));
  }
  wire.end();
  return { records, sent };
}

const protection = () => new Protection13({ key: Buffer.alloc(16, 1), iv: Buffer.alloc(12, 2) });

describe('a record layer whose keys were zeroed', () => {
  it('neither reads nor writes, so that nothing leaves under a key of zeros', async () => {
    const { records, sent } = given('160303000101' + '160303000102');
    await records.read();
    records.protectWriting(protection());
    records.write(contentTypes.handshake, Buffer.from('queued'));
    records.wipe();
    expect(() => records.write(contentTypes.handshake, Buffer.from('late'))).toThrow(WireEnded);
    records.flush();
    expect(sent).toEqual([]);
    await expect(records.read()).rejects.toBeInstanceOf(WireEnded);
  });
});

describe('reading records', () => {
  it.each([1, 2, 3, 7, 1000])('puts together what comes in chunks of %i', async (size) => {
    const { records } = given('160301000301020316030300020405' + '170303000100', size);
    expect(records.firstByte).toBeNull();
    const read = [await records.read(), await records.read(), await records.read()];
    expect(read.map(({ type, content }) => [type, content.toString('hex')])).toEqual([
      [22, '010203'],
      [22, '0405'],
      [23, '00'],
    ]);
    expect(records.firstByte).toBe(0x16);
    await expect(records.read()).rejects.toBeInstanceOf(WireEnded);
  });

  it.each([
    ['of an unknown type', '1803030001', alerts.unexpectedMessage],
    ['of SSL 2', '802e010002', alerts.unexpectedMessage],
    ['of a version that was never one', '1604030001', alerts.decodeError],
    ['longer than one may be', '1603034001', alerts.recordOverflow],
  ])('refuses a record %s before reading on', async (_what, hex, alert) => {
    await expect(given(hex).records.read()).rejects.toMatchObject({ alert });
  });

  it('wants version 3.3 once both have agreed', async () => {
    const { records } = given('160301000100');
    records.agreeOnVersion();
    await expect(records.read()).rejects.toMatchObject({ alert: alerts.decodeError });
  });

  it('lets encrypted records be a little longer, and refuses the rest', async () => {
    const { records } = given('1703034101');
    records.protectReading(protection());
    await expect(records.read()).rejects.toMatchObject({ alert: alerts.recordOverflow });
  });

  it.each(['', '16', '160303', '1603030005', '160303000501'])(
    'says that the wire ended after %j',
    async (hex) => {
      await expect(given(hex).records.read()).rejects.toBeInstanceOf(WireEnded);
    },
  );

  it('lets change_cipher_spec alone pass in the clear once TLS 1.3 encrypts', async () => {
    const { records } = given('140303000101' + '150303000101');
    records.protectReading(protection());
    expect((await records.read()).type).toBe(contentTypes.changeCipherSpec);
    await expect(records.read()).rejects.toMatchObject({ alert: alerts.unexpectedMessage });
  });
});

describe('writing records', () => {
  it('sends nothing before it is flushed, and then all at once', () => {
    const { records, sent } = given('');
    records.write(contentTypes.handshake, Buffer.of(1));
    records.writeChangeCipherSpec();
    records.write(contentTypes.handshake, Buffer.of(2));
    expect(sent).toEqual([]);
    records.flush();
    records.flush();
    expect(sent.map((bytes) => bytes.toString('hex'))).toEqual([
      // RFC 8446 §5.1: version 3.1 in front of the first ClientHello only.
      '160301000101' + '140303000101' + '160303000102',
    ]);
  });

  it('cuts what is longer than a record', () => {
    const { records, sent } = given('');
    records.write(contentTypes.applicationData, Buffer.alloc(40_000));
    records.flush();
    const lengths = [0, 16_389, 32_778].map((at) => sent[0]?.readUInt16BE(at + 3));
    expect(lengths).toEqual([16_384, 16_384, 7232]);
  });

  it('counts the records under each key', () => {
    const { records } = given('');
    records.protectWriting(protection());
    records.write(contentTypes.applicationData, Buffer.alloc(20_000));
    expect(records.written).toBe(2);
    records.protectWriting(protection());
    expect(records.written).toBe(0);
  });
});
