import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { forbiddenImports } from './dependency-rules.ts';

/** Prints every import that the dependency rules forbid; exit code 1 if there is one. */
const project = fileURLToPath(new URL('..', import.meta.url));
const sources = globSync('{electron,shared,renderer,build,test}/**/*.{ts,tsx}', { cwd: project });

const violations = sources
  .sort()
  .flatMap((path) => forbiddenImports(path, readFileSync(`${project}${path}`, 'utf8')));

for (const { path, line, message } of violations) {
  process.stderr.write(`${path}:${line}: ${message}\n`);
}
if (violations.length > 0) {
  process.exitCode = 1;
} else {
  process.stdout.write(`${sources.length} files keep the dependency rules\n`);
}
