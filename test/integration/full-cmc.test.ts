import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startPractice } from '../../electron/practice/server.ts';
import type { EnrollmentOrder } from '../../electron/station/enrollment-order.ts';
import { document, runCommand } from '../command-line.ts';
import { observe, taken } from '../conformance/observe.ts';
import { carryOut, FullCmcBench, pin, profileOf, signed } from '../full-cmc-bench.ts';
import { makeSoftHsm } from '../softhsm.ts';

const run = promisify(execFile);

let bench: FullCmcBench;
beforeAll(async () => {
  bench = await FullCmcBench.open();
});
afterAll(() => bench.close());

describe('a Full PKI Request', () => {
  test('signed by the enrolled key of a token gets a certificate for a new key on it, as openssl sees too', async () => {
    const softHsm = await makeSoftHsm();
    onTestFinished(() => softHsm.cleanup());
    const { serial } = await softHsm.makeToken({ pin });
    const messages: Buffer[] = [];
    const station = await bench.openStation(softHsm, ({ est }) => ({
      est: {
        ...est,
        openExchange: async (options) => {
          const exchange = await est.openExchange(options);
          const { fullcmc } = exchange;
          return Object.assign(Object.create(exchange), {
            fullcmc: (...[binding, make]: Parameters<typeof fullcmc>) =>
              fullcmc(binding, async (bound) => {
                const message = Buffer.from(await make(bound));
                messages.push(message);
                return message;
              }),
          });
        },
      },
    }));
    const profile = profileOf(bench.first, {
      keystore: { kind: 'pkcs11', module: softHsm.module, token: { serial } },
    });
    const before = await carryOut(station, { profile, operation: 'enroll' });
    const record = await carryOut(station, {
      profile: signed(profile, bench.first),
      operation: 'fullcmc',
    });
    expect(record).toMatchObject({
      state: 'done',
      operation: 'fullcmc',
      error: null,
      warnings: [],
      certificate: { subject: 'CN=GW-7,O=Example' },
      keystore: { alias: 'est-enrolled-key-pair', generatedThere: true },
    });
    expect(record.certificate?.fingerprint).not.toBe(before.certificate?.fingerprint);
    expect(bench.first.log.at(-1)).toMatchObject({ path: '/.well-known/est/fullcmc', status: 200 });

    const [message = Buffer.alloc(0)] = messages;
    const file = join(bench.folder, 'request.der');
    await writeFile(file, message);
    const read = ['cms', '-inform', 'DER', '-in', file];
    const printed = (await run('openssl', [...read, '-cmsout', '-print'])).stdout;
    expect(printed).toContain('eContentType: id-cct-PKIData (1.3.6.1.5.5.7.12.2)');
    expect(printed.match(/signatureAlgorithm:\s+algorithm: ecdsa-with-SHA256/)).not.toBeNull();
    const anchors = join(bench.folder, 'anchors.pem');
    const pems = [bench.first.facts.caCertificate, join(bench.dir, 'issuing.pem')].map((path) =>
      readFile(path),
    );
    await writeFile(anchors, Buffer.concat(await Promise.all(pems)));
    const content = join(bench.folder, 'content.der');
    const verify = ['-verify', '-CAfile', anchors, '-purpose', 'any', '-binary', '-out', content];
    expect((await run('openssl', [...read, ...verify])).stderr).toMatch(/success/i);
    const parsed = await run('openssl', ['asn1parse', '-inform', 'DER', '-in', content]);
    for (const control of ['id-cmc-transactionId', 'id-cmc-senderNonce']) {
      expect(parsed.stdout).toContain(control);
    }
  });

  test('may be signed by the registration authority whose certificate opens the connection', async () => {
    const { station, profile } = await bench.enrolledStation();
    const path = await mkdtemp(join(bench.folder, 'other-keys-'));
    const other = signed(profile, bench.first);
    const tls = { ...profile.tlsClientAuthentication, enabled: true, keystore: profile.keystore };
    const order: EnrollmentOrder = {
      profile: {
        ...other,
        keystore: { kind: 'software', path },
        tlsClientAuthentication: { ...tls, alias: 'est-enrolled-key-pair' },
      },
      operation: 'fullcmc',
      signWith: 'tls',
    };
    expect(await carryOut(station, order)).toMatchObject({ state: 'done' });
    expect(await carryOut(station, { ...order, profile: other })).toMatchObject({
      state: 'failed',
      error: { code: 'PROFILE-02' },
    });
  });

  test.each([
    ['tls-unique', 'TLSv1.2'],
    ['tls-exporter', 'TLSv1.3'],
  ] as const)('carries proof of possession: %s over %s', async (channelBinding, tls) => {
    const { station, profile } = await bench.enrolledStation();
    const practice = await bench.practiceWith({ requirePop: true });
    const bare = signed(profile, practice);
    const bound = {
      ...bare,
      proofOfPossession: { ...bare.proofOfPossession, enabled: true, channelBinding },
    };
    const record = await carryOut(station, { profile: bound, operation: 'fullcmc' });
    expect(record).toMatchObject({ state: 'done', error: null });
    const shown = { path: '/.well-known/est/fullcmc', status: 200, pop: 'valid', tls };
    expect(practice.log.at(-1)).toMatchObject(shown);
    const others = record.warnings.filter(({ code }) => code !== 'POP-04');
    observe('fullcmc', `bound by ${channelBinding}`, taken(others));
    expect(await carryOut(station, { profile: bare, operation: 'fullcmc' })).toMatchObject({
      state: 'failed',
      error: { code: 'POP-05' },
    });
  });

  test('keeps the profile’s names unless a person agrees to the server’s', async () => {
    const { station, profile } = await bench.enrolledStation();
    const practice = await bench.practiceWith({ csrattrs: 'template' });
    const order = { profile: signed(profile, practice), operation: 'fullcmc' } as const;
    const names = { fill: { DNS: 'gw-7.example' } };
    const kept = await carryOut(station, { ...order, answers: names });
    expect(kept).toMatchObject({ state: 'done', certificate: { subject: 'CN=GW-7,O=Example' } });
    expect(kept.warnings.map(({ code }) => code)).toContain('WISH-SUBJECT');
    const followed = await carryOut(station, {
      ...order,
      answers: { ...names, followServer: true },
    });
    expect(followed).toMatchObject({
      state: 'done',
      certificate: { publicKey: 'EC P-384', subjectAltNames: ['DNS:gw-7.example'] },
    });
    expect(followed.certificate?.subject).not.toBe('CN=GW-7,O=Example');
  });

  test('goes to another origin only by a person’s word', async () => {
    const { station, profile } = await bench.enrolledStation();
    const known = await startPractice({ dir: bench.dir });
    const order = { profile: signed(profile, known), operation: 'fullcmc' } as const;
    await station.trust.bootstrap(order.profile, null);
    await known.close();
    const port = Number(new URL(known.facts.url).port);
    await bench.practiceWith({ port, faults: ['redirect-other-origin'] });
    const kept = await carryOut(station, order);
    expect(kept).toMatchObject({ state: 'refused' });
    observe('fullcmc', 'another origin', `refuse ${kept.error?.code}`);
    const sent = await carryOut(station, { ...order, followRedirect: true });
    expect(sent).toMatchObject({ state: 'done', error: null });
    observe('fullcmc', 'another origin, by a person’s word', taken(sent.warnings));
  });

  test('needs a certificate to sign with', async () => {
    const station = await bench.openStation();
    const path = await mkdtemp(join(bench.folder, 'keys-'));
    const profile = signed(
      profileOf(bench.first, { keystore: { kind: 'software', path } }),
      bench.first,
    );
    const { state, error } = await carryOut(station, { profile, operation: 'fullcmc' });
    expect(state).toBe('failed');
    observe('fullcmc', 'no certificate to sign with', `refuse ${error?.code}`);
  });

  test('that waits is asked after with its token, for the same key', async () => {
    const { station, profile } = await bench.enrolledStation();
    const practice = await bench.practiceWith({ pendingSeconds: 40 });
    const order = { profile: signed(profile, practice), operation: 'fullcmc' } as const;
    const waiting = await carryOut(station, order);
    expect(waiting).toMatchObject({ state: 'pending', error: { code: 'SERVER-13' } });
    expect(waiting.retryAfterSeconds).toBeGreaterThan(20);
    expect(waiting.retryAfterSeconds).toBeLessThanOrEqual(40);

    const record = await carryOut(station, order);
    const { enrollmentId } = waiting;
    expect(record).toMatchObject({ state: 'done', enrollmentId });
    observe('fullcmc', 'pending, and asked after with its token', taken(record.warnings));
    const journal = await station.ports.store.journal.read({ enrollmentId, limit: 100 });
    const asked = journal
      .filter(({ phase, state }) => phase === 'after' && state === 'signed')
      .map(({ evidence }) => evidence);
    expect(asked.map(({ asks }) => asks)).toEqual(['certificate', 'pending']);
    expect(asked[0]?.transaction).toBe(asked[1]?.transaction);
  });

  test('of the command line waits in one process and is fetched by the next', async () => {
    const practice = await bench.practiceWith({ pendingSeconds: 1 });
    const home = await mkdtemp(join(bench.folder, 'home-'));
    const keystore = { kind: 'software' as const, path: join(home, 'keys') };
    const file = join(home, 'profile.json');
    await writeFile(file, JSON.stringify(profileOf(bench.first, { keystore })));
    const env = {
      EST_STATION_HOME: home,
      EST_STATION_PIN: 'keystore passphrase',
      EST_STATION_PASSWORD: bench.first.facts.password,
    };
    expect(await runCommand(['enroll', '--profile', file], env)).toMatchObject({ code: 0 });

    await writeFile(file, JSON.stringify(signed(profileOf(bench.first, { keystore }), practice)));
    const command = ['fullcmc', '--profile', file, '--sign-with', 'enrolled', '--json'];
    const waiting = await runCommand(command, env);
    expect(waiting.code).toBe(9);
    const { enrollmentId } = document(waiting);
    const done = await runCommand(command, env);
    expect({ code: done.code, ...document(done) }).toMatchObject({
      code: 0,
      enrollmentId,
      operation: 'fullcmc',
      state: 'done',
    });
    const wrong = [...command.slice(0, 3), '--sign-with', 'nobody'];
    expect(await runCommand(wrong, env)).toMatchObject({ code: 2 });
  });
});
