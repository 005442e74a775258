import { fuzz, keep } from './fuzzing.ts';
import { targets } from './targets.ts';

const usage = 'usage: node build/run.mjs fuzz [seconds for each target, 1 to 3600] [target …]\n';

/** Fuzzes every target, or those named, and keeps what breaks one. @returns the exit code. */
async function main([duration = '20', ...names]: readonly string[]): Promise<number> {
  const seconds = Number(duration);
  const unknown = names.filter((name) => !targets.some((target) => target.name === name));
  if (!(seconds >= 1 && seconds <= 3600) || unknown.length > 0) {
    process.stderr.write(usage);
    process.stderr.write(`targets: ${targets.map(({ name }) => name).join(', ')}\n`);
    return 2;
  }
  const seed = Date.now() & 0x7fff_ffff;
  process.stdout.write(`seed ${seed}, ${seconds} s for each target\n`);
  let defects = 0;
  for (const target of targets) {
    if (names.length > 0 && !names.includes(target.name)) continue;
    const { runs, defect } = await fuzz(target, seconds * 1000, seed);
    const told =
      defect === null ? 'good' : `${defect.reason}; kept in ${await keep(target, defect.input)}`;
    process.stdout.write(`${target.name.padEnd(16)} ${String(runs).padStart(9)} inputs  ${told}\n`);
    if (defect !== null) defects += 1;
  }
  return defects === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
