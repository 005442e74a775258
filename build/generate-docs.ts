import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { catalogue } from '../shared/errors/catalogue.ts';
import { type ErrorEntry, exitCodes } from '../shared/errors/entry.ts';
import { profileJsonSchema } from '../shared/profile-json-schema.ts';
import { popPage } from './pop-document.ts';
import { tlsConformancePage } from './tls-conformance-document.ts';
import { tlsServersPage } from './tls-servers-document.ts';

/** Headings of docs/errors.md by the letters a code begins with, in the order of the file. */
const areas: Readonly<Record<string, string>> = {
  PROFILE: 'Profile',
  POP: 'Proof of possession',
  MODULE: 'PKCS#11 module',
  TOKEN: 'Token',
  KEYSTORE: 'Software keystore',
  PIN: 'PIN and passphrase',
  SHEET: 'Secret sheet',
  OBJECT: 'Objects of a keystore',
  KEYFILE: 'Key file',
  NET: 'Network',
  TLS: 'TLS',
  TRUST: 'Trust',
  SERVER: 'Server',
  OUTCOME: 'Waiting and lost answers',
  CMC: 'Full CMC',
  CERT: 'Certificate',
  KEY: 'Server-generated key',
  STORE: 'Data folder',
  SECRET: 'Secrets',
  USAGE: 'Usage',
  CANCEL: 'Cancelled',
  WINDOW: 'Window',
  IPC: 'Between window and station',
  INTERNAL: 'Defects',
};

/** The documents that are made from the sources, by path in the project. */
export function generatedDocs(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/errors.md', errorsPage()],
    ['docs/pop.md', popPage()],
    ['docs/tls-conformance.md', tlsConformancePage()],
    ['docs/tls-servers.md', tlsServersPage()],
    ['docs/profile.schema.json', `${JSON.stringify(profileJsonSchema(), null, 2)}\n`],
  ]);
}

function errorsPage(): string {
  const entries = Object.entries(catalogue).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const prefixes = new Set([...Object.keys(areas), ...entries.map(([code]) => areaOf(code))]);
  const sections = [...prefixes].map((area) => {
    const own = entries.filter(([code]) => areaOf(code) === area);
    const heading = `## ${areas[area] ?? area}`;
    return [heading, ...own.map(([code, entry]) => section(code, entry))].join('\n\n');
  });
  return `${[introduction, ...sections].join('\n\n')}\n`;
}

const introduction = `# Errors

Every error has a code that never changes its meaning. The window shows these texts in the person's
language; the command line prints them and ends with the exit code given here, and \`--json\` carries
\`code\`, \`message\`, \`cause\`, \`waysOut\`, \`params\` and \`clause\`. Names in braces stand for values.

Retired, and never given to anything else: \`POP-07\` (until TLS client keys on tokens were supported).

This page is made from \`shared/errors/\` by \`build/generate-docs.ts\`.`;

function areaOf(code: string): string {
  return code.replace(/-\d+$/, '');
}

function section(code: string, { exit, clause, en }: ErrorEntry): string {
  const rule = clause === undefined ? '' : ` · ${clause}`;
  const ways = en.waysOut.map((way) => `- ${way}`).join('\n');
  return `### ${code}\n\n**${en.what}** ${en.why}\n\n${ways}\n\nExit code ${exitCodes[exit]} (${exit})${rule}`;
}

const project = new URL('../', import.meta.url);

/** Paths of generated documents that differ from their sources. */
export async function staleDocs(): Promise<readonly string[]> {
  const compared = [...generatedDocs()].map(async ([path, content]) => {
    const present = await readFile(new URL(path, project), 'utf8').catch(() => null);
    return present === content ? [] : [path];
  });
  return (await Promise.all(compared)).flat();
}

async function main([mode]: readonly string[]): Promise<number> {
  const stale = await staleDocs();
  if (mode === '--check') {
    for (const path of stale) process.stderr.write(`${path} is stale: run npm run docs\n`);
    return stale.length === 0 ? 0 : 1;
  }
  const docs = generatedDocs();
  for (const path of stale) await writeFile(new URL(path, project), docs.get(path) ?? '');
  process.stdout.write(stale.length === 0 ? 'up to date\n' : `wrote ${stale.join(', ')}\n`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
