import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { PracticeOptions, PracticeServer } from '../electron/practice/practice.ts';
import { startPractice } from '../electron/practice/server.ts';
import type { ProfileInput } from '../shared/profile.ts';
import { document, runCommand } from './command-line.ts';
import { discardFolder } from './discard-folder.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from './softhsm.ts';

/** Every refusal of the command line: its code, its exit code, an intact journal, and a next run that works. */
export interface BadInputBench {
  readonly folder: string;
  readonly softHsm: SoftHsm;
  readonly token: SoftHsmToken;
  /** Of a command, with changes. */
  environment(change?: Record<string, string>): Record<string, string>;
  /** @returns the path of a new file with this content. */
  file(content: string): Promise<string>;
  /** A profile for the token, with changes. */
  profile(change?: Partial<ProfileInput>): Promise<string>;
  /** Runs a command that must fail. @returns what it printed. */
  expectRefused(
    args: readonly string[],
    code: string,
    exitCode: number,
    change?: Record<string, string>,
  ): Promise<Record<string, unknown>>;
  expectAuditIntact(): Promise<void>;
  withPractice(
    options: Partial<PracticeOptions>,
    work: (practice: PracticeServer) => Promise<void>,
  ): Promise<void>;
  /** A profile that works at this practice server. */
  practiceProfile(practice: PracticeServer, change?: Partial<ProfileInput>): Promise<string>;
  close(): Promise<void>;
}

export async function badInputBench(): Promise<BadInputBench> {
  const folder = await mkdtemp(join(tmpdir(), 'est-bad-'));
  const softHsm = await makeSoftHsm();
  const token = await softHsm.makeToken();
  let files = 0;

  const environment = (change: Record<string, string> = {}) => ({
    ...softHsm.env,
    EST_STATION_HOME: join(folder, 'home'),
    EST_STATION_PIN: token.pin,
    EST_STATION_PASSWORD: 'not given to anyone',
    ...change,
  });

  async function file(content: string): Promise<string> {
    files += 1;
    const path = join(folder, `input-${files}`);
    await writeFile(path, content);
    return path;
  }

  /** A profile for this test's token, with changes. */
  async function profile(change: Partial<ProfileInput> = {}): Promise<string> {
    const input: ProfileInput = {
      server: { endpoint: '127.0.0.1:9' },
      trust: { caRootFingerprint: 'AB'.repeat(32) },
      keystore: { kind: 'pkcs11', module: softHsm.module, token: { serial: token.serial } },
      request: { subject: 'CN=bad input' },
      ...change,
    };
    return await file(JSON.stringify(input));
  }

  async function expectRefused(
    args: readonly string[],
    code: string,
    exitCode: number,
    change: Record<string, string> = {},
  ): Promise<Record<string, unknown>> {
    const finished = await runCommand([...args, '--json'], environment(change));
    const printed = document(finished);
    expect(printed).toMatchObject({ error: { code } });
    expect(finished.code).toBe(exitCode);
    expect(finished.stderr).toContain(code);
    expect(finished.stderr).not.toMatch(/\n\s+at /);
    expect(JSON.stringify(finished)).not.toContain(token.pin);
    return printed;
  }

  async function expectAuditIntact(): Promise<void> {
    const audit = await runCommand(['audit-verify', '--json'], environment());
    expect(document(audit)).toMatchObject({ intact: true });
  }

  async function withPractice(
    options: Partial<PracticeOptions>,
    work: (practice: PracticeServer) => Promise<void>,
  ): Promise<void> {
    const practice = await startPractice({ dir: join(folder, 'practice'), ...options });
    try {
      await work(practice);
    } finally {
      await practice.close();
    }
  }

  /** A profile that works at this practice server. */
  async function practiceProfile(
    { facts }: PracticeServer,
    change: Partial<ProfileInput> = {},
  ): Promise<string> {
    return await profile({
      server: { endpoint: facts.endpoint },
      trust: { caRootFingerprint: facts.caFingerprint },
      httpAuthentication: { scheme: 'basic', username: facts.username },
      ...change,
    });
  }

  return {
    folder,
    softHsm,
    token,
    environment,
    file,
    profile,
    expectRefused,
    expectAuditIntact,
    withPractice,
    practiceProfile,
    close: async () => {
      await softHsm.cleanup();
      await discardFolder(folder);
    },
  };
}
