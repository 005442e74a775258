import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Station } from '../../electron/station/station.ts';
import type { ProfileInput } from '../../shared/profile.ts';
import { Authority, clientAuth } from '../authority.ts';
import { putCredential } from '../token-credential.ts';
import { run, TokenTlsBench } from '../token-tls-bench.ts';
import { type OpensslEstServer, serveOpensslEst } from './openssl-est-server.ts';

const alias = 'signs-in';

describe('an enrollment with the request key and the TLS client key on tokens, seen by openssl', () => {
  let bench: TokenTlsBench;
  let station: Station;
  let root: Authority;

  beforeAll(async () => {
    bench = await TokenTlsBench.make();
    station = await bench.station();
    root = await Authority.root();
    const officer = await root.issue({ commonName: 'Officer', purposes: [clientAuth] });
    const { keyPem, pem: chainPem } = officer;
    await putCredential(bench.softHsm, bench.officer, { keyPem, chainPem }, alias);
  });
  afterAll(() => bench.close());

  async function enroll(proofOfPossession: ProfileInput['proofOfPossession']) {
    const server = await serveOpensslEst(root);
    onTestFinished(() => server[Symbol.asyncDispose]());
    const record = await run(station, {
      profile: bench.profile({
        server: { endpoint: `127.0.0.1:${server.port}` },
        trust: { caRootCertificate: root.identity.pem },
        tlsClientAuthentication: {
          enabled: true,
          keystore: bench.keystoreOf(bench.officer),
          alias,
        },
        proofOfPossession: proofOfPossession ?? {},
      }),
      operation: 'enroll',
    });
    expect(record).toMatchObject({ state: 'done', error: null });
    expect(server.printed()).toContain('CN = Officer');
    return server;
  }

  test('is not bound by default, and uses TLS 1.3', async () => {
    const server = await enroll({});
    expect(server.challenges).toEqual([null]);
    expect(await clientFlight(server)).toEqual(['TLS 1.3', 'CertificateVerify', 'Finished']);
  });

  test('is bound by tls-unique over TLS 1.2', async () => {
    const server = await enroll({ enabled: true, tokenChannelBinding: true });
    expect(await clientFlight(server)).toEqual(['TLS 1.2', 'CertificateVerify', 'Finished']);
    const [finished] = [
      ...(await server.messages()).matchAll(
        /^<<< TLS 1\.2, Handshake .*, Finished\n +14 00 00 0c ((?:[\da-f]{2}\s*){12})/gm,
      ),
    ].toReversed();
    const octets = Buffer.from((finished?.[1] ?? '').replaceAll(/\s/g, ''), 'hex');
    expect(octets).toHaveLength(12);
    expect(server.challenges).toEqual([octets.toString('base64')]);
  });

  test('is bound by tls-exporter over TLS 1.3', async () => {
    const binding = { enabled: true, tokenChannelBinding: true } as const;
    const server = await enroll({ ...binding, channelBinding: 'tls-exporter' });
    expect(await clientFlight(server)).toEqual(['TLS 1.3', 'CertificateVerify', 'Finished']);
    const [exported] = [
      ...server.printed().matchAll(/Keying material: ([\dA-F]{64})/g),
    ].toReversed();
    const octets = Buffer.from(exported?.[1] ?? '', 'hex');
    expect(octets).toHaveLength(32);
    expect(server.challenges).toEqual([octets.toString('base64')]);
  });
});

/** The version, and the last two messages of the client, of the last handshake. */
async function clientFlight(server: OpensslEstServer): Promise<string[]> {
  const received = [
    ...(await server.messages()).matchAll(/^<<< (TLS 1\.[23]), Handshake .*, (\w+)$/gm),
  ];
  const [version = ''] = received.slice(-1).map(([, one = '']) => one);
  return [version, ...received.slice(-2).map(([, , name = '']) => name)];
}
