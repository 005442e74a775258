import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { PracticeFault } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import type { EnrollmentRecord, EnrollmentState } from '../../shared/enrollment.ts';
import { profileSchema } from '../../shared/profile.ts';
import { observe, taken } from '../conformance/observe.ts';
import { carryOut, FullCmcBench, signed } from '../full-cmc-bench.ts';

let bench: FullCmcBench;
beforeAll(async () => {
  bench = await FullCmcBench.open();
});
afterAll(() => bench.close());

const verdictOf = ({ error, warnings }: EnrollmentRecord) =>
  error === null ? taken(warnings) : `refuse ${error.code}`;

describe('the answer to a Full PKI Request', () => {
  test.each([
    ['cmc-certs-only', 'certificates alone'],
    ['cmc-older-status', 'the older form of the status'],
  ] as const)('may have the form %s', async (fault, title) => {
    const { station, profile } = await bench.enrolledStation();
    const practice = await bench.practiceWith({ faults: [fault] });
    const order = { profile: signed(profile, practice), operation: 'fullcmc' } as const;
    const record = await carryOut(station, order);
    expect(record).toMatchObject({ state: 'done' });
    observe('fullcmc', title, verdictOf(record));
  });

  test.each([
    [false, 'status 201'],
    [true, 'status 201, which the profile accepts'],
  ])('with acceptCreated %s: %s', async (acceptCreated, title) => {
    const { station, profile } = await bench.enrolledStation();
    const practice = await bench.practiceWith({ faults: ['created'] });
    const plain = signed(profile, practice);
    const wanted = { ...plain, server: { ...plain.server, acceptCreated } };
    const record = await carryOut(station, { profile: wanted, operation: 'fullcmc' });
    expect(record.state).toBe(acceptCreated ? 'done' : 'refused');
    observe('fullcmc', title, verdictOf(record));
  });

  const refusals: readonly (readonly [PracticeFault, EnrollmentState, string])[] = [
    ['cmc-badAlg', 'refused', 'badAlg'],
    ['cmc-badMessageCheck', 'refused', 'badMessageCheck'],
    ['cmc-badRequest', 'refused', 'badRequest'],
    ['cmc-badTime', 'refused', 'badTime'],
    ['cmc-badCertId', 'refused', 'badCertId'],
    ['cmc-unsupportedExt', 'refused', 'unsupportedExt'],
    ['cmc-mustArchiveKeys', 'refused', 'mustArchiveKeys'],
    ['cmc-badIdentity', 'refused', 'badIdentity'],
    ['cmc-popRequired', 'refused', 'popRequired'],
    ['cmc-popFailed', 'refused', 'popFailed'],
    ['cmc-noKeyReuse', 'refused', 'noKeyReuse'],
    ['cmc-internalCAError', 'refused', 'internalCAError'],
    ['cmc-tryLater', 'refused', 'tryLater'],
    ['cmc-authDataFail', 'refused', 'authDataFail'],
    ['cmc-unsigned', 'outcome-unknown', 'not signed'],
    ['cmc-forged', 'outcome-unknown', 'signed under another root'],
    ['cmc-unmarked-signer', 'outcome-unknown', 'signed by no authority'],
    ['cmc-wrong-nonce', 'outcome-unknown', 'with another nonce'],
    ['cmc-wrong-transaction', 'outcome-unknown', 'of another transaction'],
    ['garbage-enroll', 'refused', 'no CMS'],
    ['certificate-for-another-key', 'refused', 'a certificate for another key'],
    ['close-after-post', 'outcome-unknown', 'lost'],
  ];

  test('that refuses, or comes from nobody to be believed, ends the request with its own code', async () => {
    const { station, profile } = await bench.enrolledStation();
    for (const [fault, state, title] of refusals) {
      const practice = await startPractice({ dir: bench.dir, faults: [fault] });
      const order = { profile: signed(profile, practice), operation: 'fullcmc' } as const;
      const record = await carryOut(station, order);
      await practice.close();
      expect.soft(record.state, fault).toBe(state);
      observe('fullcmc', title, verdictOf(record));
    }
  }, 90_000);

  test('of a server that does not know the signer says so', async () => {
    const stranger = await startPractice({ dir: join(bench.folder, 'stranger') });
    onTestFinished(() => stranger.close());
    const { station, profile } = await bench.enrolledStation();
    const elsewhere = profileSchema.parse({
      ...signed(profile, stranger),
      trust: { caRootFingerprint: stranger.facts.caFingerprint },
    });
    const record = await carryOut(station, { profile: elsewhere, operation: 'fullcmc' });
    expect(record).toMatchObject({ state: 'refused' });
    observe('fullcmc', 'a request signed by a stranger', verdictOf(record));
  });
});
