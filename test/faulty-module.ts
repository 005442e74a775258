import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const source = fileURLToPath(new URL('./faulty-module.c', import.meta.url));
const headers = join(
  dirname(createRequire(import.meta.url).resolve('pkcs11js/package.json')),
  'includes/pkcs11',
);

/** A PKCS#11 module that passes calls on to a real one and misbehaves on demand (see faulty-module.c). */
export interface FaultyModule {
  readonly module: string;
  readonly env: Readonly<Record<string, string>>;
  /** Sets the faults in force from now on, e.g. `C_Sign hang`, `C_Login fail 0xA4`; none clears them. */
  script(...faults: string[]): Promise<void>;
  /** The functions called so far, in their order. */
  calls(): Promise<string[]>;
  /** The calls made so far, in their order, by all processes. */
  record(): Promise<RecordedCall[]>;
  /** Begins the record anew; no process may be in the module. */
  forget(): Promise<void>;
}

/** One call of a module's function. */
export interface RecordedCall {
  readonly name: string;
  /** Of the PIN that C_Login was given; empty for every other call. */
  readonly digest: string;
}

/** Compiles the module into `dir`, in front of the module `real`. */
export async function makeFaultyModule(dir: string, real: string): Promise<FaultyModule> {
  const module = join(dir, 'faulty-pkcs11.so');
  const scriptFile = join(dir, 'faults');
  const log = join(dir, 'calls');
  await run('gcc', ['-shared', '-fPIC', '-O1', '-w', `-I${headers}`, '-o', module, source, '-ldl']);
  const script = (...faults: string[]) => writeFile(scriptFile, `${faults.join('\n')}\n`);
  await script();
  const record = async () => {
    const text = await readFile(log, 'utf8').catch(() => '');
    return Array.from(text.matchAll(/^(\S+) +(\S*) *$/gm), ([, name = '', digest = '']) => {
      return { name, digest };
    });
  };
  return {
    module,
    env: { FAULTY_REAL: real, FAULTY_SCRIPT: scriptFile, FAULTY_LOG: log },
    script,
    calls: async () => (await record()).map(({ name }) => name),
    record,
    forget: () => rm(log, { force: true }),
  };
}
