import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { TokenInfo } from '../../../shared/token.ts';
import type { Station } from '../../station/station.ts';
import type { CliContext } from '../context.ts';
import { pinWords } from '../token-choice.ts';

/** `tokens`: what is in the readers of a PKCS#11 module. */
export function tokensCommand(program: Command, context: CliContext): void {
  program
    .command('tokens')
    .description('list the slots and tokens of a PKCS#11 module')
    .requiredOption('--module <path>', 'PKCS#11 module (a shared library)')
    .option('--watch', 'stay, and tell what arrives, is removed or changes', false)
    .addHelpText(
      'after',
      `
Examples:
  est-station tokens --module /usr/lib/softhsm/libsofthsm2.so
  est-station tokens --module /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so --json
  est-station tokens --module /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so --watch`,
    )
    .action(async ({ module, watch }: { module: string; watch: boolean }) => {
      const station = await context.station();
      if (watch) return await watchTokens(context, station, resolve(module));
      const tokens = await station.ports.tokens.listTokens(resolve(module));
      context.output.result({ tokens }, tokens.flatMap(tokenLines));
    });
}

const changeWords = { present: '·', arrived: '+', removed: '-', changed: '~' } as const;

/** Tells one line for each event until it is interrupted; with --json one document each. */
async function watchTokens({ output, signal }: CliContext, station: Station, module: string) {
  const now = () => station.ports.clock.now().toISOString();
  let first = true;
  const end = station.ports.tokens.watchTokens(module, ({ tokens, changes, error }) => {
    if (error !== null)
      output.result({ event: 'trouble', at: now(), error }, [`! ${error.message}`]);
    const told = first ? tokens.map((token) => ({ kind: 'present' as const, token })) : changes;
    first &&= error !== null;
    for (const { kind, token } of told) {
      const [line = '', ...others] = tokenLines(token);
      output.result({ event: kind, at: now(), token }, [`${changeWords[kind]} ${line}`, ...others]);
    }
  });
  if (!signal.aborted) await once(signal, 'abort');
  end();
}

/** A token in a person's words. */
export function tokenLines(token: TokenInfo): string[] {
  const reader = `slot ${token.slot}, ${token.slotDescription}`;
  if (!token.initialised) return [`(blank token)  ${reader}`, `  serial ${token.serial}`];
  const serial = token.serialUnique ? token.serial : `${token.serial} (not unique)`;
  return [
    `${token.label}  ${reader}`,
    `  serial ${serial}; ${token.manufacturer} ${token.model}`,
    `  ${pinWords[token.pinState]}; makes ${token.canGenerate.join(', ') || 'no key the station knows'}`,
  ];
}
