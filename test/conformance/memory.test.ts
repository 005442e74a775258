import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { EstFixture, pkcs7 } from '../est-fixture.ts';
import { answer, type Reply, scripted } from '../scripted-server.ts';
import { bodies, bodiesInParts, bodyBytes } from './memory/bodies.ts';
import type { MemoryReport } from './memory/client.ts';
import { observe } from './observe.ts';

const run = promisify(execFile);
const client = fileURLToPath(new URL('memory/client.ts', import.meta.url));
/** MiB above idle. */
const ceiling = 64;
/** Where the kernel can be asked for the highest memory since a moment. */
const measurable = existsSync('/proc/self/clear_refs');

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

const types: Readonly<Record<string, Record<string, string>>> = {
  cacerts: pkcs7,
  csrattrs: { 'Content-Type': 'application/csrattrs' },
  crls: pkcs7,
  enroll: pkcs7,
  serverkeygen: { 'Content-Type': 'multipart/mixed; boundary=b' },
  fullcmc: { 'Content-Type': 'application/pkcs7-mime; smime-type=CMC-response' },
};

/** Chunks of one octet each: as many pieces as a body can have. */
function inCrumbs(type: Record<string, string>): Reply {
  const crumbs = Buffer.alloc(bodyBytes * 6, '1\r\nA\r\n');
  const fields = Object.entries(type).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n${fields.join('')}\r\n`;
  return (socket) => {
    socket.write(head);
    socket.write(crumbs);
    socket.write('0\r\n\r\n');
  };
}

/** What a process of its own took to read this answer to one operation. */
async function measured(operation: string, hostile: Reply): Promise<MemoryReport> {
  const small = answer(200, types[operation], 'MAA=');
  await using server = await scripted(fixture.identity, [small, small, small, hostile]);
  const { der } = fixture.root.identity;
  const task = { port: server.port, root: der.toString('base64'), operation };
  const { stdout } = await run(process.execPath, ['--expose-gc', client, JSON.stringify(task)]);
  const report: MemoryReport = JSON.parse(stdout);
  expect(server.seen).toHaveLength(4);
  return report;
}

const bodyOf = (name: string) => ({ ...bodies, ...bodiesInParts })[name]?.() ?? Buffer.alloc(0);

if (!measurable) {
  process.stderr.write(
    '\nThe memory ceiling was NOT measured: /proc/self/clear_refs is absent.\n\n',
  );
}

describe.skipIf(!measurable)(
  'the largest answers allowed take less than 64 MiB above idle:',
  () => {
    test.each([
      ['cacerts', 'certificates'],
      ['cacerts', 'elements'],
      ['csrattrs', 'identifiers'],
      ['crls', 'revocations'],
      ['enroll', 'markup'],
      ['fullcmc', 'identifiers'],
      ['serverkeygen', 'identifiers as a key'],
      ['cacerts', 'in crumbs'],
    ])('%s, %s', { timeout: 120_000 }, async (operation, name) => {
      const type = types[operation] ?? {};
      const reply = name === 'in crumbs' ? inCrumbs(type) : answer(200, type, bodyOf(name));
      const { idle, peak, ended } = await measured(operation, reply);
      expect(peak - idle).toBeLessThan(ceiling);
      observe('memory', `${operation}: ${name}`, ended === 'accept' ? ended : `refuse ${ended}`);
    });
  },
);

describe.skipIf(!measurable || !process.env.EST_STATION_FULL)('so do all others:', () => {
  test.each(Object.keys(types))('%s', { timeout: 300_000 }, async (operation) => {
    for (const name of Object.keys(operation === 'serverkeygen' ? bodiesInParts : bodies)) {
      const { idle, peak } = await measured(operation, answer(200, types[operation], bodyOf(name)));
      expect.soft(peak - idle, name).toBeLessThan(ceiling);
    }
  });
});
