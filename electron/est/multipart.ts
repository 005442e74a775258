import { StationError } from '../../shared/errors/station-error.ts';
import { parseMediaType } from './media-type.ts';

/** One body part (RFC 2046 §5.1): header names in lower case, the body's octets as they stood. */
export interface BodyPart {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** An answer of serverkeygen has two; a few more are passed over by whoever reads them. */
const mostParts = 8;
const mostHeaderBytes = 4096;
/** RFC 2046 §5.1.1: `boundary` is 1 to 70 of these characters and does not end with a space. */
const boundaryForm = /^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/;
/** A boundary that should have been quoted (RFC 2045 §5.1) and was not. */
const bareBoundary = /;\s*boundary\s*=\s*([0-9A-Za-z'()+_,./:=?-]{1,70})\s*(?:;|$)/i;

/**
 * Reads a multipart body. Quoted and bare boundaries, preamble, epilogue, white space after a boundary, a missing
 * last CRLF and lines ended by LF alone are accepted; the body's size is bounded by whoever received it.
 * @param contentType value of the Content-Type header.
 * @throws StationError SERVER-11 when it is not multipart/mixed, SERVER-09 when the parts cannot be told apart.
 */
export function parseMultipart(
  operation: string,
  contentType: string | undefined,
  body: Buffer,
): BodyPart[] {
  const refuse = (detail: string) => new StationError('SERVER-09', { operation, detail });
  const boundary = boundaryOf(operation, contentType ?? '');
  if (boundary === null) throw refuse('its multipart boundary is missing or malformed');
  const lines = delimiterLines(body, boundary);
  const [first] = lines;
  if (first === undefined || first.closes) throw refuse('no part begins in it');
  const parts: BodyPart[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.closes) return parts;
    const next = lines[index + 1];
    if (next === undefined) throw refuse('its last part does not end');
    if (parts.length === mostParts) throw refuse(`it has more than ${mostParts} parts`);
    const part = partOf(body.subarray(line.end, Math.max(line.end, next.start)));
    if (part === null) throw refuse('the headers of a part are malformed');
    parts.push(part);
  }
  throw refuse('its last part does not end');
}

function boundaryOf(operation: string, contentType: string): string | null {
  const media = parseMediaType(contentType);
  const type = media?.type ?? contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type !== 'multipart/mixed') {
    const shown = contentType.slice(0, 100) || 'none';
    throw new StationError('SERVER-11', { operation, type: shown, expected: 'multipart/mixed' });
  }
  const boundary = media?.parameters.get('boundary') ?? bareBoundary.exec(contentType)?.[1] ?? '';
  return boundaryForm.test(boundary) ? boundary : null;
}

interface DelimiterLine {
  /** Where the part before it ends: the line break that leads to a delimiter belongs to it. */
  readonly start: number;
  /** Where the part after it begins. */
  readonly end: number;
  readonly closes: boolean;
}

/** RFC 2046 §5.1.1: a line of two hyphens and the boundary, with two more hyphens at the end of all. */
function delimiterLines(body: Buffer, boundary: string): DelimiterLine[] {
  const mark = Buffer.from(`--${boundary}`, 'latin1');
  const found: DelimiterLine[] = [];
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + 1)) {
    if (at > 0 && body[at - 1] !== lf) continue;
    const after = at + mark.length;
    const closes = body[after] === hyphen && body[after + 1] === hyphen;
    const end = lineEnd(body, closes ? after + 2 : after);
    if (end === null) continue;
    const breakLength = at === 0 ? 0 : body[at - 2] === cr ? 2 : 1;
    found.push({ start: at - breakLength, end, closes });
    if (closes || found.length > mostParts + 1) break;
  }
  return found;
}

const [tab, lf, cr, space, hyphen] = [0x09, 0x0a, 0x0d, 0x20, 0x2d];

/** The offset behind the line when nothing but white space is left of it, else null: a longer boundary is another one. */
function lineEnd(body: Buffer, from: number): number | null {
  let at = from;
  while (body[at] === space || body[at] === tab) at += 1;
  if (body[at] === cr) at += 1;
  if (body[at] === lf) return at + 1;
  return at === body.length ? at : null;
}

function partOf(bytes: Buffer): BodyPart | null {
  const { head, body } = split(bytes);
  if (head === null || head.length > mostHeaderBytes) return null;
  const headers = new Map<string, string>();
  const unfolded = head.toString('latin1').replace(/\r?\n[ \t]+/g, ' ');
  for (const line of unfolded.split(/\r?\n/).filter((text) => text !== '')) {
    const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:(.*)$/.exec(line);
    if (field?.[1] === undefined) return null;
    headers.set(field[1].toLowerCase(), (field[2] ?? '').trim());
  }
  return { headers, body };
}

/** Headers end with an empty line; a part may have none at all. */
function split(bytes: Buffer): { head: Buffer | null; body: Buffer } {
  const none = Buffer.alloc(0);
  const empty = /^\r?\n/.exec(bytes.toString('latin1', 0, 2));
  if (empty) return { head: none, body: bytes.subarray(empty[0].length) };
  const text = bytes.toString('latin1', 0, mostHeaderBytes + 4);
  const gap = /\r?\n\r?\n/.exec(text);
  if (gap === null) return { head: null, body: none };
  return { head: bytes.subarray(0, gap.index), body: bytes.subarray(gap.index + gap[0].length) };
}
