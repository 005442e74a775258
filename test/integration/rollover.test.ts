import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endOf, observe, taken } from '../conformance/observe.ts';
import { discardFolder } from '../discard-folder.ts';
import { trustBench } from '../trust-bench.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-rolled-'));
});
afterAll(() => discardFolder(folder));

const sourcesOf = ({ anchors }: { anchors: readonly { source: string }[] }) =>
  anchors.map(({ source }) => source);

describe('a change of the root', () => {
  test('that the old root vouches for is followed, told, audited and kept', async () => {
    const { serve, station, profile, enroll, oldRoot } = await trustBench(folder);
    await serve({ rollover: 'in-progress' });
    const record = await enroll();
    expect(record).toMatchObject({ state: 'done', error: null });
    expect(record.warnings.map(({ code }) => code)).toEqual(['ROLLOVER-TRUSTED']);
    observe('rollover', 'NewWithOld that verifies', taken(record.warnings));

    const finished = await serve({ rollover: 'finished' });
    const state = await station.trust.show(profile());
    expect(state.anchors).toMatchObject([
      { source: 'profile-fingerprint', certificate: { fingerprint: oldRoot }, successorOf: null },
      {
        source: 'rollover',
        certificate: { fingerprint: finished.facts.caFingerprint },
        successorOf: oldRoot,
      },
    ]);
    const audit = await station.ports.store.audit.read({ limit: 100 });
    expect(audit).toContainEqual(
      expect.objectContaining({
        what: 'trust.rollover',
        certificate: finished.facts.caFingerprint,
        details: expect.objectContaining({ predecessor: oldRoot }),
      }),
    );
    expect(await enroll()).toMatchObject({ state: 'done', warnings: [] });
  });

  test('that was not followed ends in a refusal', async () => {
    const { serve, enroll } = await trustBench(folder);
    await serve({ rollover: 'finished' });
    expect(await enroll()).toMatchObject({ state: 'failed', error: { code: 'TRUST-02' } });
  });

  test.each([
    ['rollover-forged', 'the signature of'],
    ['rollover-expired', 'was valid until'],
    ['rollover-unproven', 'NewWithOld is missing'],
  ] as const)('with %s is reported, and nothing is trusted or stored', async (fault, detail) => {
    const { serve, station, profile, enroll } = await trustBench(folder);
    await serve({ rollover: 'in-progress', faults: [fault] });
    const report = await station.refreshTrust(profile());
    expect(report.warnings).toContainEqual(
      expect.objectContaining({
        code: 'ROLLOVER-UNPROVEN',
        params: expect.objectContaining({ detail: expect.stringContaining(detail) }),
      }),
    );
    const unproven = report.warnings.filter(({ code }) => code === 'ROLLOVER-UNPROVEN');
    observe('rollover', fault, taken(unproven));
    expect(report.offered.filter(({ standing }) => standing === 'unproven')).toHaveLength(1);
    expect(sourcesOf(report.state)).toEqual(['profile-fingerprint']);
    expect(await enroll()).toMatchObject({ error: { code: 'CERT-02' } });
    expect((await station.trust.show(profile())).anchors).toHaveLength(1);
  });

  test('the profile does not allow is reported only', async () => {
    const { serve, station, profile } = await trustBench(folder);
    await serve({ rollover: 'in-progress' });
    const held = profile({ caCertificateRollover: false });
    const report = await station.refreshTrust(held);
    const off = report.warnings.filter(({ code }) => code === 'ROLLOVER-OFF');
    observe('rollover', 'NewWithOld that verifies, not wanted by the profile', taken(off));
    expect(report.offered.map(({ standing }) => standing).toSorted()).toEqual([
      'below',
      'below',
      'below',
      'other',
      'trusted',
      'vouched-for',
    ]);
    expect(sourcesOf(report.state)).toEqual(['profile-fingerprint']);
  });

  test('can be confirmed by a person who compared the fingerprint', async () => {
    const { serve, station, profile, enroll, oldRoot } = await trustBench(folder);
    await serve({ rollover: 'in-progress', faults: ['rollover-unproven'] });
    const { offered } = await station.refreshTrust(profile());
    const wanted = offered.find(({ standing }) => standing === 'unproven')?.certificate.fingerprint;
    for (const wrong of ['00'.repeat(32), oldRoot]) {
      const ended = await endOf(station.confirmNewRoot(profile(), wrong));
      observe('rollover', 'a new root, confirmed by a wrong fingerprint', ended);
    }
    const grouped = (wanted ?? '').replace(/(.{4})/g, '$1 ').toLowerCase();
    const confirmed = await endOf(station.confirmNewRoot(profile(), grouped));
    observe('rollover', 'a new root, confirmed by its fingerprint', confirmed);
    expect((await station.trust.show(profile())).anchors).toMatchObject([
      { successorOf: null },
      { source: 'operator', successorOf: oldRoot, certificate: { fingerprint: wanted } },
    ]);
    expect(await enroll()).toMatchObject({ state: 'done' });
    await serve({ rollover: 'finished' });
    expect(await enroll()).toMatchObject({ state: 'done' });
  });

  test('does not outlive the anchor it came from', async () => {
    const { serve, station, profile } = await trustBench(folder);
    await serve({ rollover: 'in-progress' });
    const { state } = await station.refreshTrust(profile());
    expect(sourcesOf(state)).toEqual(['profile-fingerprint', 'rollover']);
    const other = profile({ caRootFingerprint: '00'.repeat(32) });
    expect((await station.trust.show(other)).anchors).toEqual([]);
    await expect(station.refreshTrust(other)).rejects.toMatchObject({ code: 'TRUST-01' });
  });
});

