#!/usr/bin/env node
import { exitCodes } from '../../shared/errors/entry.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { digestAlgorithms, isDigestAlgorithm } from '../practice/digest-challenge.ts';
import {
  isPracticeFault,
  isPracticeMode,
  practiceFaults,
  practiceModes,
} from '../practice/practice.ts';
import { csrattrsShapes, isCsrattrsShape } from '../practice/wishes.ts';
import type { SecretSource } from '../station/ports.ts';
import type { Station } from '../station/station.ts';
import { version } from '../version.ts';
import type { CliContext } from './context.ts';
import { Output } from './output.ts';
import { runProgram } from './program.ts';
import { promptedSecrets } from './secret-prompt.ts';
import { standardStreams } from './standard-streams.ts';
import { typedLine } from './terminal.ts';

/** Composition root of the command line: the same station as the window, without one. */
async function main(): Promise<number> {
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true;
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => abort.abort());
  }
  const streams = standardStreams(process.stdout, process.stderr);
  const askLine = (question: string) => typedLine(question, abort.signal);
  const secrets = promptedSecrets(process.env, interactive, askLine, abort.signal);
  let opened: Promise<Station> | null = null;
  const context: CliContext = {
    output: new Output(streams.writeOut, streams.writeError),
    secrets,
    interactive,
    signal: abort.signal,
    readerGone: streams.readerGone,
    askLine,
    station: async () => {
      opened ??= openStation(secrets, abort.signal);
      return await opened;
    },
    startPractice: async ({ faults, csrattrs, mode, digest = ['SHA-256', 'MD5'], ...request }) => {
      const unknown = faults.find((fault) => !isPracticeFault(fault));
      if (unknown !== undefined) {
        const detail = `There is no fault "${unknown}"; choose from ${practiceFaults.join(', ')}.`;
        throw new StationError('USAGE-01', { detail });
      }
      if (csrattrs !== null && !isCsrattrsShape(csrattrs)) {
        const detail = `There is no shape "${csrattrs}"; choose from ${csrattrsShapes.join(', ')}.`;
        throw new StationError('USAGE-01', { detail });
      }
      if (!isPracticeMode(mode)) {
        const detail = `There is no mode "${mode}"; choose from ${practiceModes.join(', ')}.`;
        throw new StationError('USAGE-01', { detail });
      }
      if (!digest.every(isDigestAlgorithm)) {
        const detail = `A Digest algorithm is one of ${digestAlgorithms.join(', ')}.`;
        throw new StationError('USAGE-01', { detail });
      }
      const { startPractice } = await import('../practice/server.ts');
      const server = await startPractice({
        ...request,
        csrattrs,
        mode,
        digest,
        faults: faults.filter(isPracticeFault),
      });
      return { facts: { ...server.facts }, close: () => server.close() };
    },
  };
  try {
    const code = await runProgram(context, version, process.argv.slice(2));
    const unwritten = await streams.unwritten();
    if (unwritten === null) return code;
    context.output.error(unwritten.toData());
    return code === exitCodes.done ? unwritten.exitCode : code;
  } finally {
    if (opened !== null) await closeQuietly(opened);
  }
}

/** Loaded when a command needs it: help and usage errors answer at once. */
async function openStation(secretSource: SecretSource, signal: AbortSignal): Promise<Station> {
  const { composeStation } = await import('../compose.ts');
  return await composeStation({ env: process.env, secretSource, signal });
}

/** A station that could not be opened was already told; there is nothing to close then. */
async function closeQuietly(opened: Promise<Station>): Promise<void> {
  const [station] = await Promise.allSettled([opened]);
  if (station.status === 'fulfilled') await station.value.close();
}

process.exitCode = await main();
