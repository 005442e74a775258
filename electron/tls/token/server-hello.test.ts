import { describe, expect, it } from 'vitest';
import { type SignatureScheme, signatureSchemes } from '../connector.ts';
import { uint, vector } from './bytes.ts';
import { clientHello, newOffer } from './client-hello.ts';
import { extension, extensionTypes } from './extensions.ts';
import { alerts } from './failure.ts';
import type { TlsClientOptions, Version } from './options.ts';
import { readServerHello } from './server-hello.ts';

const schemes: readonly SignatureScheme[] = signatureSchemes;
const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

function options(minTls: Version, maxTls: Version): TlsClientOptions {
  return {
    minTls,
    maxTls,
    serverName: 'est.example',
    applicationProtocols: ['http/1.1'],
    groups: ['x25519'],
    schemes,
    requireExtendedMasterSecret: false,
    credential: null,
    judge: () => undefined,
  };
}

interface Answer {
  readonly legacyVersion?: number;
  readonly random?: Buffer;
  readonly sessionId?: Buffer;
  readonly suite?: number;
  readonly compression?: number;
  readonly extensions?: readonly Buffer[];
  readonly rest?: Buffer;
}

/** What a client that offers these versions makes of the answer. */
function read(answer: Answer, minTls: Version = 'TLSv1.2', maxTls: Version = 'TLSv1.3') {
  const offer = newOffer(options(minTls, maxTls));
  const { offered } = clientHello(offer);
  const modern = answer.extensions?.some((one) => one.readUInt16BE(0) === 43) ?? false;
  const body = Buffer.concat([
    uint(2, answer.legacyVersion ?? 0x0303),
    answer.random ?? Buffer.alloc(32, 1),
    vector(1, answer.sessionId ?? (modern ? offer.sessionId : Buffer.alloc(0))),
    uint(2, answer.suite ?? (modern ? 0x1301 : 0xc02b)),
    uint(1, answer.compression ?? 0),
    ...(answer.extensions ? [vector(2, ...answer.extensions)] : []),
    answer.rest ?? Buffer.alloc(0),
  ]);
  return readServerHello(body, offer, offered);
}

const { supportedVersions, keyShare, cookie, serverName } = extensionTypes;
const version = (code: number) => extension(supportedVersions, uint(2, code));
const tls13 = version(0x0304);
const share = extension(keyShare, uint(2, 29), vector(2, Buffer.alloc(32, 9)));
const downgraded = (mark: number) =>
  Buffer.concat([Buffer.alloc(24, 1), Buffer.from('DOWNGRD'), Buffer.of(mark)]);

