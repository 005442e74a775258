import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { PracticeOptions, PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { openStore } from '../../electron/store/open-store.ts';
import type { ProfileInput } from '../../shared/profile.ts';
import { document, runCommand } from '../command-line.ts';
import { discardFolder } from '../discard-folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-keygen-outcome-'));
});
afterAll(() => discardFolder(folder));

/** A practice server, and the command line of a station of its own; every command is a process. */
async function bench(options: Partial<PracticeOptions>) {
  const home = await mkdtemp(join(folder, 'home-'));
  const dir = join(home, 'practice');
  let practice: PracticeServer = await startPractice({ dir, ...options });
  onTestFinished(() => practice.close());
  const profile: ProfileInput = {
    server: { endpoint: practice.facts.endpoint },
    trust: { caRootFingerprint: practice.facts.caFingerprint },
    keystore: { kind: 'software', path: join(home, 'keys') },
    httpAuthentication: { scheme: 'basic', username: practice.facts.username },
    request: { subject: 'CN=GW-4,O=Example' },
  };
  const file = join(home, 'profile.json');
  await writeFile(file, JSON.stringify(profile));
  const run = async (...args: string[]) => {
    const finished = await runCommand([...args, '--json'], {
      EST_STATION_HOME: join(home, 'data'),
      EST_STATION_PIN: 'keystore passphrase',
      EST_STATION_PASSWORD: practice.facts.password,
    });
    return { ...finished, json: document(finished) };
  };
  /** The same server on the same port, without its faults. */
  const heal = async () => {
    const port = Number(new URL(practice.facts.url).port);
    await practice.close();
    practice = await startPractice({ dir, port });
  };
  /** What the audit chain says of certificates that nobody here holds. */
  const orphans = async () => {
    const store = await openStore(join(home, 'data'));
    const records = await store.audit.read({ limit: 20 });
    await store.close();
    return records.filter(({ details }) => 'possibleOrphan' in details);
  };
  return { run, file, heal, practice, orphans };
}

describe('a server-generated key', () => {
  test('that waits is fetched by another process with the same request', async () => {
    const { run, file } = await bench({ pendingSeconds: 0 });
    const waiting = await run('serverkeygen', '--profile', file);
    expect(waiting).toMatchObject({ code: 9, json: { state: 'pending' } });
    const { enrollmentId } = waiting.json;
    const done = await run('resume', '--profile', file, '--now');
    expect(done.json).toMatchObject({
      enrollments: [
        {
          enrollmentId,
          operation: 'serverkeygen',
          state: 'done',
          keystore: { generatedThere: false },
        },
      ],
    });
    const { json } = await run('journal', '--enrollment', String(enrollmentId));
    const signed = (json.entries as { state: string; phase: string; evidence: object }[]).filter(
      ({ state, phase }) => state === 'signed' && phase === 'after',
    );
    expect(signed).toMatchObject([{ evidence: { bound: false } }, { evidence: { again: true } }]);
  });

  test('whose answer was lost is lost, and another is asked for', async () => {
    const { run, file, heal, practice, orphans } = await bench({ faults: ['close-after-post'] });
    const lost = await run('serverkeygen', '--profile', file);
    expect(lost.code).toBe(6);
    expect(lost.json).toMatchObject({
      state: 'outcome-unknown',
      error: { code: 'NET-04' },
      warnings: [{ code: 'KEY-PERHAPS-LOST', params: { subject: 'CN=GW-4,O=Example' } }],
    });
    const enrollment = ['--enrollment', String(lost.json.enrollmentId)];
    const shown = await run('reconcile', ...enrollment);
    expect(shown.json).toMatchObject({ publicKey: null, subject: 'CN=GW-4,O=Example' });

    await heal();
    const found = practice.facts.caCertificate;
    const settle = ['reconcile', ...enrollment, '--profile', file];
    const useless = await run(...settle, '--certificate', found);
    expect(useless.json).toMatchObject({ error: { code: 'OUTCOME-04' } });

    const again = await run(...settle, '--resubmit');
    expect(again.json).toMatchObject({ state: 'done', error: null });
    expect(await orphans()).toMatchObject([
      {
        what: 'enrollment.resubmitted',
        details: { possibleOrphan: null, subject: 'CN=GW-4,O=Example' },
      },
    ]);
  });

  test('whose answer was lost can be given up; its subject is on record', async () => {
    const { run, file, orphans } = await bench({ faults: ['close-after-post'] });
    const { json } = await run('serverkeygen', '--profile', file);
    const given = await run('reconcile', '--enrollment', String(json.enrollmentId), '--abandon');
    expect(given.json).toMatchObject({ state: 'cancelled' });
    expect(await orphans()).toMatchObject([
      {
        what: 'enrollment.abandoned',
        details: { possibleOrphan: null, subject: 'CN=GW-4,O=Example' },
      },
    ]);
  });
});
