import { fileURLToPath } from 'node:url';
import type { ConformanceCase } from '../test/conformance/conformance-case.ts';

/** A case as a test of the run met it. */
export interface Observation {
  readonly id: string;
  readonly verdict: string;
  /** Path in the project. */
  readonly file: string;
  /** Full name of the test. */
  readonly test: string;
}

/** Where the reporter leaves the observations of the latest gate. */
export const observationsFile: string = fileURLToPath(
  new URL('../.cache/conformance.json', import.meta.url),
);

/** What a run did not show: cases not exercised, or exercised with another verdict, in words. */
export function shortcomings(
  cases: readonly ConformanceCase[],
  observations: readonly Observation[],
): string[] {
  return cases.flatMap(({ id, verdict }) => {
    const own = observations.filter((observation) => observation.id === id);
    if (own.length === 0) return [`${id} was not exercised`];
    return own
      .filter((observation) => observation.verdict !== verdict)
      .map(
        ({ file, test, verdict: seen }) => `${id} is ${verdict}, but ${seen} in ${file}: ${test}`,
      );
  });
}

/** docs/est-conformance.md, as the run showed it. */
export function conformancePage(
  cases: readonly ConformanceCase[],
  observations: readonly Observation[],
): string {
  const headings = [...new Set(cases.map(({ heading }) => heading))];
  const sections = headings.map((heading) => {
    const own = cases.filter((one) => one.heading === heading);
    return [`## ${heading}`, '', ...columns, ...own.map((one) => row(one, observations))].join(
      '\n',
    );
  });
  return `${[introduction(cases), ...sections].join('\n\n')}\n`;
}

const columns = ['| case | clause | verdict | code | test |', '|---|---|---|---|---|'];

const introduction = (cases: readonly ConformanceCase[]) => `# Conformance

${cases.length} cases an EST client must get right, and what the station makes of each: **accept**,
**warn** (accepted, and told by a notice) or **refuse** (an error of docs/errors.md, nothing stored,
nothing trusted). A test saw every line: \`npm test\` collects what its tests met and fails when a case
was not exercised or ended in another way.

This page is made from such a run: \`node build/conformance.ts\` after \`npm test\`. The list is
\`test/conformance/cases/\`.`;

/** Of several tests the first by name stands for the case, so that the page does not depend on their order. */
function row({ id, title, clause, verdict }: ConformanceCase, all: readonly Observation[]): string {
  const tests = all.filter((one) => one.id === id).map(({ file, test }) => `${file}: ${test}`);
  const [word = '', ...codes] = verdict.split(' ');
  const [test = ''] = tests.toSorted();
  const cells = [`${title} (\`${id}\`)`, clause, word, codes.join(', '), test];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
}
