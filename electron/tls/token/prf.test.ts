import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cipherSuites } from './cipher-suites.ts';
import { directionKeys, exportFromMaster, prf, verifyData } from './prf.ts';

const randoms = { client: Buffer.alloc(32, 1), server: Buffer.alloc(32, 2) };
const master = Buffer.alloc(48, 3);

describe('the PRF of TLS 1.2', () => {
  it('gives the known answer for SHA-256', () => {
    const secret = Buffer.from('9bbe436ba940f017b17652849a71db35', 'hex');
    const seed = Buffer.from('a0ba9f936cda311827a6f796ffd5198c', 'hex');
    expect(prf('sha256', secret, 'test label', seed, 100).toString('hex')).toBe(
      'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e' +
        '14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42' +
        'c5a72e5a5110fff70187347b66',
    );
  });

  it('is P_hash of RFC 5246 §5 for SHA-384 too', () => {
    const seed = Buffer.from('label seed');
    const first = createHmac('sha384', master).update(seed).digest();
    const expected = createHmac('sha384', master).update(first).update(seed).digest();
    expect(prf('sha384', master, 'label ', Buffer.from('seed'), 48)).toEqual(expected);
  });

  it.each(cipherSuites.filter(({ version }) => version === 'TLSv1.2'))(
    'cuts keys that differ for $name',
    (suite) => {
      const { client, server } = directionKeys(suite, master, randoms);
      expect(client.key).toHaveLength(suite.keyBytes);
      expect([client.salt.length, server.salt.length]).toEqual([4, 4]);
      expect(client.key).not.toEqual(server.key);
      expect(client.salt).not.toEqual(server.salt);
    },
  );

  it('tells the two sides’ Finished apart', () => {
    const digest = Buffer.alloc(32, 4);
    const [ours, theirs] = (['client', 'server'] as const).map((side) =>
      verifyData('sha256', master, side, digest),
    );
    expect(ours).toHaveLength(12);
    expect(ours).not.toEqual(theirs);
  });

  it('exports another value for another context, the empty one included', () => {
    const values = ['', 'a', 'aa'].map((context) =>
      exportFromMaster('sha256', master, randoms, 'EXPORTER-x', Buffer.from(context), 32),
    );
    const without = prf(
      'sha256',
      master,
      'EXPORTER-x',
      Buffer.concat([randoms.client, randoms.server]),
      32,
    );
    expect(new Set([...values, without].map((value) => value.toString('hex'))).size).toBe(4);
  });
});
