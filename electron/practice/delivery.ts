import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { Answer } from './answer.ts';
import type { PracticeFault } from './practice.ts';

/** Sends an answer with Content-Length, or in the way a transport fault demands. */
export async function deliver(
  answer: Answer,
  response: ServerResponse,
  faults: readonly PracticeFault[],
): Promise<void> {
  const { status, headers, body } = answer;
  // RFC 9110 §8.6: 204 has no Content-Length, and no body to be sent in another way.
  if (status === 204) {
    response.writeHead(status, headers).end();
    return;
  }
  if (faults.includes('close-delimited')) {
    response.removeHeader('Content-Length');
    response.removeHeader('Transfer-Encoding');
    response.writeHead(status, { ...headers, Connection: 'close' }).end(body);
    return;
  }
  const framing = faults.includes('chunked')
    ? { 'Transfer-Encoding': 'chunked' }
    : { 'Content-Length': String(body.length) };
  response.writeHead(status, { ...headers, ...framing });
  if (faults.includes('two-byte-writes')) await dribble(body, response);
  response.end(faults.includes('two-byte-writes') ? undefined : body);
}

async function dribble(body: Buffer, response: ServerResponse): Promise<void> {
  for (let start = 0; start < body.length && !response.destroyed; start += 2) {
    response.write(body.subarray(start, start + 2));
    // Writes of one turn of the event loop would leave together.
    await setImmediate();
  }
}

/** The certificates of an answer in another wrapping: PEM armour, or without a Content-Transfer-Encoding. */
export function disguise(answer: Answer, faults: readonly PracticeFault[]): Answer {
  const { 'Content-Transfer-Encoding': encoding, ...others } = answer.headers;
  if (answer.status !== 200 || encoding === undefined) return answer;
  const bare = faults.includes('no-cte') ? { ...answer, headers: others } : answer;
  if (!faults.includes('pem-armour')) return bare;
  const text = `-----BEGIN PKCS7-----\n${answer.body.toString('latin1').trimEnd()}\n-----END PKCS7-----\n`;
  return { ...bare, body: Buffer.from(text, 'latin1') };
}
