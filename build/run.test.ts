import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { discardFolder } from '../test/discard-folder.ts';

const project = fileURLToPath(new URL('..', import.meta.url));

/** Runs a task with nothing on stdin and collects what it leaves behind. */
async function run(...args: readonly string[]) {
  const child = spawn(process.execPath, ['build/run.mjs', ...args], { cwd: project });
  child.stdin.end();
  const ended = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  return { code, stdout, stderr };
}

describe('a task', () => {
  it('that is unknown is refused with the known ones', async () => {
    const { code, stdout, stderr } = await run('provision');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('unknown task "provision"');
    expect(stderr).toContain('station');
  });

  it('prints nothing on stdout but its own output', async () => {
    const { code, stdout } = await run('station', '--version');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${packageJson.version}\n` });
  });

  it('passes its exit code on', async () => {
    const { code } = await run('station', 'no-such-command');
    expect(code).toBe(2);
  });

  it.each([
    ['the runner', [process.execPath, 'build/run.mjs', 'station']],
    ['npm', ['npm', 'run', '-s', 'station', '--']],
  ])('ends in good order when %s is told to end', async (_, [program = '', ...args]) => {
    const folder = await mkdtemp(join(tmpdir(), 'run-'));
    const child = spawn(program, [...args, 'practice', '--port', '0', '--dir', folder, '--json'], {
      cwd: project,
      env: { ...process.env, EST_STATION_HOME: folder },
    });
    try {
      const ended = once(child, 'exit');
      await once(child.stdout, 'data');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
      await discardFolder(folder);
    }
  });
});
