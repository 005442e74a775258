import { mkdir, mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { discardFolder } from '../test/discard-folder.ts';
import { makeDemoFolder } from './chromium/demo-folder.ts';
import { KeystoreFolder } from './keystore/software/keystore-folder.ts';
import { makeAuthority, openAuthority } from './practice/authority.ts';
import { openRollover } from './practice/rollover.ts';
import { makePrivateFolder } from './private-folder.ts';

/** Answers ENOENT to every mkdir, on which Node's own recursive mkdir never ends. */
const nowhere = '/proc/est-station-test/deeper';

describe('a private folder', () => {
  it('is made with what is missing above it, and left as it is when it is there', async () => {
    const above = await mkdtemp(join(tmpdir(), 'private-folder-'));
    onTestFinished(() => discardFolder(above));
    await mkdir(join(above, 'shared'), { mode: 0o750 });
    await makePrivateFolder(join(above, 'shared', 'one', 'two'));
    await makePrivateFolder(join(above, 'shared'));
    const modes = ['shared', 'shared/one', 'shared/one/two'].map(
      async (name) => (await stat(join(above, name))).mode & 0o777,
    );
    expect(await Promise.all(modes)).toEqual([0o750, 0o700, 0o700]);
  });
});

describe.skipIf(process.platform !== 'linux')('where no folder can be made', () => {
  it.each<[string, () => Promise<unknown>, object]>([
    ['a practice CA', () => openAuthority(nowhere), { code: 'STORE-01' }],
    ['its successor', () => openRollover(nowhere, makeAuthority(), []), { code: 'STORE-01' }],
    ['a keystore', () => new KeystoreFolder(nowhere).create(), { code: 'KEYSTORE-01' }],
    ['a demonstration', () => makeDemoFolder(nowhere), { code: 'ENOENT' }],
  ])('%s is refused', async (_name, make, refusal) => {
    await expect(make()).rejects.toMatchObject(refusal);
  });
});
