import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOfEachTest } from '../../test/folder-of-each-test.ts';
import { alterDatabase, anchor } from '../../test/store-examples.ts';
import { databaseFile, openStore } from './open-store.ts';
import type { TrustAnchor } from './store.ts';

const folder = folderOfEachTest();
const file = () => join(folder.path, databaseFile);

describe('trust anchors', () => {
  it('are kept once per server and fingerprint, by the first confirmation', async () => {
    const store = await openStore(folder.path);
    await store.trust.add('a:443', anchor('one', 'explicit'));
    await store.trust.add('a:443', anchor('one', 'explicit', 'bob'));
    await store.trust.add('a:443', anchor('two', 'explicit'));
    await store.trust.add('b:443', anchor('one', 'implicit'));
    expect(await store.trust.anchors('a:443')).toHaveLength(2);
    expect(await store.trust.anchors('a:443')).toContainEqual(anchor('one', 'explicit'));
    expect(await store.trust.anchors('b:443')).toEqual([anchor('one', 'implicit')]);
    expect(await store.trust.anchors('c:443')).toEqual([]);
    await store.close();
  });

  it.each<[TrustAnchor['kind'], TrustAnchor['kind'], TrustAnchor['kind']]>([
    ['implicit', 'explicit', 'explicit'],
    ['explicit', 'implicit', 'explicit'],
  ])('%s, then %s, is %s', async (before, after, kind) => {
    const store = await openStore(folder.path);
    await store.trust.add('a:443', anchor('one', before));
    await store.trust.add('a:443', anchor('one', after));
    expect(await store.trust.anchors('a:443')).toEqual([anchor('one', kind)]);
    await store.close();
  });

  it('are removed one by one, and their servers are known', async () => {
    const store = await openStore(folder.path);
    await store.trust.add('b:443', anchor('one', 'explicit'));
    await store.trust.add('a:443', anchor('one', 'explicit'));
    await store.trust.add('a:443', anchor('two', 'explicit'));
    expect(await store.trust.servers()).toEqual(['a:443', 'b:443']);
    const { fingerprint } = anchor('one', 'explicit');
    expect(await store.trust.remove('a:443', fingerprint)).toBe(true);
    expect(await store.trust.remove('a:443', fingerprint)).toBe(false);
    expect(await store.trust.anchors('a:443')).toEqual([anchor('two', 'explicit')]);
    expect(await store.trust.anchors('b:443')).toHaveLength(1);
    await store.close();
  });

  it('are refused when the certificate was exchanged', async () => {
    const store = await openStore(folder.path);
    await store.trust.add('a:443', anchor('one', 'explicit'));
    alterDatabase(file(), `update trust_anchors set der = x'00'`);
    await expect(store.trust.anchors('a:443')).rejects.toMatchObject({ code: 'STORE-03' });
    await store.close();
  });

  it('are not added under a fingerprint that is not theirs', async () => {
    const store = await openStore(folder.path);
    const wrong = { ...anchor('one', 'explicit'), fingerprint: 'A'.repeat(64) };
    await expect(store.trust.add('a:443', wrong)).rejects.toThrow(TypeError);
    expect(await store.trust.anchors('a:443')).toEqual([]);
    await store.close();
  });
});
