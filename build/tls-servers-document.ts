import { areas } from '../test/conformance/misbehaviour/areas.ts';
import { alertWords, type Misbehaviour } from '../test/conformance/misbehaviour/misbehaviour.ts';
import figures from '../test/conformance/mutation/figures.json' with { type: 'json' };
import { harmless } from '../test/conformance/mutation/harmless.ts';

/** docs/tls-servers.md: what the tests do to the station's TLS clients, and what must come of it. */
export function tlsServersPage(): string {
  return `${[introduction, misbehaviourSection(), mutationSection(), harmlessSection()].join('\n\n')}\n`;
}

const introduction = `# TLS servers that misbehave

What the token connector's TLS client is held against, beside BoringSSL's runner: a TLS server written for
it (\`test/tls-server/\`), from the standards and without a line in common with the client. Honest, it serves
\`node:tls\` and \`openssl s_client\`; told so, it is wrong in one way. This page is made from the tables of
the tests by \`build/generate-docs.ts\`.`;

function misbehaviourSection(): string {
  const all = Object.values(areas).flat();
  const tables = Object.entries(areas).map(([when, rows]) =>
    [
      `### It misbehaves ${when} (${rows.length})`,
      '',
      '| the server | must end | alert | error |',
      '|---|---|---|---|',
      ...rows.map(row),
    ].join('\n'),
  );
  const differing = all.filter(({ nodeDiffers }) => nodeDiffers !== undefined).length;
  return [
    '## Wrong in one way',
    '',
    `${all.length} servers, each met by the token connector in every run of the tests, and by the node connector as`,
    `well but for ${differing} rows, in which \`node:tls\` behaves otherwise or is not asked; the row says why. The alert`,
    'is asked of the token connector only. Where the standards leave it open, one of several may come; a',
    'connection that must break afterwards may also not come about.',
    '',
    tables.join('\n\n'),
  ].join('\n');
}

const endings = {
  refused: 'no connection',
  broken: 'broken afterwards',
  accepted: 'accepted, rightly',
} as const;

function row(misbehaviour: Misbehaviour): string {
  const { name, verdict, codes = [], nodeDiffers } = misbehaviour;
  const remark = nodeDiffers === undefined ? '' : `; ${nodeDiffers}`;
  const alert = verdict === 'accepted' ? '' : alertWords(misbehaviour);
  return `| ${name}${remark} | ${endings[verdict]} | ${alert} | ${codes.join(', ')} |`;
}

function mutationSection(): string {
  const sum = (ending: keyof (typeof figures)[number]['endings']): number =>
    figures.reduce((total, { endings: each }) => total + each[ending], 0);
  const total =
    sum('alert') + sum('cut') + sum('time') + sum('harmless') + sum('signed') + sum('defect');
  const lines = figures.map(
    ({ version, kind, endings: each }) =>
      `| ${version} | ${kind} | ${each.alert} | ${each.cut} | ${each.time} | ${each.harmless} | ${each.signed} | ${each.defect} |`,
  );
  return [
    '## Changed on the way',
    '',
    'Each octet of each message (before it is encrypted) and of each record is changed with nine masks; each',
    'message is cut at each octet, sent twice, left out, and swapped with the next; the connection is cut at each',
    'octet. So are HelloRetryRequest, and after the handshake HelloRequest, NewSessionTicket and KeyUpdate, which are not',
    'swapped, and the proof of a server with an RSA key.',
    `Of ${total} connections in the full gate as last recorded, ${sum('defect')} were accepted that should not have been.`,
    'Every run of the tests makes a sample of them.',
    '',
    '| version | change | alert sent | cut off | time ran out | harmless | signed | accepted wrongly |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
    '',
    '“Signed”: a server that holds the key stands by the changed message, as it would by any other choice of its own',
    '(ServerHello, EncryptedExtensions, CertificateRequest, what a NewSessionTicket holds, and the request in a KeyUpdate',
    'only); such a change is there to be read without harm.',
    'Time runs out where the change announces more than comes, or takes away what is awaited.',
  ].join('\n');
}

function harmlessSection(): string {
  return ['## What may pass', '', ...harmless.map(({ reason }) => `* ${reason}`)].join('\n');
}
