import { describe, expect, it } from 'vitest';
import { alerts } from './failure.ts';
import { type GroupName, groupCodes, newKeyShare } from './key-exchange.ts';

const lengths: Readonly<Record<GroupName, [number, number]>> = {
  x25519: [32, 32],
  secp256r1: [65, 32],
  secp384r1: [97, 48],
  secp521r1: [133, 66],
};
const groups = Object.keys(groupCodes) as GroupName[];

describe.each(groups)('a key share of %s', (group) => {
  const [publicBytes, secretBytes] = lengths[group];

  it('agrees with another on one secret', () => {
    const [one, two] = [newKeyShare(group), newKeyShare(group)];
    expect(one.publicKey).toHaveLength(publicBytes);
    const secret = one.agree(two.publicKey);
    expect(secret).toHaveLength(secretBytes);
    expect(two.agree(one.publicKey)).toEqual(secret);
    expect(one.agree(newKeyShare(group).publicKey)).not.toEqual(secret);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(publicBytes)],
    ['one octet less', newKeyShare(group).publicKey.subarray(1)],
    ['one octet more', Buffer.concat([newKeyShare(group).publicKey, Buffer.of(0)])],
  ])('refuses %s', (_what, peer) => {
    expect(() => newKeyShare(group).agree(peer)).toThrow(
      expect.objectContaining({ alert: alerts.illegalParameter }),
    );
  });
});

describe.each(groups.filter((group) => group !== 'x25519'))('a point of %s', (group) => {
  const [publicBytes] = lengths[group];

  it('must lie on the curve', () => {
    const stray = Buffer.concat([Buffer.of(4), Buffer.alloc(publicBytes - 1, 1)]);
    expect(() => newKeyShare(group).agree(stray)).toThrow('unusable key');
  });

  it('must not be compressed', () => {
    const peer = newKeyShare(group).publicKey;
    const compressed = peer.subarray(0, 1 + (publicBytes - 1) / 2);
    compressed[0] = 2;
    expect(() => newKeyShare(group).agree(compressed)).toThrow('unusable key');
  });
});
