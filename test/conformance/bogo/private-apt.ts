import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const etc = '/etc/apt';
const minutes = 60_000;

/** Where sources come from: the machine's own Debian archives, asked for sources instead of packages. */
async function sourceEntries(): Promise<{ deb822: string; lines: string }> {
  const parts = (await readdir(join(etc, 'sources.list.d')).catch(() => [])).map((name) =>
    join(etc, 'sources.list.d', name),
  );
  const read = async (path: string) => await readFile(path, 'utf8').catch(() => '');
  const stanzas = await Promise.all(parts.filter((path) => path.endsWith('.sources')).map(read));
  const lists = await Promise.all(
    [join(etc, 'sources.list'), ...parts.filter((path) => path.endsWith('.list'))].map(read),
  );
  return {
    deb822: stanzas
      .flatMap((text) => text.split(/\n\s*\n/))
      .filter((stanza) => /^URIs:.*\/debian/m.test(stanza))
      .map((stanza) => stanza.replace(/^Types:.*$/m, 'Types: deb-src'))
      .join('\n\n'),
    lines: lists
      .flatMap((text) => text.split('\n'))
      .filter((line) => /^deb(-src)?\s.*\/debian/.test(line))
      .map((line) => line.replace(/^deb(-src)?\s/, 'deb-src '))
      .join('\n'),
  };
}

/**
 * Downloads a Debian source package into `folder`. Everything apt writes stays in that folder, so neither root nor a
 * change to the machine's settings is needed; apt checks signatures and digests as always.
 * @throws Error with apt's words when it cannot be had.
 */
export async function fetchSourcePackage(name: string, folder: string): Promise<void> {
  const apt = join(folder, 'apt');
  for (const path of ['lists/partial', 'cache/archives/partial', 'parts']) {
    await mkdir(join(apt, path), { recursive: true });
  }
  const { deb822, lines } = await sourceEntries();
  await writeFile(join(apt, 'parts', 'own.sources'), `${deb822}\n`);
  await writeFile(join(apt, 'parts', 'own.list'), `${lines}\n`);
  const settings = [
    'Dir::Etc::sourcelist=/dev/null',
    `Dir::Etc::sourceparts=${join(apt, 'parts')}`,
    `Dir::State::Lists=${join(apt, 'lists')}`,
    `Dir::Cache=${join(apt, 'cache')}`,
    'APT::Sandbox::User=',
  ].flatMap((setting) => ['-o', setting]);
  const options = { cwd: folder, timeout: 5 * minutes, maxBuffer: 1 << 24 };
  await run('apt-get', [...settings, '-qq', 'update'], options);
  await run('apt-get', [...settings, '-qq', 'source', '--download-only', name], options);
}
