import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import type { ProcessLauncher } from '../../electron/keystore/process-launcher.ts';

/** Key processes are counted: none may be left behind. */
export function countingLauncher(env: Readonly<Record<string, string>>) {
  const launcher = nodeProcessLauncher({ env });
  const running = { count: 0 };
  const counting: ProcessLauncher = {
    launch(entry) {
      const process = launcher.launch(entry);
      running.count += 1;
      process.onExit(() => {
        running.count -= 1;
      });
      return process;
    },
  };
  return { launcher: counting, running };
}
