/** What a request is answered with. The length is always told (no chunks): some clients need it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** Columns of wrapped base64, as PEM has them (RFC 7468 §2). */
const columns = 64;

/** A refusal, or a word, in plain text; no body for an empty text. */
export function textAnswer(
  status: number,
  text: string,
  headers: Readonly<Record<string, string | string[]>> = {},
): Answer {
  const body = Buffer.from(text === '' ? '' : `${text}\n`, 'utf8');
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers }, body };
}

/** A status without a body. */
export function emptyAnswer(status: number): Answer {
  return { status, headers: {}, body: Buffer.alloc(0) };
}

/**
 * 200 with a base64 body (RFC 8951 §3.1), in lines of 64 columns or, `unwrapped`, in one piece.
 * The Content-Transfer-Encoding is sent for the clients that decode only when they see it.
 */
export function base64Answer(contentType: string, der: Uint8Array, unwrapped: boolean): Answer {
  const base64 = Buffer.from(der).toString('base64');
  const text = unwrapped ? base64 : wrap(base64);
  return {
    status: 200,
    headers: { 'Content-Type': contentType, 'Content-Transfer-Encoding': 'base64' },
    body: Buffer.from(text, 'latin1'),
  };
}

function wrap(base64: string): string {
  const lines: string[] = [];
  for (let start = 0; start < base64.length; start += columns) {
    lines.push(`${base64.slice(start, start + columns)}\n`);
  }
  return lines.join('');
}

/** A certs-only answer (RFC 7030 §4.1.3, §4.2.3). */
export function certsOnlyAnswer(certsOnly: Uint8Array, unwrapped: boolean): Answer {
  return base64Answer('application/pkcs7-mime; smime-type=certs-only', certsOnly, unwrapped);
}

/** A request that is not carried out: the answer that says why. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(
    status: number,
    text: string,
    headers: Readonly<Record<string, string | string[]>> = {},
  ) {
    super(text);
    this.name = 'Refusal';
    this.answer = textAnswer(status, text, headers);
  }
}
