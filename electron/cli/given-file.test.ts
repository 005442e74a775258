import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { discardFolder } from '../../test/discard-folder.ts';
import { boundedFile, readGivenFile } from './given-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'est-given-'));
});
afterAll(() => discardFolder(folder));

describe('a file that a person named', () => {
  test('is read up to 1 MiB', async () => {
    const file = join(folder, 'whole');
    for (const length of [0, 1, 1_048_576]) {
      await writeFile(file, Buffer.alloc(length, 7));
      expect((await boundedFile(file)).equals(Buffer.alloc(length, 7))).toBe(true);
    }
  });

  test.each([
    {
      name: 'too large',
      make: (file: string) => writeFile(file, Buffer.alloc(1_048_577)),
      why: 'larger than 1048576',
    },
    { name: 'absent', make: async () => undefined, why: 'no such file' },
  ])('is refused when it is $name', async ({ name, make, why }) => {
    const file = join(folder, name);
    await make(file);
    await expect(boundedFile(file)).rejects.toThrow(why);
    await expect(readGivenFile(file)).rejects.toMatchObject({
      code: 'USAGE-01',
      params: { detail: expect.stringMatching(`^${file} cannot be read: .*${why}`) },
    });
  });

  test('is refused when it is a folder', async () => {
    await expect(boundedFile(folder)).rejects.toThrow('a folder');
  });

  test.skipIf(process.platform === 'win32')('is refused when it has no end', async () => {
    await expect(boundedFile('/dev/zero')).rejects.toThrow('larger');
  });
});
