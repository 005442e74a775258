import { describe, expect, it } from 'vitest';
import { alerts } from './failure.ts';
import {
  contentTypes,
  longestContent,
  type Protection,
  Protection12,
  Protection13,
  recordHeader,
} from './record-protection.ts';

const key = () => Buffer.alloc(16, 1);
const content = Buffer.from('content');
const plain = { type: contentTypes.applicationData, content };
const make12 = () => new Protection12({ key: key(), salt: Buffer.alloc(4, 2) });
const make13 = () => new Protection13({ key: key(), iv: Buffer.alloc(12, 3) });
const variants: readonly [string, () => Protection][] = [
  ['TLS 1.2', make12],
  ['TLS 1.3', make13],
];
const open = (protection: Protection, record: Buffer) =>
  protection.open(record.subarray(0, 5), record.subarray(5));
const wrongChecksum = expect.objectContaining({ alert: alerts.badRecordMac });

describe.each(variants)('the record protection of %s', (_version, make) => {
  it('opens what the other side sealed, in order', () => {
    const [sealing, opening] = [make(), make()];
    for (let count = 0; count < 3; count++) {
      expect(open(opening, sealing.seal(plain))).toEqual(plain);
    }
    expect([sealing.count, opening.count]).toEqual([3, 3]);
  });

  it('never seals twice alike', () => {
    const protection = make();
    const records = [0, 1, 2].map(() => protection.seal(plain).toString('hex'));
    expect(new Set(records).size).toBe(3);
  });

  it('refuses records left out, replayed or out of order', () => {
    const sealing = make();
    const [first, second] = [sealing.seal(plain), sealing.seal(plain)];
    expect(() => open(make(), second)).toThrow(wrongChecksum);
    const opening = make();
    open(opening, first);
    expect(() => open(opening, first)).toThrow(wrongChecksum);
  });

  it('refuses a record of another type or with any bit of its fragment flipped', () => {
    const record = make().seal(plain);
    const places = [0, ...Array.from({ length: record.length - 5 }, (_, index) => 5 + index)];
    for (const at of places) {
      const spoilt = Buffer.from(record);
      spoilt.writeUInt8(spoilt.readUInt8(at) ^ 1, at);
      expect(() => open(make(), spoilt)).toThrow();
    }
  });

  it('refuses a record without room for the checksum', () => {
    for (let length = 0; length < 16; length++) {
      const record = recordHeader(contentTypes.applicationData, 0x0303, length);
      expect(() => make().open(record, Buffer.alloc(length))).toThrow(wrongChecksum);
    }
  });

  it('refuses more content than a record may carry', () => {
    const full = { ...plain, content: Buffer.alloc(longestContent) };
    expect(open(make(), make().seal(full)).content).toHaveLength(longestContent);
    const over = { ...plain, content: Buffer.alloc(longestContent + 1) };
    expect(() => open(make(), make().seal(over))).toThrow(
      expect.objectContaining({ alert: alerts.recordOverflow }),
    );
  });

  it('keeps no key once wiped', () => {
    const secret = key();
    const protection = new Protection13({ key: secret, iv: Buffer.alloc(12) });
    protection.wipe();
    expect(secret).toEqual(Buffer.alloc(16));
  });
});

describe('a record of TLS 1.3', () => {
  it('hides its type and may be padded', () => {
    const padded = Buffer.concat([content, Buffer.of(contentTypes.alert), Buffer.alloc(100)]);
    const [type, inner] = [contentTypes.alert, content];
    // Sealing adds a type of its own: padding stands for what is behind the true one.
    const record = make13().seal({ type: 0, content: padded });
    expect(record[0]).toBe(contentTypes.applicationData);
    expect(open(make13(), record)).toEqual({ type, content: inner });
  });

  it.each([
    ['padding only', 0, Buffer.alloc(10)],
    ['nothing', 0, Buffer.alloc(0)],
    ['a change_cipher_spec', contentTypes.changeCipherSpec, Buffer.of(1)],
  ])('may not hold %s', (_what, type, inner) => {
    expect(() => open(make13(), make13().seal({ type, content: inner }))).toThrow(
      expect.objectContaining({ alert: alerts.unexpectedMessage }),
    );
  });

  it('must be encrypted', () => {
    const header = recordHeader(contentTypes.handshake, 0x0303, 40);
    expect(() => make13().open(header, Buffer.alloc(40))).toThrow('not encrypted');
  });
});
