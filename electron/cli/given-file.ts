import { open } from 'node:fs/promises';
import { StationError } from '../../shared/errors/station-error.ts';

/** Bytes; profiles, certificates, key files and lists of tokens are smaller. */
const largestFile = 1_048_576;

const reasons: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'there is no such file'],
  ['EACCES', 'this account may not read it'],
  ['EPERM', 'this account may not read it'],
  ['EISDIR', 'it is a folder'],
]);

/**
 * Reads a file a person named, at most 1 MiB; of a device or a pipe without end no more than that either.
 * @throws Error that says in words why not.
 */
export async function boundedFile(file: string): Promise<Buffer> {
  try {
    return await readBounded(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    const reason = reasons.get(code);
    throw reason === undefined ? error : new Error(reason, { cause: error });
  }
}

async function readBounded(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  const content = Buffer.alloc(largestFile + 1);
  try {
    let length = 0;
    while (length < content.length) {
      const { bytesRead } = await handle.read(content, length, content.length - length);
      if (bytesRead === 0) return Buffer.from(content.subarray(0, length));
      length += bytesRead;
    }
    throw new Error(`it is larger than ${largestFile} bytes`);
  } finally {
    // It may hold a key.
    content.fill(0);
    await handle.close();
  }
}

/** Reads a file a person named, at most 1 MiB. @throws StationError USAGE-01 */
export async function readGivenFile(file: string): Promise<Buffer> {
  try {
    return await boundedFile(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StationError(
      'USAGE-01',
      { detail: `${file} cannot be read: ${reason}.` },
      { cause: error },
    );
  }
}
