import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCertificate } from '../../electron/pki/certificate.ts';
import { certificatesFromPem } from '../../electron/pki/pem.ts';
import { issueCrl } from '../../electron/practice/crl.ts';
import { judgeIssued } from '../../electron/station/issued-certificate.ts';
import { discardFolder } from '../discard-folder.ts';
import { trustBench } from '../trust-bench.ts';

const day = 24 * 3_600_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-revoked-'));
});
afterAll(() => discardFolder(folder));

describe('a server whose certificate was revoked', () => {
  test('is refused once the station knows, before anything is sent', async () => {
    const { serve, station, profile, enroll } = await trustBench(folder);
    const server = await serve({ faults: ['revoked-server-certificate'] });
    expect(await enroll()).toMatchObject({ state: 'done' });
    await station.crls(profile());
    const before = server.log.length;
    expect(await enroll()).toMatchObject({ state: 'failed', error: { code: 'TRUST-13' } });
    await expect(station.csrAttributes(profile())).rejects.toMatchObject({ code: 'TRUST-13' });
    expect(server.log).toHaveLength(before);
    // The lists themselves can still be fetched: one may lift the revocation.
    expect((await station.crls(profile())).crls).toHaveLength(2);
  });

  test('is accepted where the profile leaves revocation out', async () => {
    const { serve, station, profile, enroll } = await trustBench(folder);
    await serve({ faults: ['revoked-server-certificate'] });
    await station.crls(profile());
    expect(await enroll({ revocation: 'off' })).toMatchObject({ state: 'done' });
  });

  test('is found out by itself where the profile requires lists', async () => {
    const { serve, enroll } = await trustBench(folder);
    const server = await serve({ faults: ['revoked-server-certificate'] });
    const record = await enroll({ revocation: 'required' });
    expect(record).toMatchObject({ state: 'failed', error: { code: 'TRUST-13' } });
    const asked = server.log.map(({ path }) => path.replace('/.well-known/est/', ''));
    expect(asked).toEqual(['crls', 'cacerts']);
  });
});

describe('a profile that requires revocation lists', () => {
  test('has them fetched once, as long as they are in force', async () => {
    const { serve, station, profile, clock, enroll } = await trustBench(folder);
    const server = await serve();
    const crlsAsked = () => server.log.filter(({ path }) => path.endsWith('/crls')).length;
    const required = { revocation: 'required' } as const;
    expect(await enroll(required)).toMatchObject({ state: 'done', warnings: [] });
    expect(crlsAsked()).toBe(1);
    expect(await enroll(required)).toMatchObject({ state: 'done' });
    expect(await station.csrAttributes(profile(required))).toMatchObject({ oids: [] });
    expect(crlsAsked()).toBe(1);
    // A list that is out of date says nothing, and the server's new one is not in force for this clock.
    clock.ahead = 30 * day;
    expect(await enroll(required)).toMatchObject({ error: { code: 'TRUST-14' } });
    expect(crlsAsked()).toBe(2);
  });

  test('refuses a server that offers none, which is fine otherwise', async () => {
    const { serve, enroll } = await trustBench(folder);
    await serve({ faults: ['no-crls'] });
    expect(await enroll({ revocation: 'required' })).toMatchObject({
      state: 'failed',
      error: { code: 'TRUST-14', cause: expect.stringContaining('trust.revocation') },
    });
    expect(await enroll()).toMatchObject({ state: 'done' });
  });
});

describe('an issued certificate', () => {
  test('that a known list names is refused', async () => {
    const { serve, station, enroll } = await trustBench(folder);
    const { authority } = await serve();
    const { certificate } = await enroll();
    const [der = Buffer.alloc(0)] = certificatesFromPem(certificate?.pem ?? '');
    const { serialNumber, spki } = readCertificate(der);
    const judge = async (revoked: readonly string[]) =>
      judgeIssued({
        answer: [der],
        caCertificates: [authority.issuing.certificate.raw],
        anchors: [authority.root.certificate.raw],
        spki,
        at: station.ports.clock.now(),
        crls: [await issueCrl(authority.issuing, revoked)],
      });
    expect(await judge(['0A'])).toMatchObject({ warnings: [] });
    await expect(judge([serialNumber])).rejects.toMatchObject({
      code: 'CERT-02',
      params: { detail: expect.stringContaining('revoked') },
    });
  });
});
