import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { TokenInfo } from '../../../shared/token.ts';
import type { CliContext } from '../context.ts';
import { pinWords } from '../token-choice.ts';

/** `tokens`: what is in the readers of a PKCS#11 module. */
export function tokensCommand(program: Command, context: CliContext): void {
  program
    .command('tokens')
    .description('list the slots and tokens of a PKCS#11 module')
    .requiredOption('--module <path>', 'PKCS#11 module (a shared library)')
    .addHelpText(
      'after',
      `
Examples:
  est-station tokens --module /usr/lib/softhsm/libsofthsm2.so
  est-station tokens --module /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so --json`,
    )
    .action(async ({ module }: { module: string }) => {
      const station = await context.station();
      const tokens = await station.ports.tokens.listTokens(resolve(module));
      context.output.result({ tokens }, tokens.flatMap(tokenLines));
    });
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
