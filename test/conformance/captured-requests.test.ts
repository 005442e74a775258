import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startPractice } from '../../electron/practice/server.ts';
import { askOnce, basic, certificatesOf, inTemporaryFolder, makeCsr } from '../practice-client.ts';

/** A request line, the names of its headers in their order, and the octets of its body. */
interface CapturedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly octets: number;
}

const below = '/.well-known/est';

/** As strongSwan's `pki` sends them: base64 in one piece, and no Content-Transfer-Encoding. */
const strongSwan: readonly CapturedRequest[] = [
  { method: 'GET', path: `${below}/cacerts`, headers: [['Host', '127.0.0.1:9443']], octets: 0 },
  {
    method: 'POST',
    path: `${below}/simpleenroll`,
    headers: [
      ['Host', '127.0.0.1:9443'],
      ['Content-Type', 'application/pkcs10'],
      ['Content-Length', '276'],
    ],
    octets: 276,
  },
];

/** Sends a request of this shape to a practice server that is asked for certificates without line breaks. */
async function answered(captures: readonly CapturedRequest[]): Promise<void> {
  await inTemporaryFolder(async (dir) => {
    const { facts, close } = await startPractice({ dir, unwrapped: true });
    onTestFinished(close);
    for (const { method, path, headers, octets } of captures) {
      const body = octets === 0 ? undefined : (await makeCsr()).toString('base64');
      const own = body === undefined ? {} : { ...basic(facts), 'Content-Length': `${body.length}` };
      const answer = await askOnce(facts, {
        method,
        path: path.slice(below.length),
        headers: { ...Object.fromEntries(headers), ...own },
        ...(body === undefined ? {} : { body }),
      });
      expect(answer.status).toBe(200);
      expect(answer.body.toString('latin1').trim()).not.toContain('\n');
      expect(await certificatesOf(answer)).not.toEqual([]);
    }
  });
}

test('requests in the shape strongSwan sends are answered', async () => {
  await answered(strongSwan);
});

const folder = process.env.EST_STATION_CAPTURES;

describe.skipIf(folder === undefined)('a folder of captures', () => {
  test('holds requests of strongSwan, which have that shape and are answered', async () => {
    const file = join(folder ?? '', 'strongswan-requests.txt');
    const lines = readFileSync(file, 'latin1').trim().split('\n');
    const captures = lines.map((line): CapturedRequest => {
      const [, method = '', path = '', list = '[]', octets] =
        /^(\S+) (\S+) (\[.*\]) (\d+)$/.exec(line) ?? [];
      const flat: string[] = JSON.parse(list);
      const headers = flat.flatMap((name, index) =>
        index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as const] : [],
      );
      return { method, path, headers, octets: Number(octets) };
    });
    for (const one of captures) expect(strongSwan).toContainEqual(one);
    await answered(captures);
  });
});
