import { type Command, InvalidArgumentError } from 'commander';
import type { CliContext, PracticeRequest } from '../context.ts';
import { jsonSchemaVersion } from '../output.ts';

/** `practice`: runs the built-in EST server until it is told to stop. */
export function practiceCommand(program: Command, context: CliContext): void {
  program
    .command('practice')
    .description('run the built-in practice EST server until SIGTERM or Ctrl-C')
    .option('--port <n>', 'port on the loopback interface; 0 = a free one', port, 0)
    .requiredOption('--dir <folder>', 'folder for the practice CA; made when absent')
    .option('--unwrapped', 'send base64 without line breaks', false)
    .option('--require-pop', 'refuse requests without proof of possession', false)
    .option(
      '--pending <seconds>',
      'answer the first request with 202 and this Retry-After',
      seconds,
    )
    .option(
      '--http-auth <scheme>',
      'what clients are asked for: basic, digest or both',
      httpAuth,
      'basic',
    )
    .option(
      '--digest <algorithm>',
      'Digest algorithm offered: SHA-512-256, SHA-256 or MD5, each also with -sess; may be repeated',
      collect,
    )
    .option('--digest-qop <qop>', 'what Digest protects: auth or auth-int', qop, 'auth')
    .option('--approval', 'answer 202 until a file named approve lies in the folder', false)
    .option(
      '--max-tls <version>',
      'highest TLS version offered: TLSv1.2 or TLSv1.3',
      tls,
      'TLSv1.3',
    )
    .option(
      '--revoke <serial>',
      'list this serial number (hex) as revoked; may be repeated',
      collect,
      [],
    )
    .option('--rollover <phase>', 'change the root: in-progress or finished', phase)
    .option('--cmc-ra', "show a registration authority's certificate for another name", false)
    .option('--csrattrs <shape>', 'what csrattrs answers: absent, empty, oids, legacy, template, …')
    .option('--mode <mode>', 'where names come from: request, client or ra', 'request')
    .option(
      '--fault <name>',
      'misbehave in one way (docs/practice-server.md lists them); may be repeated',
      collect,
      [],
    )
    .addHelpText(
      'after',
      `
Examples:
  est-station practice --port 0 --dir ./practice --json > practice.json
  est-station practice --port 8443 --dir ./practice --require-pop
  est-station practice --dir ./practice --csrattrs template --mode ra
  est-station practice --dir ./practice --http-auth digest --fault digest-closes
  est-station practice --dir ./practice --http-auth both --digest SHA-512-256-sess --digest MD5
  est-station practice --dir ./practice --fault garbage-enroll`,
    )
    .action(async (options: Options) => {
      const practice = await context.startPractice(request(options));
      const { facts } = practice;
      context.output.result({ ...facts, schemaVersion: jsonSchemaVersion }, [
        `Practice EST server ready: ${facts.url}`,
        ...Object.entries(facts)
          .filter(([name]) => name !== 'schemaVersion' && name !== 'url')
          .map(([name, value]) => `  ${name.padEnd(14)} ${value}`),
        'Stop it with Ctrl-C.',
      ]);
      await aborted(context.signal);
      await practice.close();
    });
}

interface Options {
  readonly port: number;
  readonly dir: string;
  readonly unwrapped: boolean;
  readonly requirePop: boolean;
  readonly pending?: number;
  readonly approval: boolean;
  readonly revoke: readonly string[];
  readonly rollover?: 'in-progress' | 'finished';
  readonly cmcRa: boolean;
  readonly httpAuth: PracticeRequest['httpAuth'];
  readonly digest?: readonly string[];
  readonly digestQop: PracticeRequest['digestQop'];
  readonly maxTls: PracticeRequest['maxTls'];
  readonly csrattrs?: string;
  readonly mode: string;
  readonly fault: readonly string[];
}

function request({
  fault,
  pending,
  csrattrs,
  revoke,
  rollover,
  digest,
  ...rest
}: Options): PracticeRequest {
  return {
    ...rest,
    ...(digest === undefined ? {} : { digest }),
    pendingSeconds: pending ?? null,
    revoked: revoke,
    rollover: rollover ?? null,
    csrattrs: csrattrs ?? null,
    faults: fault,
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function port(text: string): number {
  return wholeNumber(text, 65_535, 'a port from 0 to 65535');
}

function seconds(text: string): number {
  return wholeNumber(text, 604_800, 'seconds from 0 to 604800');
}

function wholeNumber(text: string, most: number, what: string): number {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most)) throw new InvalidArgumentError(`It must be ${what}.`);
  return value;
}

function tls(text: string): PracticeRequest['maxTls'] {
  if (text === 'TLSv1.2' || text === 'TLSv1.3') return text;
  throw new InvalidArgumentError('It must be TLSv1.2 or TLSv1.3.');
}

function httpAuth(text: string): PracticeRequest['httpAuth'] {
  if (text === 'basic' || text === 'digest' || text === 'both') return text;
  throw new InvalidArgumentError('It must be basic, digest or both.');
}

function qop(text: string): PracticeRequest['digestQop'] {
  if (text === 'auth' || text === 'auth-int') return text;
  throw new InvalidArgumentError('It must be auth or auth-int.');
}

function phase(text: string): 'in-progress' | 'finished' {
  if (text === 'in-progress' || text === 'finished') return text;
  throw new InvalidArgumentError('It must be in-progress or finished.');
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}
