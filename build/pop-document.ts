import { catalogue } from '../shared/errors/catalogue.ts';
import {
  connectionFinding,
  type PopFinding,
  type PopQuestion,
  type PopVerdict,
  popVerdict,
} from '../shared/pop.ts';

const base: PopQuestion = {
  popEnabled: false,
  channelBinding: 'tls-unique',
  tlsClientKey: 'none',
  tokenChannelBinding: false,
  httpScheme: 'none',
  requireExtendedMasterSecret: false,
};

/** One column: what a cell says, and every question it stands for. */
type Choices = readonly (readonly [string, readonly Partial<PopQuestion>[]])[];

const bindings = ['tls-unique', 'tls-exporter'] as const;
const proofs: Choices = [
  ['off', bindings.map((channelBinding) => ({ popEnabled: false, channelBinding }))],
  ...bindings.map(
    (channelBinding) => [channelBinding, [{ popEnabled: true, channelBinding }]] as const,
  ),
];
const keys: Choices = [
  ...(['none', 'software'] as const).map(
    (tlsClientKey) =>
      [
        tlsClientKey,
        [false, true].map((tokenChannelBinding) => ({ tlsClientKey, tokenChannelBinding })),
      ] as const,
  ),
  ['token', [{ tlsClientKey: 'pkcs11', tokenChannelBinding: false }]],
  ['token, `tokenChannelBinding`', [{ tlsClientKey: 'pkcs11', tokenChannelBinding: true }]],
];
const signIns: Choices = [
  ['none', [{ httpScheme: 'none' }]],
  ['Basic, Digest', [{ httpScheme: 'basic' }, { httpScheme: 'digest' }]],
];
const wishes: Choices = [
  ['no, or not known', [{}, { serverAsksForPop: false }]],
  ['yes', [{ serverAsksForPop: true }]],
];

/** A line of the table: its first cells, and every question that has this answer. */
export interface PopLine {
  readonly cells: readonly string[];
  readonly questions: readonly PopQuestion[];
}

/** Every combination the policy can be asked about, those that must not differ in one line. */
export function popLines(): PopLine[] {
  const none: PopLine[] = [{ cells: [], questions: [base] }];
  return [proofs, keys, signIns, wishes].reduce(
    (lines, choices) =>
      lines.flatMap(({ cells, questions }) =>
        choices.map(([cell, changes]) => ({
          cells: [...cells, cell],
          questions: questions.flatMap((question) =>
            changes.map((change) => ({ ...question, ...change })),
          ),
        })),
      ),
    none,
  );
}

/** `docs/pop.md`: the policy over all combinations. */
export function popPage(): string {
  const lines = popLines().map(({ cells, questions }) => {
    const verdict = popVerdict(questions[0] ?? base);
    return row([...cells, outcome(verdict), codes(verdict.findings)]);
  });
  return `${introduction}

| proof of possession | TLS client key | HTTP sign-in | server asks for it | outcome | findings |
|---|---|---|---|---|---|
${lines.join('\n')}

## What the connection adds

${connectionIntroduction}

| binding | connection | \`requireExtendedMasterSecret\` | outcome |
|---|---|---|---|
${connectionRows().join('\n')}

## Findings

${findings().map(finding).join('\n\n')}
`;
}

const introduction = `# Proof of possession

A certification request can carry a value of the very TLS connection it travels on, so that nobody else can
have sent it (RFC 7030 §3.5). This is everything the station's policy says about it, before anything is sent:
one pure function (\`shared/pop.ts\`), which the window shows, the station enforces and \`profile-check\` prints.
A finding **blocks**, **warns** (it stands in the record of the enrollment) or informs.

This page is made from \`shared/pop.ts\` by \`build/generate-docs.ts\`.`;

const connectionIntroduction = `The extended master secret (RFC 7627) makes a TLS 1.2 connection's values its own. TLS 1.3 always has it.
Where it is missing, \`POP-08\` is raised before a key is made.`;

function outcome({ allowed, binding, maxTls }: PopVerdict): string {
  if (!allowed) return '**refused**';
  const versions = maxTls === 'TLSv1.2' ? 'TLS 1.2' : 'TLS 1.2, 1.3';
  return binding === null ? `unbound, ${versions}` : `bound, ${versions}`;
}

function codes(list: readonly PopFinding[]): string {
  return list.map(({ code, severity }) => `${code} ${severity}`).join(', ') || '-';
}

function connectionRows(): string[] {
  const present = [
    ['extended master secret', true],
    ['none', false],
    ['not known', null],
  ] as const;
  return bindings.flatMap((channelBinding) =>
    present.flatMap(([words, extendedMasterSecret]) =>
      [false, true].map((requireExtendedMasterSecret) => {
        const question = { ...base, popEnabled: true, channelBinding, requireExtendedMasterSecret };
        const facts = { protocol: 'TLSv1.2', extendedMasterSecret } as const;
        const found = connectionFinding(question, facts);
        const told = found === null ? 'bound' : codes([found]);
        return row([
          channelBinding,
          `TLS 1.2, ${words}`,
          String(requireExtendedMasterSecret),
          told,
        ]);
      }),
    ),
  );
}

/** Every finding once, by code. */
function findings(): PopFinding[] {
  const all = popLines().flatMap(({ questions }) =>
    questions.flatMap((question) => popVerdict(question).findings),
  );
  const missing = connectionFinding(
    { ...base, popEnabled: true },
    { protocol: 'TLSv1.2', extendedMasterSecret: false },
  );
  const known = new Map(
    [...all, ...(missing === null ? [] : [missing])].map((one) => [one.code, one]),
  );
  return [...known.values()].sort((a, b) => a.code.localeCompare(b.code));
}

function finding({ code, clause }: PopFinding): string {
  const { what, why, waysOut } = catalogue[code].en;
  const ways = waysOut.map((way) => `- ${way}`).join('\n');
  return `### ${code}\n\n**${what}** ${why}\n\n${ways}\n\n${clause}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
