import { once } from 'node:events';
import { appendFile, rename } from 'node:fs/promises';
import { createServer, connect as openTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { aliases } from '../../electron/keystore/keystore.ts';
import { mintTlsClientCredential } from '../../electron/practice/server.ts';
import type { StationPorts } from '../../electron/station/ports.ts';
import type { ProfileInput } from '../../shared/profile.ts';
import { putCredential } from '../token-credential.ts';
import { run, TokenTlsBench } from '../token-tls-bench.ts';

let bench: TokenTlsBench;

beforeAll(async () => {
  bench = await TokenTlsBench.make();
});
afterAll(() => bench.close());

const binding = (change: ProfileInput['proofOfPossession'] = {}) => ({
  enabled: true,
  tokenChannelBinding: true,
  ...change,
});
const exporter = binding({ channelBinding: 'tls-exporter' });

describe('an officer’s card in one reader and the token being enrolled in another', () => {
  test.each<[string, ProfileInput['proofOfPossession'], string, string, readonly string[]]>([
    ['without proof of possession', {}, 'TLSv1.3', 'absent', []],
    ['bound by tls-unique', binding(), 'TLSv1.2', 'valid', ['POP-02']],
    ['bound by tls-exporter', exporter, 'TLSv1.3', 'valid', ['POP-02', 'POP-04']],
  ])('enroll, %s', async (_, proofOfPossession, tls, pop, told) => {
    const station = await bench.station();
    bench.asked.length = 0;
    const record = await run(station, {
      profile: bench.profile({ proofOfPossession, tlsClientAuthentication: bench.byOfficer }),
      operation: 'enroll',
    });
    expect(record.error).toBeNull();
    expect(record).toMatchObject({ state: 'done', keystore: { token: /^device/ } });
    expect(record.warnings.map(({ code }) => code)).toEqual(told);
    expect(bench.practice.log.at(-1)).toMatchObject({ authenticatedBy: 'tls', pop, tls });
    // One PIN for each of the two tokens.
    expect(bench.asked).toEqual(['token-pin', 'tls-token-pin']);
  });

  test('have a key made by the server, and sign a Full PKI Request', async () => {
    const station = await bench.station();
    const profile = bench.profile({
      tlsClientAuthentication: bench.byOfficer,
      proofOfPossession: binding(),
    });
    expect(await run(station, { profile, operation: 'serverkeygen' })).toMatchObject({
      state: 'done',
    });
    expect(bench.practice.log.at(-1)).toMatchObject({ authenticatedBy: 'tls', pop: 'valid' });
    bench.asked.length = 0;
    const signed = await run(station, { profile, operation: 'fullcmc', signWith: 'tls' });
    expect(signed).toMatchObject({ error: null, state: 'done' });
    expect(bench.practice.log.at(-1)).toMatchObject({ path: /fullcmc$/, pop: 'valid' });
    expect(bench.asked).toEqual(['token-pin', 'tls-token-pin']);
  });

  test('are refused proof of possession by default, before anything is asked or sent', async () => {
    const station = await bench.station();
    bench.asked.length = 0;
    const requests = bench.practice.log.length;
    const record = await run(station, {
      profile: bench.profile({
        tlsClientAuthentication: bench.byOfficer,
        proofOfPossession: { enabled: true },
      }),
      operation: 'enroll',
    });
    expect(record).toMatchObject({ state: 'failed', error: { code: 'POP-01' } });
    expect(bench.asked).toEqual([]);
    expect(bench.practice.log).toHaveLength(requests);
  });

  test('are told when nothing usable is on the card', async () => {
    const station = await bench.station();
    const requests = bench.practice.log.length;
    const profile = bench.profile({
      tlsClientAuthentication: { ...bench.byOfficer, alias: 'issuer-0' },
    });
    const record = await run(station, { profile, operation: 'enroll' });
    expect(record.error?.code).toBe('TOKEN-09');
    const other = bench.profile({
      tlsClientAuthentication: { ...bench.byOfficer, alias: 'nobody' },
    });
    expect((await run(station, { profile: other, operation: 'enroll' })).error?.code).toBe(
      'TLS-05',
    );
    const { keyPem } = mintTlsClientCredential(bench.practice, 'one');
    const { chainPem } = mintTlsClientCredential(bench.practice, 'another');
    await putCredential(bench.softHsm, bench.officer, { keyPem, chainPem }, 'mixed');
    const mixed = bench.profile({
      tlsClientAuthentication: { ...bench.byOfficer, alias: 'mixed' },
    });
    expect((await run(station, { profile: mixed, operation: 'enroll' })).error).toMatchObject({
      code: 'TLS-05',
      params: { detail: expect.stringContaining('is not the one of its certificate') },
    });
    expect(bench.practice.log).toHaveLength(requests);
  });

  test('sign again for a connection that had to be made anew, which is said', async () => {
    const relay = await relayTo(Number(bench.practice.facts.endpoint.split(':')[1]));
    onTestFinished(() => relay.close());
    const station = await bench.station(({ est }) => ({
      est: {
        ...est,
        openExchange: async (options) => {
          const exchange = await est.openExchange(options);
          return Object.create(exchange, {
            csrattrs: {
              value: async () => {
                const attributes = await exchange.csrattrs();
                relay.cut();
                return attributes;
              },
            },
          });
        },
      },
    }));
    bench.asked.length = 0;
    const record = await run(station, {
      profile: bench.profile({
        server: { endpoint: `127.0.0.1:${relay.port}` },
        tlsClientAuthentication: bench.byOfficer,
        proofOfPossession: binding(),
      }),
      operation: 'enroll',
    });
    expect(record).toMatchObject({ state: 'done', error: null });
    expect(record.warnings.map(({ code }) => code)).toEqual(['POP-02', 'POP-09']);
    expect(bench.practice.log.at(-1)).toMatchObject({ authenticatedBy: 'tls', pop: 'valid' });
    expect(bench.asked).toEqual(['token-pin', 'tls-token-pin']);
  });

  test.each<[string, string, (ports: StationPorts) => Promise<void>]>([
    ['is pulled', 'TOKEN', () => rename(tokens(), `${tokens()}-pulled`)],
    ['has lost its PIN session', 'PIN', ({ tokens }) => tokens.close()],
  ])('say so when the card %s before it can sign', async (_, area, spoil) => {
    const station = await bench.station((ports) => ({
      est: {
        ...ports.est,
        openExchange: async (options) => {
          // A bootstrap shows no certificate.
          if (options.credential !== null) await spoil(ports);
          return await ports.est.openExchange(options);
        },
      },
    }));
    bench.asked.length = 0;
    onTestFinished(() => rename(`${tokens()}-pulled`, tokens()).catch(() => undefined));
    const profile = bench.profile({ tlsClientAuthentication: bench.byOfficer });
    const record = await run(station, { profile, operation: 'enroll' });
    expect(record.state).toBe('failed');
    expect(record.error?.code).toMatch(new RegExp(`^${area}-`));
    // Never asked for a second time, and so never sent twice.
    expect(bench.asked).toEqual(['token-pin', 'tls-token-pin']);
  });
});

describe('a token that signs in with its own certificate', () => {
  const { enrolledKey } = aliases;
  const own = (): ProfileInput['tlsClientAuthentication'] => ({
    enabled: true,
    keystore: bench.keystoreOf(bench.device),
    alias: enrolledKey,
  });

  const rsa = {
    subject: 'CN=GW-2,O=Example',
    keyAlgorithm: 'RSA',
    keyParameterSet: '2048',
    signatureAlgorithm: 'SHA256WITHRSA',
  } as const;
  const ec = { subject: 'CN=GW-1,O=Example' } as const;
  const basic = () => ({ scheme: 'basic' as const, username: bench.practice.facts.username });

  test.each<
    [string, ProfileInput['request'], ProfileInput['proofOfPossession'], string, boolean[]]
  >([
    ['an EC key, tls-unique', ec, binding(), 'TLSv1.2', [false, true]],
    ['an RSA key, tls-exporter', rsa, exporter, 'TLSv1.3', [false]],
  ])('renews %s, with one PIN', async (_, request, proofOfPossession, tls, rekeys) => {
    const station = await bench.station();
    const first = bench.profile({ request, httpAuthentication: basic() });
    expect(await run(station, { profile: first, operation: 'enroll' })).toMatchObject({
      state: 'done',
    });
    bench.asked.length = 0;
    const profile = bench.profile({ request, proofOfPossession, tlsClientAuthentication: own() });
    for (const rekey of rekeys) {
      const renewed = await run(station, { profile, operation: 'reenroll', rekey });
      expect(renewed).toMatchObject({ state: 'done', error: null });
      const pop = proofOfPossession?.enabled ? 'valid' : 'absent';
      const last = { path: /simplereenroll$/, authenticatedBy: 'tls', pop, tls };
      expect(bench.practice.log.at(-1)).toMatchObject(last);
    }
    expect(bench.asked).toEqual(rekeys.map(() => 'token-pin'));
  });

  test('keeps to TLS 1.2 where it cannot make PSS, and says why', async () => {
    const station = await bench.station();
    const first = bench.profile({ request: rsa, httpAuthentication: basic() });
    expect(await run(station, { profile: first, operation: 'enroll' })).toMatchObject({
      state: 'done',
    });
    // SoftHSM 2.6.1 keeps the first mechanism of such a list.
    const without =
      '-CKM_DSA,CKM_RSA_PKCS_PSS,CKM_SHA256_RSA_PKCS_PSS,CKM_SHA384_RSA_PKCS_PSS,CKM_SHA512_RSA_PKCS_PSS';
    await appendFile(bench.softHsm.conf, `slots.mechanisms = ${without}\n`);
    const profile = bench.profile({ request: rsa, tlsClientAuthentication: own() });
    const renewed = await run(station, { profile, operation: 'reenroll' });
    expect(renewed).toMatchObject({ state: 'done', error: null });
    expect(renewed.warnings.map(({ code }) => code)).toEqual(['TLS-NO-PSS']);
    expect(bench.practice.log.at(-1)).toMatchObject({ authenticatedBy: 'tls', tls: 'TLSv1.2' });
  });

  test('may not name the key that a new one replaces', async () => {
    const station = await bench.station();
    const profile = bench.profile({
      tlsClientAuthentication: { ...own(), alias: aliases.requestKey },
    });
    const record = await run(station, { profile, operation: 'enroll' });
    expect(record).toMatchObject({ state: 'failed', error: { code: 'PROFILE-02' } });
  });
});

const tokens = () => join(bench.softHsm.dir, 'tokens');

/** A way to the server that can lose its connections. */
async function relayTo(port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = openTcp(port, '127.0.0.1');
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    incoming.pipe(outgoing).pipe(incoming);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    cut,
    close: () => {
      cut();
      server.close();
    },
  };
}
