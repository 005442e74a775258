import { fileURLToPath } from 'node:url';
import type { Outcome } from './cell.ts';
import { faults } from './faults.ts';
import type { Shown } from './matrix.ts';

/** Where the whole run leaves what it showed, for build/faults.ts. */
export const shownFile: string = fileURLToPath(
  new URL('../../.cache/faults.json', import.meta.url),
);

/** What a cell of a page of a partial run says that no run went through. */
export const untried = '?';

/** How an outcome is told in the table. */
export function words({ code, state }: Pick<Outcome, 'code' | 'state'>): string {
  return code === null ? state : `\`${code}\` ${state}`;
}

/** Faults of single calls that no run went through, in words. */
export function neverInjected(shown: Pick<Shown, 'calls' | 'outcomes'>): string[] {
  const tried = new Set(shown.outcomes.map(({ fault, call }) => `${fault} ${call}`));
  return shown.calls.flatMap(({ step, functionName }, call) =>
    faults
      .filter(({ name, happensTo }) => happensTo(functionName) && !tried.has(`${name} ${call}`))
      .map(({ name }) => `${name} was never injected at call ${call}, ${functionName} (${step})`),
  );
}

/**
 * Lines and ends in which a page differs from what a run showed. Codes may differ between machines where a fault meets
 * a time limit, states may not.
 */
export function differences(page: string, shown: Shown): string[] {
  const states = ({ step, functionName, cells }: Row) =>
    `${step} ${functionName}: ${cells.map((cell) => statesIn(cell).join(' or ')).join(' | ')}`;
  const told = new Set(rowsOfPage(page).map(states));
  const seen = new Set(rowsOf(shown).map(states));
  return [
    ...[...seen].filter((line) => !told.has(line)).map((line) => `not on the page: ${line}`),
    ...[...told].filter((line) => !seen.has(line)).map((line) => `only on the page: ${line}`),
  ];
}

const statesIn = (cell: string) => [
  ...new Set(cell.split('; ').map((end) => end.replace(/`[^`]*` /, ''))),
];

/** A line of the table: the calls of one function during one step. */
export interface Row {
  readonly step: string;
  readonly functionName: string;
  readonly times: number;
  /** By fault, as the page tells them. */
  readonly cells: readonly string[];
}

/** The lines of the table, in the order the calls are first made. */
export function rowsOf({ calls, outcomes }: Pick<Shown, 'calls' | 'outcomes'>): Row[] {
  const keys = new Set(calls.map(({ step, functionName }) => `${step} ${functionName}`));
  return [...keys].map((key) => {
    const [step = '', functionName = ''] = key.split(' ');
    const own = outcomes.filter((one) => one.step === step && one.functionName === functionName);
    return {
      step,
      functionName,
      times: calls.filter((one) => one.step === step && one.functionName === functionName).length,
      cells: faults.map(({ name, happensTo }) =>
        happensTo(functionName) ? told(own.filter(({ fault }) => fault === name)) : '',
      ),
    };
  });
}

/** Different ends among the calls of one line. */
function told(outcomes: readonly Outcome[]): string {
  if (outcomes.length === 0) return untried;
  return [...new Set(outcomes.map(words))].toSorted().join('; ');
}

/** docs/faults.md, as the whole run showed it. */
export function faultsPage(shown: Shown): string {
  const header = ['step', 'function', 'calls', ...faults.map(({ name }) => name)];
  const lines = rowsOf(shown).map(({ step, functionName, times, cells }) =>
    [step, `\`${functionName}\``, `${times}`, ...cells].join(' | '),
  );
  const table = [header.join(' | '), header.map(() => '---').join('|'), ...lines];
  return `${introduction(shown)}\n\n${table.map((line) => `| ${line} |`).join('\n')}\n`;
}

/** How many enrollments that took; a page of a run that took one call of each line says so. */
function extent(calls: Shown['calls'], outcomes: readonly Outcome[]): string {
  const all = calls.flatMap(({ functionName }) =>
    faults.filter(({ happensTo }) => happensTo(functionName)),
  ).length;
  return outcomes.length === all
    ? `${all} enrollments in all`
    : `${outcomes.length} of ${all} enrollments: of the calls of one line, one`;
}

/** The lines of a page, read back. */
export function rowsOfPage(page: string): Row[] {
  return page
    .split('\n')
    .filter((line) => /^\| [a-z-]+ \| `C_/.test(line))
    .map((line) => {
      const [step = '', name = '', times = '', ...cells] = line
        .slice(1, -1)
        .split('|')
        .map((x) => x.trim());
      return { step, functionName: name.replaceAll('`', ''), times: Number(times), cells };
    });
}

const introduction = ({ calls, outcomes, situations, slow }: Shown) => `# Faults of a token

An enrollment on a token that was enrolled before makes ${calls.length} calls of its PKCS#11 module. Each
fault was injected where it can happen, ${extent(calls, outcomes)}, by a module that passes
calls on to SoftHSM2 and misbehaves at one of them (\`test/faulty-module.c\`). A cell tells the error and
the state the enrollment ended in; where the calls of a line end differently, each end.

After each of them, and one after the other in the same station: the journal ends as the record does
and claims nothing that pkcs11-tool does not see on the token; no PIN was sent twice, nor asked for
twice, nor written down; a certificate the server had issued is kept, with its key; the former
certificate and its key are there until the new one was stored.

**failed**: nothing was issued. The same enrollment, made again, completes, and nothing is left over on
the token. **issued-not-stored**: the certificate is kept; *store again* writes it to the token, without
asking the server. Both was done for each of ${situations} different ends, by what the token then held. **done**: the
fault was of no consequence.

* *hang*: the call never returns; the key process is killed at the call's deadline.
* *pulled*: CKR_DEVICE_REMOVED, and every later call finds the token gone.
* *device error*, *session invalid*, *memory full*: CKR_DEVICE_ERROR, CKR_SESSION_HANDLE_INVALID,
  CKR_DEVICE_MEMORY instead of the call.
* *done, then error*: the call takes effect, and CKR_DEVICE_ERROR is returned.
* *length too long*, *too short*: a length or number given back is off by three.
* *PIN low*, *final*, *locked*: flags of CK_TOKEN_INFO; nobody is there to confirm a last try.
* slow: every call of one enrollment took 5 ms longer. It ended **${slow}**.

The steps are those of the journal; *afterwards* the token is logged out. This page is made from such a
run: \`EST_STATION_FULL=1 npm run unit -- test/faults\`, then \`node build/faults.ts\`. \`npm test\` tries a part
and holds it against this page; \`npm run test:full\` tries every fault at every call, and fails when one was
never injected or an enrollment ends in another state than this page tells.

The key process was also killed while it was idle, after each answer and before each next call, and the
station itself while it waited for a call (\`test/faults/killed-key-process.test.ts\`, \`killed.test.ts\`).`;
