import { randomBytes } from 'node:crypto';
import type { Answer } from './answer.ts';

/** One part of a multipart answer; its body is sent in base64. */
export interface AnswerPart {
  readonly contentType: string;
  readonly der: Uint8Array;
}

/**
 * 200 with multipart/mixed (RFC 2046 §5.1.3). `odd`: everything a parser must bear and most writers never do:
 * a quoted boundary with spaces, a preamble, an epilogue, lines ended by LF.
 */
export function multipartAnswer(parts: readonly AnswerPart[], odd: boolean): Answer {
  const mark = randomBytes(12).toString('hex');
  const boundary = odd ? `=_part: ${mark} ?` : mark;
  const lines = [
    ...(odd ? ['This is a message in several parts.', ''] : []),
    ...parts.flatMap((part) => [`--${boundary}`, ...linesOf(part)]),
    `--${boundary}--`,
    ...(odd ? ['Nothing of importance follows.'] : []),
    '',
  ];
  const shown = odd ? `"${boundary}"` : boundary;
  return {
    status: 200,
    headers: { 'Content-Type': `multipart/mixed; boundary=${shown}` },
    body: Buffer.from(lines.join(odd ? '\n' : '\r\n'), 'latin1'),
  };
}

function linesOf({ contentType, der }: AnswerPart): string[] {
  const base64 =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`Content-Type: ${contentType}`, 'Content-Transfer-Encoding: base64', '', ...base64];
}
