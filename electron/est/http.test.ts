import { duplexPair } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import { type HttpResponse, sendRequest } from './http.ts';

const limits = { headerBytes: 1024, bodyBytes: 2048, exchangeMs: 5000 };
const context = { operation: 'cacerts', endpoint: 'est.example:443', limits, timeLeft: 5000 };

/** Sends a GET to a server that answers with these pieces and closes. */
async function ask(pieces: readonly (string | Uint8Array)[]): Promise<HttpResponse | string> {
  const [client, server] = duplexPair();
  server.on('error', () => undefined);
  server.resume();
  for (const piece of pieces) server.write(piece);
  server.end();
  try {
    const message = { method: 'GET', path: '/', headers: {}, body: null } as const;
    return await sendRequest(client, message, context);
  } catch (error) {
    if (error instanceof StationError) return error.code;
    throw error;
  }
}

describe('an HTTP answer', () => {
  const body = fc.uint8Array({ maxLength: limits.bodyBytes });

  it('is read whole, in whatever pieces it comes', async () => {
    await fc.assert(
      fc.asyncProperty(body, fc.array(fc.nat()), async (bytes, cuts) => {
        const whole = Buffer.concat([
          Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`),
          bytes,
        ]);
        const places = [...cuts.map((cut) => cut % whole.length), 0, whole.length];
        places.sort((a, b) => a - b);
        const pieces = places.slice(1).map((end, index) => whole.subarray(places[index], end));
        const response = await ask(pieces.filter((piece) => piece.length > 0));
        expect(response).toMatchObject({ status: 200, body: Buffer.from(bytes), reusable: true });
      }),
      { numRuns: 60 },
    );
  });

  it('that lacks any part of its end is refused as cut off', async () => {
    await fc.assert(
      fc.asyncProperty(body, fc.integer({ min: 1, max: 5000 }), async (bytes, missing) => {
        const head = `HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length + missing}\r\n\r\n`;
        const expected = bytes.length + missing > limits.bodyBytes ? 'SERVER-10' : 'SERVER-12';
        expect(await ask([head, Buffer.from(bytes)])).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('is never larger than the limits, however it is framed', async () => {
    const chunk = fc.integer({ min: 1, max: 600 });
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 10 }), async (sizes) => {
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const chunks = sizes.map((size) => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`);
        const chunked = await ask([
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
          ...chunks,
          '0\r\n\r\n',
        ]);
        const closed = await ask(['HTTP/1.1 200 OK\r\n\r\n', ...sizes.map((n) => 'x'.repeat(n))]);
        for (const answer of [chunked, closed]) {
          if (total > limits.bodyBytes) expect(answer).toBe('SERVER-10');
          else expect(answer).toMatchObject({ status: 200, body: Buffer.alloc(total, 'x') });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('ends in an answer or in an error of the catalogue, whatever comes', async () => {
    const line = fc.oneof(
      fc.constantFrom(
        'HTTP/1.1 200 OK',
        'HTTP/1.0 200',
        'HTTP/1.1 101 Switching',
        'HTTP/2 200',
        'Content-Length: 3',
        'Transfer-Encoding: chunked',
        'Transfer-Encoding: gzip, chunked',
        'Connection: upgrade',
        'Upgrade: h2c',
        ' folded',
        '',
      ),
      fc.string({ maxLength: 100 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.uint8Array({ maxLength: 100 }),
        async (lines, rest) => {
          const answer = await ask([lines.join('\r\n'), Buffer.from(rest)]);
          if (typeof answer === 'string') {
            expect(['NET-04', 'SERVER-09', 'SERVER-10', 'SERVER-12']).toContain(answer);
          } else expect(answer.body.length).toBeLessThanOrEqual(limits.bodyBytes);
        },
      ),
      { numRuns: 200 },
    );
  });
});
