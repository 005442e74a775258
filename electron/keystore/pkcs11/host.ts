import { StationError } from '../../../shared/errors/station-error.ts';
import { Calls } from './calls.ts';
import { type CallInput, type CallName, callMessage, calls } from './messages.ts';
import { watchForOrphanage } from './orphan-watch.ts';
import { parentPort } from './parent-port.ts';

/**
 * The key process: loads one PKCS#11 module and makes its calls one after the other. It may crash or hang
 * with the module; its parent outlives that. It ends when the parent goes away, or after idling, so that
 * a PIN's traces and a login do not stay longer than needed.
 */
watchForOrphanage();
const port = parentPort();
const host = new Calls((name) => port.post({ id: underWay, function: name }));
let underWay = 0;
let working = false;
let queue: Promise<void> = Promise.resolve();
let idleMs = 60_000;
let idling = setTimeout(leave, idleMs);

port.onMessage((message) => {
  queue = queue.then(() => answer(message));
});
port.onDisconnect(leave);

async function answer(message: unknown): Promise<void> {
  clearTimeout(idling);
  const parsed = callMessage.safeParse(message);
  if (!parsed.success) return leave();
  const { id, call, input } = parsed.data;
  underWay = id;
  working = true;
  try {
    port.post({ id, result: await perform(call, input) });
  } catch (error) {
    port.post({ id, error: StationError.from(error).toData() });
  }
  working = false;
  idling = setTimeout(leave, idleMs);
}

async function perform<N extends CallName>(call: N, raw: unknown): Promise<unknown> {
  const input = calls[call].input.safeParse(raw);
  // The words of a schema error may quote the input, which may hold a PIN.
  if (!input.success) throw new StationError('INTERNAL-01', { detail: `input of ${call}` });
  if (call === 'start') idleMs = (raw as CallInput<'start'>).idleMs;
  return calls[call].result.parse(await host.run(call, input.data));
}

/** A call that hangs on a thread of its own would keep an orderly exit waiting for ever. */
function leave(): void {
  if (working) process.kill(process.pid, 'SIGKILL');
  host.close();
  process.exit(0);
}
