import { describe, expect, it } from 'vitest';
import { cipherSuites } from './cipher-suites.ts';
import {
  applicationSecrets,
  expandLabel,
  finishedValue,
  handshakeSecrets,
  nextTrafficSecret,
  trafficKeys,
} from './key-schedule.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

/** RFC 8448 §3, the simple 1-RTT handshake. */
const trace = {
  shared: hex('8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d'),
  hellos: hex('860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8'),
  clientHandshake: 'b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21',
  serverHandshake: 'b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38',
  master: '18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919',
  key: '3fce516009c21727d0f2e4e86ee403bc',
  iv: '5d313eb2671276ee13000b30',
  upToFinished: hex('9608102a0f1ccc6db6250b7b7e417b1a000eaada3daae4777a7686c9ff83df13'),
  clientApplication: '9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5',
  serverApplication: 'a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643',
  exporter: 'fe22f881176eda18eb8f44529e6792c50c9a3f89452f68d8ae311b4309d3cf50',
};
const aes128 = cipherSuites.find(({ name }) => name === 'TLS_AES_128_GCM_SHA256');
if (aes128 === undefined) throw new Error('no suite');

describe('the key schedule of TLS 1.3', () => {
  const early = handshakeSecrets('sha256', trace.shared, trace.hellos);

  it('derives the handshake secrets of RFC 8448', () => {
    expect(early.client.toString('hex')).toBe(trace.clientHandshake);
    expect(early.server.toString('hex')).toBe(trace.serverHandshake);
    expect(early.master.toString('hex')).toBe(trace.master);
  });

  it('derives the traffic keys of RFC 8448', () => {
    const { key, iv } = trafficKeys(aes128, early.server);
    expect([key.toString('hex'), iv.toString('hex')]).toEqual([trace.key, trace.iv]);
  });

  it('derives the application secrets of RFC 8448', () => {
    const late = applicationSecrets('sha256', early.master, trace.upToFinished);
    expect(late.client.toString('hex')).toBe(trace.clientApplication);
    expect(late.server.toString('hex')).toBe(trace.serverApplication);
    expect(late.exporter.toString('hex')).toBe(trace.exporter);
  });

  it.each([
    ['sha256', 32],
    ['sha384', 48],
  ] as const)('gives secrets as long as %s', (hash, length) => {
    const secret = Buffer.alloc(length, 1);
    expect(nextTrafficSecret(hash, secret)).toHaveLength(length);
    expect(finishedValue(hash, secret, Buffer.alloc(length))).toHaveLength(length);
    expect(expandLabel(hash, secret, 'test', Buffer.alloc(0), 100)).toHaveLength(100);
  });

  it('goes on to another secret with each KeyUpdate', () => {
    const first = Buffer.alloc(32, 1);
    const second = nextTrafficSecret('sha256', first);
    expect(second).not.toEqual(first);
    expect(nextTrafficSecret('sha256', second)).not.toEqual(second);
  });
});
