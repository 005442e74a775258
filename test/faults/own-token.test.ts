import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Profile, ProfileInput } from '../../shared/profile.ts';
import { run, TokenTlsBench } from '../token-tls-bench.ts';

let bench: TokenTlsBench;
beforeAll(async () => {
  bench = await TokenTlsBench.make();
});
afterAll(() => bench.close());

const order = (profile: Profile) => ({ profile, operation: 'enroll' }) as const;

test.each([0, 60])(
  'the station’s own card is no target, even where its label fits (session of %i minutes)',
  async (sessionPinMinutes) => {
    const { module } = bench.softHsm;
    const station = await bench.station();
    const signsIn = { tlsClientAuthentication: bench.byOfficer, lifecycle: { sessionPinMinutes } };
    // With a session the card stays unlocked: no PIN would stand in the way.
    if (sessionPinMinutes > 0) {
      expect(await run(station, order(bench.profile(signsIn)))).toMatchObject({ state: 'done' });
    }
    const asked = bench.asked.length;
    const keystore: ProfileInput['keystore'] = {
      kind: 'pkcs11',
      module,
      token: { label: bench.officer.label },
    };
    const target = bench.profile({ ...signsIn, keystore });
    expect(await run(station, order(target))).toMatchObject({
      state: 'failed',
      error: { code: 'TOKEN-15', params: { token: expect.stringContaining(bench.officer.serial) } },
    });
    expect(bench.asked.slice(asked)).toEqual([]);
    const { entries } = await station.show(target);
    expect(entries.map(({ alias }) => alias)).not.toContain('est-request-key-pair');
    expect(entries.map(({ alias }) => alias)).not.toContain('est-enrolled-key-pair');
  },
  120_000,
);
