import { Worker } from 'node:worker_threads';

/**
 * Runs on a thread of its own, because the main thread may be stuck inside vendor code for ever. Plain JavaScript as
 * text: the packaged key process is one file. A process whose parent died gets another parent, except on Windows,
 * where the parent's number stays and names nobody.
 */
const watch = `
const parent = require('node:worker_threads').workerData;
const gone = () => {
  if (process.ppid !== parent) return true;
  try {
    process.kill(parent, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
};
setInterval(() => {
  if (gone()) process.kill(process.pid, 'SIGKILL');
}, 500);
`;

/**
 * Ends this process within a second of its parent's death, whatever its main thread is doing: a key process that
 * hangs in a module would otherwise hold the token, and a login, when its parent was killed.
 */
export function watchForOrphanage(): void {
  // Read here: the thread may start only after the parent has gone.
  const workerData = process.ppid;
  new Worker(watch, { eval: true, workerData }).unref();
}
