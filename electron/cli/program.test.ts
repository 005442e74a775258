import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { CliContext } from './context.ts';
import { Output } from './output.ts';
import { runProgram } from './program.ts';

const page = (name: string) => readFile(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8');

/** What a command line prints on stdout when it needs no station. */
async function printed(...argv: string[]): Promise<string> {
  let text = '';
  const unneeded = async (): Promise<never> => {
    throw new Error('not for help');
  };
  const context: CliContext = {
    output: new Output(
      (part) => {
        text += part;
      },
      () => undefined,
    ),
    secrets: { ask: unneeded, askNew: unneeded },
    interactive: false,
    signal: new AbortController().signal,
    readerGone: new AbortController().signal,
    askLine: unneeded,
    station: unneeded,
    startPractice: unneeded,
  };
  expect(await runProgram(context, '0.0.0', argv)).toBe(0);
  return text;
}

const overview = await printed('--help');
const commands = Array.from(
  overview.matchAll(/^ {2}([a-z][a-z-]*)/gm),
  ([, name = '']) => name,
).filter((name) => name !== 'help');
const [commandLine, practiceServer] = await Promise.all([
  page('command-line'),
  page('practice-server'),
]);

test('the commands are found in the help', () => {
  expect(commands).toEqual(expect.arrayContaining(['practice', 'enroll', 'audit-verify']));
});

describe.each(commands)('%s', (command) => {
  test('has help with an example and --json', async () => {
    const help = await printed(command, '--help');
    expect(help).toMatch(new RegExp(`^Examples?:\\n  est-station ${command}`, 'm'));
    expect(help).toContain('--json');
  });

  test('is described with its document and every option', async () => {
    expect(commandLine).toMatch(new RegExp(`^\\|[^|]*\`${command}\\b[^|]*\\|`, 'm'));
    const help = await printed(command, '--help');
    const options = Array.from(
      help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm),
      ([, option = '']) => option,
    );
    expect(options).toContain('--help');
    const described = command === 'practice' ? commandLine + practiceServer : commandLine;
    expect(options.filter((option) => !described.includes(option))).toEqual([]);
  });
});
