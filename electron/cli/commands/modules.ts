import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ModuleEntry, ModuleProbe } from '../../../shared/pkcs11-module.ts';
import { chosenModule, listModules } from '../../station/module-list.ts';
import type { CliContext } from '../context.ts';

interface Options {
  readonly probe: boolean;
  readonly module?: string;
  readonly libraryParameters?: string;
}

/** `modules`: the PKCS#11 modules of this computer. */
export function modulesCommand(program: Command, context: CliContext): void {
  program
    .command('modules')
    .description('list the PKCS#11 modules that are installed here')
    .option('--probe', 'load each in a process of its own and look at its slots', false)
    .option('--module <path>', 'probe this file instead')
    .option('--library-parameters <text>', 'what the module of --module wants to be told')
    .addHelpText(
      'after',
      `
Examples:
  est-station modules
  est-station modules --probe --json
  est-station modules --module ./vendor.so`,
    )
    .action(async ({ probe, module, libraryParameters }: Options) => {
      const { tokens } = (await context.station()).ports;
      const modules =
        module === undefined
          ? await listModules(tokens, probe)
          : [await chosenModule(tokens, resolve(module), libraryParameters ?? null)];
      context.output.result({ modules }, modules.flatMap(moduleLines));
    });
}

function moduleLines({ name, path, libraryParameters, probe }: ModuleEntry): string[] {
  return [
    name === '' ? path : `${name}  ${path}`,
    ...(libraryParameters === null ? [] : [`  wants --library-parameters "${libraryParameters}"`]),
    ...(probe === null ? [] : [`  ${probeWords(probe)}`]),
  ];
}

function probeWords(probe: ModuleProbe): string {
  if (!probe.usable) return `not usable: ${probe.error.message} (${probe.error.code})`;
  const { manufacturer, library, version, cryptoki, tokens } = probe;
  return `${library} ${version} by ${manufacturer}, PKCS#11 ${cryptoki}; tokens: ${tokens}`;
}
