import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { AlertReceived, TlsFailure, WireEnded } from '../../../electron/tls/token/failure.ts';
import { TlsClient } from '../../../electron/tls/token/tls-client.ts';
import { clientOptions } from './client-options.ts';
import { exchange, UnexpectedFacts } from './exchange.ts';
import { parseFlags } from './flags.ts';

/**
 * The program under BoGo's test: one connection to the runner by the token connector's TLS client, as the flags say.
 * Exit 0 when it went well, 1 with a reason when the connection failed, 3 when the shim itself is at fault, which is
 * noted in the file named first, because a broken shim would pass every case that expects a failure.
 */
async function main([notes = '', ...args]: readonly string[]): Promise<number> {
  let wire: Socket | null = null;
  try {
    const flags = parseFlags(args);
    const port = flags.number('-port');
    if (port === null) throw new Error('no -port');
    wire = await dial(port);
    await exchange(new TlsClient(wire, clientOptions(flags)), flags);
    return 0;
  } catch (error) {
    if (isConnectionFailure(error)) {
      process.stderr.write(`${reasonOf(error)}\n`);
      return 1;
    }
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`defect: ${words}\n`);
    appendFileSync(notes, `defect: ${args.join(' ')}: ${words.replaceAll('\n', ' ')}\n`);
    return 3;
  } finally {
    wire?.destroySoon();
  }
}

/** The runner listens on IPv6 where the machine has it. */
async function dial(port: number): Promise<Socket> {
  for (const host of ['::1', '127.0.0.1']) {
    const socket = connect({ host, port, noDelay: true });
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    if (connected) return socket;
  }
  throw new Error(`nothing listens on port ${port}`);
}

function isConnectionFailure(error: unknown): error is Error {
  const wireErrors = ['ECONNRESET', 'EPIPE'];
  return (
    error instanceof TlsFailure ||
    error instanceof AlertReceived ||
    error instanceof WireEnded ||
    error instanceof UnexpectedFacts ||
    (error instanceof Error && 'code' in error && wireErrors.includes(String(error.code)))
  );
}

function reasonOf(error: Error): string {
  const alert = error instanceof TlsFailure ? ` (alert ${error.alert})` : '';
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.name}: ${error.message}${cause}${alert}`;
}

process.exitCode = await main(process.argv.slice(2));
