import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { PracticeOptions, PracticeServer } from '../electron/practice/practice.ts';
import { startPractice } from '../electron/practice/server.ts';
import type { ProfileInput } from '../shared/profile.ts';
import { document, runCommand } from './command-line.ts';
import { discardFolder } from './discard-folder.ts';

/** A folder that goes with the test. */
async function folderOfTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'est-command-'));
  onTestFinished(() => discardFolder(folder));
  return folder;
}

/** A station of its own with a software keystore, and what a person types at it. */
export async function commandStation(practice: PracticeServer, change: Partial<ProfileInput> = {}) {
  const folder = await folderOfTest();
  const profile: ProfileInput = {
    server: { endpoint: practice.facts.endpoint },
    trust: { caRootFingerprint: practice.facts.caFingerprint },
    keystore: { kind: 'software', path: join(folder, 'keys') },
    httpAuthentication: { scheme: 'basic', username: practice.facts.username },
    request: { subject: 'CN=GW-1,O=Example' },
    ...change,
  };
  const file = join(folder, 'profile.json');
  await writeFile(file, JSON.stringify(profile));
  const env = {
    EST_STATION_HOME: join(folder, 'home'),
    EST_STATION_PIN: 'keystore passphrase',
    EST_STATION_PASSWORD: practice.facts.password,
  };
  const run = async (...args: string[]) => {
    const finished = await runCommand([...args, '--json'], env);
    return { ...finished, json: document(finished) };
  };
  return { folder, run, env, file, profile };
}

/** A practice server that goes with the test. */
export async function practiceServer(
  options: Partial<PracticeOptions> = {},
): Promise<PracticeServer> {
  const practice = await startPractice({ dir: await folderOfTest(), ...options });
  onTestFinished(() => practice.close());
  return practice;
}

/** The requests the journal says were signed, oldest first. */
export async function signedRequests(
  run: Awaited<ReturnType<typeof commandStation>>['run'],
  enrollmentId: unknown,
) {
  const { json } = await run('journal', '--enrollment', String(enrollmentId));
  const entries = json.entries as { phase: string; state: string; evidence: { request: string } }[];
  return entries
    .filter(({ phase, state }) => phase === 'after' && state === 'signed')
    .map(({ evidence }) => evidence.request);
}
