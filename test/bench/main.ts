import { benchHandshakes, median } from './handshakes.ts';

const usage = 'usage: npm run bench [-- handshakes of each kind, 10 to 10000]\n';

/** The token connector may take so many times as long as node:tls. */
const target = 1.1;

/** Benches the TLS handshakes of both connectors side by side. @returns the exit code: 1 when the target is missed. */
async function main([count = '300']: readonly string[]): Promise<number> {
  const rounds = Number(count);
  if (!Number.isInteger(rounds) || rounds < 10 || rounds > 10_000) {
    process.stderr.write(usage);
    return 2;
  }
  process.stdout.write(
    `Connections with a client certificate (P-256), ${rounds} of each kind, taking turns; medians.\n`,
  );
  let missed = false;
  for (const { version, ms } of await benchHandshakes(rounds)) {
    const [node, token] = [median(ms.node), median(ms.token)];
    const ratio = token / node;
    missed ||= ratio > target;
    const words = [
      version,
      `node:tls, key in software ${node.toFixed(2)} ms`,
      `token connector, key on SoftHSM ${token.toFixed(2)} ms`,
      `ratio ${ratio.toFixed(2)} (target at most ${target})`,
    ];
    process.stdout.write(`${words.join('   ')}\n`);
  }
  return missed ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
