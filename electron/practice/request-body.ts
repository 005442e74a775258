import type { IncomingMessage } from 'node:http';
import { Refusal } from './answer.ts';

/** Bytes of the largest request body that is read. */
const largestBody = 64 * 1024;

/**
 * Reads a request body whole.
 * @throws Refusal 413 beyond 64 KiB; the connection then closes, since the rest stays unread.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > largestBody) throw tooLarge();
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(part);
    length += bytes.length;
    if (length > largestBody) throw tooLarge();
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

/** Milliseconds for which a body that nobody wants is read. */
const restMs = 1000;

/**
 * Reads away what is left of a body, as much as one may have and for a second at most. To close over unread octets
 * resets the connection, and a client that is still sending may lose its answer (RFC 9112 §9.6).
 */
export async function discardRest(request: IncomingMessage): Promise<void> {
  if (request.complete) return;
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  let length = 0;
  const count = (bytes: Buffer) => {
    length += bytes.length;
    if (length > largestBody) resolve();
  };
  const timer = setTimeout(resolve, restMs);
  request.on('data', count).once('end', resolve).once('close', resolve);
  await enough;
  clearTimeout(timer);
  request.off('data', count);
}

function tooLarge(): Refusal {
  return new Refusal(413, `A request body has at most ${largestBody} bytes.`, {
    Connection: 'close',
  });
}

/**
 * The PKCS#10, or the CMS message of a Full PKI Request, inside a body, DER: base64 with any white space or
 * none, with or without PEM armour, or raw DER when the Content-Transfer-Encoding says `binary`.
 * @throws Refusal 415 for another Content-Type, 400 for a body that is not base64.
 */
export function decodeRequest(
  body: Buffer,
  headers: {
    readonly contentType: string | undefined;
    readonly transferEncoding: string | undefined;
  },
  expected: 'application/pkcs10' | 'application/pkcs7-mime' = 'application/pkcs10',
): Buffer {
  const mediaType = headers.contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== expected) {
    throw new Refusal(415, `The Content-Type of a certification request is ${expected}.`);
  }
  if (headers.transferEncoding?.trim().toLowerCase() === 'binary') return body;
  const base64 = body
    .toString('latin1')
    .replace(/-----(BEGIN|END) (NEW )?CERTIFICATE REQUEST-----/g, '')
    .replace(/[\t\n\r ]+/g, '');
  if (base64 === '') throw new Refusal(400, 'The request has no body.');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw new Refusal(400, 'The body is not base64.');
  }
  return Buffer.from(base64, 'base64');
}