describe('a ServerHello', () => {
  it('chooses TLS 1.2 or 1.3, or asks for a retry', () => {
    expect(read({})).toMatchObject({ version: 'TLSv1.2', isRetry: false });
    const modern = { extensions: [tls13, share] };
    expect(read(modern)).toMatchObject({ version: 'TLSv1.3', isRetry: false });
    const retry = { ...modern, random: Buffer.from(retryRandom, 'hex') };
    expect(read(retry)).toMatchObject({ version: 'TLSv1.3', isRetry: true });
  });

  const { illegalParameter, unsupportedExtension, protocolVersion, decodeError } = alerts;
  it.each<[string, Answer, number]>([
    ['of TLS 1.1', { legacyVersion: 0x0302 }, protocolVersion],
    ['of SSL 3', { legacyVersion: 0x0300 }, protocolVersion],
    ['of TLS 1.3 in the wrong place', { legacyVersion: 0x0304 }, protocolVersion],
    ['of TLS 1.2 in the extension', { extensions: [version(0x0303)] }, illegalParameter],
    ['of a draft of TLS 1.3', { extensions: [version(0x7f1c)] }, illegalParameter],
    ['of two versions', { extensions: [tls13], legacyVersion: 0x0302 }, illegalParameter],
    ['marked as lowered from TLS 1.3', { random: downgraded(1) }, illegalParameter],
    ['marked as lowered from TLS 1.2', { random: downgraded(0) }, illegalParameter],
    ['with compression', { compression: 1 }, illegalParameter],
    [
      'with another’s session number',
      { extensions: [tls13], sessionId: Buffer.alloc(32) },
      illegalParameter,
    ],
    [
      'with no session number',
      { extensions: [tls13], sessionId: Buffer.alloc(0) },
      illegalParameter,
    ],
    ['with a session number of 33 octets', { sessionId: Buffer.alloc(33) }, decodeError],
    ['with a suite not offered', { suite: 0xcca9 }, illegalParameter],
    ['with a CBC suite', { suite: 0xc023 }, illegalParameter],
    ['of TLS 1.2 with a suite of 1.3', { suite: 0x1301 }, illegalParameter],
    ['of TLS 1.3 with a suite of 1.2', { suite: 0xc02b, extensions: [tls13] }, illegalParameter],
    ['with an extension twice', { extensions: [tls13, share, share] }, illegalParameter],
    ['with an extension nobody knows', { extensions: [extension(0xfafa)] }, unsupportedExtension],
    ['with a session ticket', { extensions: [extension(35)] }, unsupportedExtension],
    [
      'of TLS 1.3 with server_name',
      { extensions: [tls13, extension(serverName)] },
      illegalParameter,
    ],
    [
      'of TLS 1.3 with a pre-shared key',
      { extensions: [tls13, extension(41, uint(2, 0))] },
      unsupportedExtension,
    ],
    ['of TLS 1.2 with a key share', { extensions: [share] }, illegalParameter],
    [
      'with a cookie but no retry',
      { extensions: [tls13, extension(cookie, vector(2, Buffer.of(1)))] },
      unsupportedExtension,
    ],
    ['with something behind it', { extensions: [], rest: Buffer.of(0) }, decodeError],
  ])('%s is refused', (_what, answer, alert) => {
    expect(() => read(answer)).toThrow(expect.objectContaining({ alert }));
  });

  it('of a version the options exclude is refused', () => {
    expect(() => read({}, 'TLSv1.3')).toThrow(expect.objectContaining({ alert: protocolVersion }));
    expect(() => read({ extensions: [tls13] }, 'TLSv1.2', 'TLSv1.2')).toThrow();
  });

  it('of a client that offers TLS 1.2 alone may carry the mark of a modern server', () => {
    expect(read({ random: downgraded(1) }, 'TLSv1.2', 'TLSv1.2').version).toBe('TLSv1.2');
  });

  it('echoing the session number over TLS 1.2 would resume, and is refused', () => {
    const offer = newOffer(options('TLSv1.2', 'TLSv1.3'));
    const body = Buffer.concat([
      uint(2, 0x0303),
      Buffer.alloc(32, 1),
      vector(1, offer.sessionId),
      uint(2, 0xc02b),
      uint(1, 0),
    ]);
    expect(() => readServerHello(body, offer, new Set())).toThrow('session number');
  });

  it('cut short anywhere is refused', () => {
    const offer = newOffer(options('TLSv1.2', 'TLSv1.3'));
    const { offered } = clientHello(offer);
    const body = Buffer.concat([
      uint(2, 0x0303),
      Buffer.alloc(32, 1),
      vector(1, offer.sessionId),
      uint(2, 0x1301),
      uint(1, 0),
      vector(2, tls13, share),
    ]);
    expect(readServerHello(body, offer, offered).version).toBe('TLSv1.3');
    for (let length = 0; length < body.length; length++) {
      expect(() => readServerHello(body.subarray(0, length), offer, offered)).toThrow();
    }
  });
});

describe('a ClientHello', () => {
  it('offers what its versions need, and nothing else', () => {
    const of = (minTls: Version, maxTls: Version) =>
      [...clientHello(newOffer(options(minTls, maxTls))).offered].toSorted((a, b) => a - b);
    const always = [0, 10, 13, 16];
    expect(of('TLSv1.2', 'TLSv1.2')).toEqual([...always.slice(0, 2), 11, 13, 16, 23, 0xff01]);
    expect(of('TLSv1.3', 'TLSv1.3')).toEqual([...always, 43, 51]);
    expect(of('TLSv1.2', 'TLSv1.3')).toEqual([0, 10, 11, 13, 16, 23, 43, 51, 0xff01]);
  });

  it('is another each time', () => {
    const [one, two] = [0, 1].map(() => newOffer(options('TLSv1.2', 'TLSv1.3')));
    expect(one?.random).not.toEqual(two?.random);
    expect(one?.sessionId).not.toEqual(two?.sessionId);
    expect(one?.share?.publicKey).not.toEqual(two?.share?.publicKey);
  });
});
