import { readFileSync } from 'node:fs';
import { readExpectations } from '../test/conformance/bogo/expectations.ts';
import { areas } from '../test/conformance/misbehaviour/areas.ts';
import figures from '../test/conformance/mutation/figures.json' with { type: 'json' };

/** docs/tls-conformance.md: what independent judges say of the TLS client and of path validation. */
export function tlsConformancePage(): string {
  return `${[introduction, bogoSection(), pkitsSection(), serversSection()].join('\n\n')}\n`;
}

const introduction = `# TLS conformance

A TLS client of our own (\`electron/tls/token/\`, used only when the TLS client key lies in a token) owes its
place to evidence that a sceptical reader can repeat. This page is made by \`build/generate-docs.ts\` from what
the runs recorded; \`npm run conformance\` repeats the first part and ends with 1 on any regression, and
\`npm run test:full\` runs all of it.`;

function bogoSection(): string {
  const { sources, passed, unimplemented, features, notPassed } = readExpectations();
  const listed = notPassed.reduce((sum, { cases }) => sum + cases.length, 0);
  const groups = notPassed.map(({ reason, kind, cases }) =>
    [
      `### ${endings[kind]}: ${cases.length}`,
      '',
      reason,
      '',
      cases.map((name) => `\`${name}\``).join(', '),
    ].join('\n'),
  );
  const left = Object.entries(features).map(([feature, count]) => `| ${feature} | ${count} |`);
  return [
    '## BoGo, the conformance runner of BoringSSL',
    '',
    `Sources: Debian's \`${sources}\`, built with Debian's Go 1.19 outside the project on first use. The runner is a`,
    'TLS stack that misbehaves on purpose and judges what the client makes of it, alerts included; the shim',
    '(`test/conformance/bogo/shim.ts`) drives the very client that the token connector uses. Errors of the shim',
    'itself are counted apart and fail the run, because a broken shim would pass every case that expects a failure.',
    "BoringSSL's names of errors are not compared (`-loose-errors`); alerts are.",
    '',
    '| cases | |',
    '|---|---|',
    `| passed | ${passed} |`,
    `| not passed, listed below | ${listed} |`,
    `| of a feature left out on purpose | ${unimplemented} |`,
    '',
    'No case in which a server is accepted without proof of its key may be on the list: the run fails then,',
    'whatever the list says. Passed cases may only grow, the others only shrink.',
    '',
    'Features left out, and the connections of the run that asked for them first:',
    '',
    '| feature | connections |',
    '|---|---|',
    ...left,
    '',
    groups.join('\n\n'),
  ].join('\n');
}

const endings = {
  refused: 'Ended here, works in BoringSSL',
  'other-error': 'Ended as wanted, with another alert',
  accepted: 'Goes on here, ended by BoringSSL',
} as const;

interface PathVerdict {
  readonly name: string;
  readonly suite: 'valid' | 'invalid';
  readonly station: string;
}

function pkitsSection(): string {
  const file = new URL('../test/conformance/pkits.json', import.meta.url);
  const vectors: readonly PathVerdict[] = JSON.parse(readFileSync(file, 'utf8'));
  const agrees = ({ suite, station }: PathVerdict) => (suite === 'valid') === (station === 'valid');
  const differing = vectors.filter((vector) => !agrees(vector));
  return [
    "## NIST's PKITS: path validation",
    '',
    `Certificates and CRLs of Debian's \`python3-cryptography-vectors\` at a fixed time; the table of verdicts is ours.`,
    `${vectors.length - differing.length} of ${vectors.length} verdicts are those of the suite. The others, refused by policy, never accepted:`,
    '',
    '| vector | of the suite | here |',
    '|---|---|---|',
    ...differing.map(({ name, suite, station }) => `| ${name} | ${suite} | refused: ${station} |`),
  ].join('\n');
}

function serversSection(): string {
  const rows = Object.values(areas).flat().length;
  const counts = figures.flatMap(({ endings: each }) => Object.entries(each));
  const sum = (wanted: (ending: string) => boolean) =>
    counts.reduce((total, [ending, count]) => total + (wanted(ending) ? count : 0), 0);
  return [
    '## Misbehaving servers and changed messages',
    '',
    `${rows} servers that are wrong in one way, and ${sum(() => true)} connections with one change each`,
    `(${sum((ending) => ending === 'defect')} accepted wrongly): [tls-servers.md](tls-servers.md). Peers that behave (OpenSSL,`,
    'GnuTLS, nginx, Node, Java): `test/interop/`.',
  ].join('\n');
}