describe('revocation lists', () => {
  test('are told with the CA that signed each', async () => {
    const { serve, station, profile, oldRoot } = await trustBench(folder);
    await serve({ revoked: ['0A', '0B11'] });
    const { crls } = await station.crls(profile());
    expect(crls.map(({ revoked }) => revoked).toSorted()).toEqual([0, 2]);
    expect(crls.every(({ current, delta }) => current && !delta)).toBe(true);
    expect(crls.find(({ revoked }) => revoked === 0)?.signedBy).toBe(oldRoot);
    expect(crls.every(({ signedBy }) => signedBy !== null)).toBe(true);
  });
});

describe('a station whose clock is wrong', () => {
  const hour = 3_600_000;

  test('hears of it from the server, and of both times where a certificate seems invalid', async () => {
    const { station, clock, profile, enroll } = await trustBench(folder);
    expect((await station.refreshTrust(profile())).warnings).toEqual([]);
    clock.ahead = -hour;
    const record = await enroll();
    expect(record).toMatchObject({ error: { code: 'CERT-03' } });
    expect(record.warnings).toMatchObject([{ code: 'CLOCK-DIFFERS' }]);
    const { now, server } = record.error?.params ?? {};
    const apart = Date.parse(String(server)) - Date.parse(String(now));
    expect(Math.abs(apart - hour)).toBeLessThan(60_000);
    expect(record.error?.cause).toContain('clock');
  });

  test.each(['serverkeygen', 'fullcmc'] as const)(
    'hears both times from %s too',
    async (operation) => {
      const { serve, station, clock, profile, enroll } = await trustBench(folder);
      await serve({ faults: ['cmc-certs-only'] });
      expect(await enroll()).toMatchObject({ state: 'done' });
      clock.ahead = -hour;
      const { httpAuthentication, ...others } = profile();
      const scheme = operation === 'fullcmc' ? 'none' : httpAuthentication.scheme;
      const wanted = { ...others, httpAuthentication: { ...httpAuthentication, scheme } };
      const record = await station.ended(await station.start({ profile: wanted, operation }));
      expect(record).toMatchObject({ error: { code: 'CERT-03' } });
      const { now, server } = record.error?.params ?? {};
      const apart = Date.parse(String(server)) - Date.parse(String(now));
      expect(Math.abs(apart - hour)).toBeLessThan(60_000);
    },
  );

  test('is told of both clocks where a CMC response seems to come from nobody', async () => {
    const { station, clock, profile, enroll } = await trustBench(folder);
    expect(await enroll()).toMatchObject({ state: 'done' });
    clock.ahead = -hour;
    const plain = profile();
    const httpAuthentication = { ...plain.httpAuthentication, scheme: 'none' } as const;
    const wanted = { ...plain, httpAuthentication };
    const order = { profile: wanted, operation: 'fullcmc' } as const;
    const record = await station.ended(await station.start(order));
    expect(record).toMatchObject({ state: 'outcome-unknown' });
    observe('fullcmc', 'signed out of time by this clock', `refuse ${record.error?.code}`);
    const { now, server } = record.error?.params ?? {};
    expect(Date.parse(String(server)) - Date.parse(String(now))).toBeGreaterThan(hour / 2);
    expect(record.error?.cause).toContain('clock');
  });

  test('is told so at the bootstrap too', async () => {
    const { station, clock, profile } = await trustBench(folder, false);
    clock.ahead = -hour;
    await expect(station.trust.bootstrap(profile(), null)).rejects.toMatchObject({
      code: 'TRUST-05',
      params: { now: expect.stringContaining('T') },
    });
    clock.ahead = 40 * 365 * 24 * hour;
    await expect(station.trust.bootstrap(profile(), null)).rejects.toMatchObject({
      code: 'TRUST-05',
    });
  });
});
