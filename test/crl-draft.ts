import { sign } from 'node:crypto';
import { contextConstructed, tags } from '../electron/pki/der.ts';
import {
  bitString,
  element,
  objectIdentifier,
  sequence,
  unsignedInteger,
} from '../electron/pki/der-writer.ts';
import { parseDistinguishedName } from '../electron/pki/name.ts';
import { extension, type Keys } from './certificate-draft.ts';

/** One entry: a serial number, a CRLReason, and the issuer where it differs (indirect CRLs). */
export interface CrlEntry {
  readonly serialNumber: number;
  readonly reason?: number;
  readonly issuer?: string;
  readonly extensions?: readonly Buffer[];
}

/** What a drafted CRL says; nothing is checked. EC keys, SHA-256, by default in force from 2020 to 2040. */
export interface CrlDraft {
  readonly issuer: string;
  readonly keys: Keys;
  readonly entries?: readonly CrlEntry[];
  readonly thisUpdate?: string;
  readonly nextUpdate?: string | null;
  readonly number?: number;
  /** Makes a delta CRL that builds on this number. */
  readonly base?: number;
  readonly extensions?: readonly Buffer[];
}

const time = (digits: string): Buffer => element(tags.generalizedTime, Buffer.from(digits));
const integer = (number: number): Buffer => unsignedInteger(Buffer.of(number));

/** GeneralNames, DER, of one directory name. */
export const directoryNames = (name: string): Buffer =>
  sequence(element(contextConstructed(4), parseDistinguishedName(name)));

/** IssuingDistributionPoint flags: 1 users only, 2 CAs only, 4 indirect, 5 attributes only. */
export const scopeExtension = (...flags: readonly (1 | 2 | 4 | 5)[]): Buffer =>
  extension('2.5.29.28', sequence(...flags.map((flag) => element(0x80 + flag, Buffer.of(0xff)))));

/** Signs the draft; DER. */
export function certifyCrl(draft: CrlDraft): Buffer {
  const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
  const extensions = [
    extension('2.5.29.20', integer(draft.number ?? 1), false),
    ...(draft.base === undefined ? [] : [extension('2.5.29.27', integer(draft.base))]),
    ...(draft.extensions ?? []),
  ];
  const entries = draft.entries ?? [];
  const { nextUpdate = '20400101000000Z' } = draft;
  const tbs = sequence(
    integer(1),
    algorithm,
    parseDistinguishedName(draft.issuer),
    time(draft.thisUpdate ?? '20200101000000Z'),
    ...(nextUpdate === null ? [] : [time(nextUpdate)]),
    ...(entries.length > 0 ? [sequence(...entries.map(entryOf))] : []),
    element(contextConstructed(0), sequence(...extensions)),
  );
  return sequence(tbs, algorithm, bitString(sign('sha256', tbs, draft.keys.privateKey)));
}

function entryOf({ serialNumber, reason, issuer, extensions = [] }: CrlEntry): Buffer {
  const all = [
    ...(reason === undefined
      ? []
      : [extension('2.5.29.21', element(tags.enumerated, Buffer.of(reason)), false)]),
    ...(issuer === undefined ? [] : [extension('2.5.29.29', directoryNames(issuer))]),
    ...extensions,
  ];
  return sequence(
    integer(serialNumber),
    time('20200101000000Z'),
    ...(all.length > 0 ? [sequence(...all)] : []),
  );
}
