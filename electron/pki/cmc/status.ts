import { contextConstructed, DerReader, enterOnly, MalformedDer, tags } from '../der.ts';
import { dottedIdentifier, smallInteger, stringValue } from '../der-values.ts';
import { element, octetString, sequence, unsignedInteger } from '../der-writer.ts';
import { bodyPartId, type Control, type Controls } from './controls.ts';
import { controls } from './identifiers.ts';

/** CMCStatus by its number (RFC 5272 §6.1.3). */
const statusNames = new Map([
  [0, 'success'],
  [2, 'failed'],
  [3, 'pending'],
  [4, 'noSupport'],
  [5, 'confirmRequired'],
  [6, 'popRequired'],
  [7, 'partial'],
] as const);

/** CMCFailInfo in the order of its numbers, from 0 (RFC 5272 §6.1.4). */
export const failureNames = [
  'badAlg',
  'badMessageCheck',
  'badRequest',
  'badTime',
  'badCertId',
  'unsupportedExt',
  'mustArchiveKeys',
  'badIdentity',
  'popRequired',
  'popFailed',
  'noKeyReuse',
  'internalCAError',
  'tryLater',
  'authDataFail',
] as const;

export type FailureName = (typeof failureNames)[number];
export type StatusName = typeof statusNames extends Map<number, infer Name> ? Name : never;

/** RFC 5272 §6.1.2: what the client shows when it asks again, and when it should. */
export interface PendInfo {
  readonly token: Buffer;
  readonly time: Date;
}

/** What a CMC server says about a request. */
export interface CmcStatus {
  readonly status: StatusName;
  /** The server's own words; they are shown, never interpreted. */
  readonly text: string | null;
  /** Name of the failure, or the number or OID of one this station does not know. */
  readonly failure: string | null;
  readonly pending: PendInfo | null;
}

const longestText = 200;
const longestToken = 4096;
const mostBodyParts = 64;

/** The CMCStatusInfoV2 control; it speaks of the body parts numbered in `parts`. */
export function statusInfoV2(
  { status, text, failure, pending }: CmcStatus,
  parts: readonly number[],
): Control {
  return {
    oid: controls.statusInfoV2,
    value: statusValue({ status, text, failure, pending }, parts),
  };
}

/** The same in the form of RFC 2797, which RFC 5272 §6.1.5 keeps for older clients. */
export function statusInfo(status: CmcStatus, parts: readonly number[]): Control {
  return { oid: controls.statusInfo, value: statusValue(status, parts) };
}

function statusValue(
  { status, text, failure, pending }: CmcStatus,
  parts: readonly number[],
): Buffer {
  const number = [...statusNames].find(([, name]) => name === status)?.[0] ?? 2;
  const failNumber = failureNames.findIndex((name) => name === failure);
  return sequence(
    unsignedInteger(Buffer.of(number)),
    sequence(...parts.map(bodyPartId)),
    ...(text === null ? [] : [element(tags.utf8String, Buffer.from(text, 'utf8'))]),
    ...(failNumber < 0 ? [] : [unsignedInteger(Buffer.of(failNumber))]),
    ...(pending === null
      ? []
      : [sequence(octetString(pending.token), generalizedTime(pending.time))]),
  );
}

function generalizedTime(time: Date): Buffer {
  const text = time.toISOString().replace(/[-:T]|\.\d+/g, '');
  return element(tags.generalizedTime, Buffer.from(text, 'latin1'));
}

/** Every statusInfoV2 and statusInfo of a response, in the order sent, V2 first. @throws MalformedDer */
export function statusesOf(found: Controls): CmcStatus[] {
  const values = [
    ...(found.get(controls.statusInfoV2) ?? []),
    ...(found.get(controls.statusInfo) ?? []),
  ];
  return values.map(readStatus);
}

function readStatus(der: Buffer): CmcStatus {
  const reader = enterOnly(der, tags.sequence, 'a status');
  const number = smallInteger(reader.take(tags.integer, 'the number of a status').contents);
  const status = [...statusNames].find(([known]) => known === number)?.[1];
  if (status === undefined) throw new MalformedDer(`the status ${number} is not a known one`);
  const parts = reader.enter(tags.sequence, 'the parts a status speaks of').rest();
  if (parts.length > mostBodyParts) throw new MalformedDer('a status speaks of far too many parts');
  const words = reader.optional(tags.utf8String);
  const rest = reader.done ? null : reader.next();
  reader.end('a status');
  return {
    status,
    text: words === null ? null : plain(stringValue(words)),
    failure: rest === null ? null : failureOf(rest),
    pending: rest?.tag === tags.sequence ? pendInfo(rest.whole) : null,
  };
}

/** One line without control characters. */
function plain(text: string): string | null {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line === '' ? null : line.slice(0, longestText);
}

function failureOf({ tag, contents }: { readonly tag: number; readonly contents: Buffer }) {
  if (tag === tags.integer) {
    const number = smallInteger(contents);
    return failureNames[number] ?? String(number);
  }
  if (tag !== contextConstructed(1)) return null;
  const reader = new DerReader(contents);
  return dottedIdentifier(reader.take(tags.objectIdentifier, 'an extended failure').contents);
}

function pendInfo(der: Buffer): PendInfo {
  const reader = enterOnly(der, tags.sequence, 'the pending information');
  const token = reader.take(tags.octetString, 'the pending token').contents;
  const text = reader.take(tags.generalizedTime, 'the pending time').contents.toString('latin1');
  reader.end('the pending information');
  if (token.length === 0 || token.length > longestToken) {
    throw new MalformedDer('the pending token has an impossible length');
  }
  return { token: Buffer.from(token), time: momentOf(text) };
}

/** GeneralizedTime in UTC, fractions of a second allowed. */
function momentOf(text: string): Date {
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d{1,6})?Z$/.exec(text);
  if (digits === null) throw new MalformedDer('the pending time is not in the form of RFC 5280');
  const [, year, month, day, hour, minute, second] = digits;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time.getTime())) throw new MalformedDer('the pending time does not exist');
  return time;
}
