import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { chmod, open, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StationError } from '../../../shared/errors/station-error.ts';
import { makePrivateFolder } from '../../private-folder.ts';

/** `key`: encrypted PKCS#8; `crt`: the certificate chain, leaf first; `check`: the keystore's own. All PEM. */
export type FileKind = 'key' | 'crt' | 'check';

/** No honest key or chain is larger. */
const mostBytes = 1_048_576;

/**
 * A folder of PEM files that only its owner can read, written atomically.
 * Everything it throws is StationError KEYSTORE-01.
 */
export class KeystoreFolder {
  /** Absolute path. */
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /** Makes the folder, mode 0700 (Windows: the profile's own protection). */
  async create(): Promise<void> {
    await this.#tell(async () => {
      await makePrivateFolder(this.path);
      await chmod(this.path, 0o700);
    });
  }

  /** Refuses a path that is not a folder. */
  mustExist(): void {
    const found = this.#tellSync(() => statSync(this.path));
    if (!found.isDirectory()) throw this.#refusal('it is not a folder');
  }

  /** The aliases that have a file here, in order. */
  aliases(): string[] {
    const names = this.#tellSync(() => readdirSync(this.path));
    const found = names.flatMap((name) => {
      const encoded = /^(.+)\.(?:key|crt)\.pem$/.exec(name)?.[1];
      const alias = encoded === undefined ? null : decodeAlias(encoded);
      return alias === null ? [] : [alias];
    });
    return [...new Set(found)].sort();
  }

  /** The file's text, null when there is none. */
  read(alias: string, kind: FileKind): string | null {
    const file = this.#file(alias, kind);
    return this.#tellSync(() => {
      try {
        if (statSync(file).size > mostBytes) throw this.#refusal(`${file} is too large`);
        return readFileSync(file, 'utf8');
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return null;
        throw error;
      }
    });
  }

  /** Writes beside, syncs, then renames over the old file: a power cut leaves the one or the other. */
  async write(alias: string, kind: FileKind, text: string): Promise<void> {
    const file = this.#file(alias, kind);
    const beside = join(this.path, `.${randomBytes(8).toString('hex')}.tmp`);
    await this.#tell(async () => {
      try {
        const handle = await open(beside, 'wx', 0o600);
        try {
          await handle.writeFile(text);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(beside, file);
        await this.#sync();
      } catch (error) {
        await rm(beside, { force: true });
        throw error;
      }
    });
  }

  /** Renames a file over whatever stood there; a missing one is no error. */
  async move(from: string, to: string, kind: FileKind): Promise<void> {
    const [source, target] = [this.#file(from, kind), this.#file(to, kind)];
    await this.#tell(async () => {
      await rename(source, target).catch((error) => {
        if (errorCode(error) !== 'ENOENT') throw error;
      });
      await this.#sync();
    });
  }

  async remove(alias: string, kind: FileKind): Promise<void> {
    const file = this.#file(alias, kind);
    await this.#tell(async () => {
      await rm(file, { force: true });
      await this.#sync();
    });
  }

  /** Makes renames and removals durable; Windows cannot open a folder and does without. */
  async #sync(): Promise<void> {
    if (process.platform === 'win32') return;
    const folder = await open(this.path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  #file(alias: string, kind: FileKind): string {
    const encoded = encodeAlias(alias);
    if (encoded.length === 0 || encoded.length > 200) {
      throw this.#refusal('the alias is empty or too long for a file name');
    }
    return join(this.path, `${encoded}.${kind}.pem`);
  }

  #refusal(detail: string, cause?: unknown): StationError {
    return new StationError('KEYSTORE-01', { path: this.path, detail }, { cause });
  }

  async #tell<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.#refusalOf(error);
    }
  }

  #tellSync<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw this.#refusalOf(error);
    }
  }

  #refusalOf(error: unknown): StationError {
    if (error instanceof StationError) return error;
    return this.#refusal(errorCode(error) ?? String(error), error);
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** Everything but letters, digits, `_`, `-` and inner dots becomes `%XX`: no alias can leave the folder. */
export function encodeAlias(alias: string): string {
  return [...Buffer.from(alias, 'utf8')]
    .map((byte, index) => {
      const character = String.fromCharCode(byte);
      const plain = /[A-Za-z0-9_-]/.test(character) || (character === '.' && index > 0);
      return plain ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

/** The alias of a file name; null when the name is not one that encodeAlias makes. */
export function decodeAlias(encoded: string): string | null {
  try {
    const alias = decodeURIComponent(encoded);
    return encodeAlias(alias) === encoded ? alias : null;
  } catch {
    return null;
  }
}
