import { beforeAll, describe, expect, it } from 'vitest';
import { Authority, clientAuth, type Identity } from '../../test/authority.ts';
import { keySigner } from '../../test/key-signer.ts';
import type { Conduct } from '../../test/tls-server/conduct.ts';
import { extensionTypes } from '../../test/tls-server/messages.ts';
import { serveConduct } from '../../test/tls-server/server.ts';
import { type ClientCredential, signatureSchemes } from './connector.ts';
import { stationConnector } from './station-connector.ts';
import { schemeCode } from './token/signature-schemes.ts';

let root: Authority;
let server: Identity;
let client: Identity;
beforeAll(async () => {
  root = await Authority.root();
  server = await root.issue({ ip: ['127.0.0.1'] });
  client = await root.issue({ purposes: [clientAuth] });
});

/** Connects once with this credential; what it said first and what the server then knew of it. */
async function meet(credential: ClientCredential | null) {
  const hellos: ReadonlyMap<number, Buffer>[] = [];
  const conduct: Conduct = {
    version: 'TLSv1.3',
    asksForCertificate: true,
    serverHello: (hello, { extensions }) => {
      hellos.push(extensions);
      return hello;
    },
  };
  await using scripted = await serveConduct(server, () => conduct);
  const connection = await stationConnector.connect(
    { host: '127.0.0.1', port: scripted.port },
    {
      trust: {
        kind: 'anchors',
        anchors: [root.identity.der],
        origin: 'explicit',
        hostnameVerification: true,
      },
      credential,
      minTls: 'TLSv1.2',
      maxTls: 'TLSv1.3',
      connectMs: 10_000,
      tlsMs: 10_000,
    },
  );
  connection.close();
  await scripted.over();
  expect(scripted.last().stopped).toBeNull();
  const [hello] = hellos;
  if (hello === undefined) throw new Error('nothing was said');
  return hello;
}

const kinds: readonly [string, () => ClientCredential | null][] = [
  ['no key', () => null],
  ['a key in software', () => ({ kind: 'software', chain: [client.der], key: client.key })],
  [
    'a key in a keystore',
    () => ({ kind: 'keystore', chain: [client.der], signer: keySigner(client.key) }),
  ],
];

describe.each(kinds)('the station’s connector with %s', (kind, credentialOf) => {
  it('connects, by its own TLS client only where Node’s cannot', async () => {
    const hello = await meet(credentialOf());
    // OpenSSL offers encrypt_then_mac with its CBC suites; the station's own client has none.
    expect(hello.has(extensionTypes.encryptThenMac)).toBe(kind !== 'a key in a keystore');
  });

  it('believes the same signatures, none of them older than SHA-256', async () => {
    const offered = (await meet(credentialOf())).get(extensionTypes.signatureAlgorithms);
    const codes = Buffer.from(offered ?? [])
      .subarray(2)
      .toString('hex')
      .match(/.{4}/g);
    const known = signatureSchemes.map((one) => schemeCode(one).toString(16).padStart(4, '0'));
    expect([...(codes ?? [])].sort()).toEqual([...known].sort());
  });
});
