import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { EnrollmentRecord, EnrollmentState } from '../../shared/enrollment.ts';
import { discardFolder } from '../../test/discard-folder.ts';
import { enrollment } from '../../test/store-examples.ts';
import { stationPorts } from '../compose.ts';
import { openStore } from '../store/open-store.ts';
import { settleInterrupted } from './interrupted.ts';

type Line = readonly ['before' | 'after', EnrollmentState, (EnrollmentState | null)?];

const record = enrollment('one');

/** The state another station gives an enrollment whose process ended after these lines. */
async function settled(
  lines: readonly Line[],
  operation: EnrollmentRecord['operation'] = 'enroll',
) {
  const folder = await mkdtemp(join(tmpdir(), 'est-interrupted-'));
  onTestFinished(() => discardFolder(folder));
  const killed = await openStore(folder);
  await killed.running.claim('one');
  await killed.enrollments.save({ ...record, operation });
  for (const [phase, state, continues = null] of lines) {
    const entry = { enrollmentId: 'one', phase, state, at: record.startedAt };
    await killed.journal.append({ ...entry, evidence: { continues } }, { durable: false });
  }
  await killed.close();
  const ports = await stationPorts({ env: { EST_STATION_HOME: folder }, secretSource: null });
  onTestFinished(async () => {
    await ports.tokens.close();
    await ports.store.close();
  });
  await settleInterrupted(ports);
  expect(await ports.store.running.abandoned()).toEqual([]);
  const { state, error } = (await ports.store.enrollments.get('one')) ?? record;
  return { state, code: error?.code ?? null };
}

describe('an enrollment whose process was killed', () => {
  test.each<[string, readonly Line[], EnrollmentState, string | null]>([
    ['before anything', [['after', 'planned']], 'cancelled', 'CANCEL-01'],
    [
      'while the request was being announced',
      [
        ['after', 'planned'],
        ['after', 'signed'],
        ['before', 'submitted'],
      ],
      'cancelled',
      'CANCEL-01',
    ],
    [
      'after it was submitted',
      [
        ['after', 'planned'],
        ['after', 'submitted'],
        ['before', 'issued'],
      ],
      'outcome-unknown',
      'OUTCOME-01',
    ],
    [
      'after the answer',
      [
        ['after', 'planned'],
        ['after', 'submitted'],
        ['after', 'issued'],
        ['before', 'stored'],
      ],
      'issued-not-stored',
      'CERT-07',
    ],
    [
      'on the way to ask again',
      [
        ['after', 'planned'],
        ['after', 'submitted'],
        ['after', 'pending'],
        ['after', 'planned', 'pending'],
        ['before', 'trusted'],
      ],
      'pending',
      null,
    ],
    [
      'after asking again',
      [
        ['after', 'submitted'],
        ['after', 'pending'],
        ['after', 'planned', 'pending'],
        ['after', 'submitted'],
      ],
      'outcome-unknown',
      'OUTCOME-01',
    ],
  ])('%s gets the state that tells the truth', async (_, lines, state, code) => {
    expect(await settled(lines)).toEqual({ state, code });
  });

  test.each<[string, readonly Line[], EnrollmentState, string]>([
    [
      'after it was submitted',
      [
        ['after', 'planned'],
        ['after', 'submitted'],
        ['before', 'issued'],
      ],
      'outcome-unknown',
      'OUTCOME-04',
    ],
    [
      'after the answer',
      [
        ['after', 'submitted'],
        ['after', 'issued'],
      ],
      'issued-not-stored',
      'KEY-04',
    ],
    [
      'while the key was being stored',
      [
        ['after', 'submitted'],
        ['after', 'issued'],
        ['before', 'stored'],
      ],
      'issued-not-stored',
      'CERT-07',
    ],
  ])('%s says what became of a key the server generated', async (_, lines, state, code) => {
    expect(await settled(lines, 'serverkeygen')).toEqual({ state, code });
  });
});
