import { createServer } from 'node:net';

/** The first of two neighbouring TCP ports that nobody listens on, for programs that must be told their ports. */
export async function freePortPair(): Promise<number> {
  for (;;) {
    const first = 20_000 + 2 * Math.floor(Math.random() * 6_000);
    if ((await isFree(first)) && (await isFree(first + 1))) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '0.0.0.0', () => resolve(true));
  });
  if (listening) await new Promise((resolve) => server.close(resolve));
  return listening;
}
