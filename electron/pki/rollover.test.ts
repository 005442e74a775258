import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  caExtensions,
  certify,
  type Draft,
  ecKeys,
  extension,
  rsaKeys,
} from '../../test/certificate-draft.ts';
import { tags } from './der.ts';
import { element } from './der-writer.ts';
import { findNewRoots } from './rollover.ts';

const name = 'CN=Root,O=Works';
const at = new Date('2026-06-01T00:00:00Z');
const [oldKeys, newKeys, nextKeys, strangeKeys] = [ecKeys(), ecKeys(), ecKeys(), ecKeys()];
const ca = (draft: Omit<Draft, 'subject'> & { subject?: string }) =>
  certify({ subject: name, extensions: caExtensions(), ...draft });

const oldRoot = ca({ keys: oldKeys });
const newRoot = ca({ keys: newKeys, serialNumber: 2 });
const oldIssuer = { subject: name, keys: oldKeys };
const newWithOld = ca({ keys: newKeys, issuer: oldIssuer, serialNumber: 3 });
const oldWithNew = ca({
  keys: oldKeys,
  issuer: { subject: name, keys: newKeys },
  serialNumber: 4,
});

const anchors = [oldRoot];
const judge = (bag: readonly Buffer[], trusted: readonly Buffer[] = anchors) =>
  findNewRoots({ bag, anchors: trusted, at });

describe('a new root', () => {
  test('that the old one vouches for is proven, wherever it stands in the bag', () => {
    const bag = [oldRoot, newRoot, newWithOld, oldWithNew];
    fc.assert(
      fc.property(fc.shuffledSubarray(bag, { minLength: bag.length }), (shuffled) => {
        expect(judge(shuffled)).toEqual([
          { proven: true, root: newRoot, predecessor: oldRoot, link: newWithOld },
        ]);
      }),
    );
  });

  test('is the only one reported: anchors, links and duplicates are not', () => {
    expect(judge([oldRoot, oldRoot, newWithOld, oldWithNew])).toEqual([]);
    expect(judge([newRoot, newRoot, newWithOld, newWithOld])).toHaveLength(1);
  });

  test('may follow another new root of the same bag', () => {
    const nextRoot = ca({ keys: nextKeys, serialNumber: 5 });
    const nextWithNew = ca({
      keys: nextKeys,
      issuer: { subject: name, keys: newKeys },
      serialNumber: 6,
    });
    expect(judge([nextRoot, nextWithNew, newRoot, newWithOld])).toMatchObject([
      { proven: true, root: newRoot, predecessor: oldRoot },
      { proven: true, root: nextRoot, predecessor: newRoot },
    ]);
  });

  test('is told from a namesake by its key', () => {
    const namesake = ca({ keys: strangeKeys, serialNumber: 7 });
    expect(judge([namesake, newRoot, newWithOld])).toMatchObject([
      { proven: true, root: newRoot },
      { proven: false, root: namesake },
    ]);
    expect(judge([newRoot, newWithOld], [namesake, oldRoot])).toMatchObject([{ proven: true }]);
  });

  test('is found across the kinds of key', () => {
    const keys = rsaKeys();
    const root = ca({ keys, serialNumber: 8 });
    const link = ca({ keys, issuer: oldIssuer, serialNumber: 9 });
    expect(judge([root, link])).toMatchObject([{ proven: true, root }]);
  });

  const missing = 'no trusted root vouches for it';
  const notCaUsage = extension('2.5.29.15', element(tags.bitString, Buffer.of(7, 0x80)));
  const basicConstraintsOnly = caExtensions().slice(0, 1);
  test.each<[string, Buffer[], string]>([
    ['alone', [newRoot], missing],
    ['with OldWithNew alone', [newRoot, oldWithNew], missing],
    ['with a link for another key', [newRoot, ca({ keys: nextKeys, issuer: oldIssuer })], missing],
    [
      'with a link for another name',
      [newRoot, ca({ subject: 'CN=Other', keys: newKeys, issuer: oldIssuer })],
      missing,
    ],
    [
      'with a forged link',
      [newRoot, ca({ keys: newKeys, issuer: { subject: name, keys: strangeKeys } })],
      'the signature of',
    ],
    [
      'with a link from a stranger',
      [newRoot, ca({ keys: newKeys, issuer: { subject: 'CN=Stranger', keys: strangeKeys } })],
      missing,
    ],
    [
      'with an expired link',
      [newRoot, ca({ keys: newKeys, issuer: oldIssuer, notAfter: '20260101000000Z' })],
      'was valid until 2026-01-01',
    ],
    [
      'with a link that is not valid yet',
      [newRoot, ca({ keys: newKeys, issuer: oldIssuer, notBefore: '20270101000000Z' })],
      'is valid from 2027-01-01',
    ],
    [
      'with a link that is no CA',
      [newRoot, certify({ subject: name, keys: newKeys, issuer: oldIssuer })],
      missing,
    ],
    [
      'with a link that must not issue',
      [
        newRoot,
        ca({
          keys: newKeys,
          issuer: oldIssuer,
          extensions: [...basicConstraintsOnly, notCaUsage],
        }),
      ],
      missing,
    ],
    [
      'with a link signed with SHA-1',
      [newRoot, ca({ keys: newKeys, issuer: oldIssuer, hash: 'sha1' })],
      'algorithm that is not accepted',
    ],
    [
      'that has expired itself',
      [ca({ keys: newKeys, notAfter: '20260101000000Z' }), newWithOld],
      'not valid now',
    ],
    [
      'whose key is too weak',
      (() => {
        const keys = rsaKeys(1024);
        return [ca({ keys }), ca({ keys, issuer: oldIssuer })];
      })(),
      'not fit',
    ],
  ])('%s is not proven', (_how, bag, detail) => {
    expect(judge(bag)).toMatchObject([{ proven: false, root: bag[0] }]);
    expect(judge(bag)[0]).toMatchObject({ detail: expect.stringContaining(detail) });
  });

  test('is not proven by a root that has expired', () => {
    const expired = ca({ keys: oldKeys, notAfter: '20260101000000Z' });
    expect(judge([newRoot, newWithOld], [expired])).toMatchObject([{ proven: false }]);
  });

  test('is not proven by a subordinate the old root certified under another name', () => {
    const keys = ecKeys();
    const subject = 'CN=Partner';
    const partner = ca({ subject, keys });
    const crossed = ca({ subject, keys, issuer: oldIssuer });
    expect(judge([partner, crossed])).toMatchObject([{ proven: false, root: partner }]);
  });

  test('what cannot be read beside it is passed over', () => {
    const bag = [Buffer.from('3000', 'hex'), newRoot, newWithOld, Buffer.alloc(0)];
    expect(judge(bag)).toMatchObject([{ proven: true }]);
  });

  test('damage anywhere in the link never proves it', () => {
    fc.assert(
      fc.property(fc.nat(newWithOld.length - 1), fc.integer({ min: 1, max: 255 }), (i, flip) => {
        const damaged = Buffer.from(newWithOld);
        damaged[i] = (damaged[i] ?? 0) ^ flip;
        expect(judge([newRoot, damaged]).every(({ proven }) => !proven)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
