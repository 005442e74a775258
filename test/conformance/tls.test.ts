import { beforeAll, describe, expect, test } from 'vitest';
import { openExchange } from '../../electron/est/open-exchange.ts';
import { clientAuth, serverAuth } from '../authority.ts';
import { EstFixture } from '../est-fixture.ts';
import { type Loopback, serveTcp, serveTls } from '../loopback.ts';
import { serveOpenssl } from '../openssl-server.ts';
import { endOf, observe } from './observe.ts';

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

const record = (type: number, body: Buffer) =>
  Buffer.concat([Buffer.of(type, 3, 3, body.length >> 8, body.length & 0xff), body]);

/** A ServerHello of RFC 5246 §7.4.1.3 that chooses this version and suite. */
function serverHello(version: readonly [number, number], suite: number): Buffer {
  const body = Buffer.concat([
    Buffer.from(version),
    Buffer.alloc(32, 7),
    Buffer.of(0, suite >> 8, suite & 0xff, 0),
  ]);
  return record(22, Buffer.concat([Buffer.of(2, 0, 0, body.length), body]));
}

const fatalAlert = (description: number) => record(21, Buffer.of(2, description));

/** A server that answers the ClientHello with these octets and nothing more. */
function answering(octets: Buffer): Promise<Loopback> {
  return serveTcp((socket) => socket.once('data', () => socket.end(octets)));
}

async function cacertsFrom(port: number): Promise<string> {
  const attempt = async () => {
    const exchange = await openExchange(fixture.options(port));
    try {
      return await exchange.cacerts();
    } finally {
      exchange.close();
    }
  };
  return await endOf(attempt());
}

const tls12 = [3, 3] as const;

describe('row 6: a server that chooses', () => {
  test.each<[string, readonly [number, number], number]>([
    ['SSL 3.0', [3, 0], 0xc02f],
    ['TLS 1.0', [3, 1], 0xc02f],
    ['a suite with NULL chosen', tls12, 0x0002],
    ['an export suite chosen', tls12, 0x0003],
    ['a suite with RC4 chosen', tls12, 0x0005],
    ['a suite with 3DES chosen', tls12, 0x000a],
    ['an anonymous suite chosen', tls12, 0x0034],
  ])('%s is refused', async (what, version, suite) => {
    await using server = await answering(serverHello(version, suite));
    observe('tls', what, await cacertsFrom(server.port));
  });
});

describe('row 6: the alert', () => {
  test.each([
    ['the alert handshake_failure', 40, 'no common ground'],
    ['the alert protocol_version', 70, 'TLSv1.2'],
    ['the alert insufficient_security', 71, 'too weak'],
    ['the alert internal_error', 80, 'internal error'],
    ['the alert unrecognized_name', 112, 'host name'],
    ['an alert nobody knows', 211, 'was cut off'],
  ])('%s is told in words', async (what, description, words) => {
    await using server = await answering(fatalAlert(description));
    const attempt = openExchange(fixture.options(server.port));
    await expect(attempt).rejects.toThrow(words);
    observe('tls', what, await endOf(attempt));
  });
});

test('row 6: a server that closes right after the handshake', async () => {
  const { pem: cert, keyPem: key } = fixture.identity;
  await using server = await serveTls({ cert, key }, (socket) => socket.end());
  observe('tls', 'the server closes right after the handshake', await cacertsFrom(server.port));
});

describe('row 20: a client certificate', () => {
  const longAgo = new Date('2020-01-01T00:00:00Z');
  const lastYear = new Date('2021-01-01T00:00:00Z');

  test.each([
    ['expired', { purposes: [clientAuth], notBefore: longAgo, notAfter: lastYear }],
    ['for another purpose', { purposes: [serverAuth] }],
  ])(
    'that is %s is refused by the server, and the refusal is understood',
    async (what, contents) => {
      const { der, key } = await fixture.root.issue(contents);
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        await using server = await serveOpenssl(fixture.identity, fixture.root.identity, version);
        const attempt = async () => {
          const credential = { kind: 'software', chain: [der], key } as const;
          const exchange = await openExchange(fixture.options(server.port, { credential }));
          try {
            return await exchange.cacerts();
          } finally {
            exchange.close();
          }
        };
        observe('client-certificate', `${what}, ${version}`, await endOf(attempt()));
      }
    },
  );
});
