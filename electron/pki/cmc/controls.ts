import { DerReader, enterOnly, MalformedDer, readOnly, tags } from '../der.ts';
import { dottedIdentifier, integerOctets, smallInteger } from '../der-values.ts';
import { element, objectIdentifier, octetString, sequence, setOf } from '../der-writer.ts';
import { controls } from './identifiers.ts';

/** A control as it is written: its OID and its single value, DER. */
export interface Control {
  /** Dotted. */
  readonly oid: string;
  readonly value: Uint8Array;
}

/** Controls by OID, each with its values, DER, in the order sent. */
export type Controls = ReadonlyMap<string, readonly Buffer[]>;

const mostControls = 64;
const longestToken = 4096;

/** An INTEGER below 2^32 that names a part of the message (RFC 5272 §3.2.2). */
export function bodyPartId(number: number): Buffer {
  const octets = Buffer.alloc(5);
  octets.writeUInt32BE(number, 1);
  const start = octets.findIndex((byte, index) => byte !== 0 || index === 4);
  const padded = (octets[start] ?? 0) >= 0x80 ? start - 1 : start;
  return element(tags.integer, octets.subarray(padded));
}

/** controlSequence of a PKIData or PKIResponse; its parts are numbered from `first`. */
export function controlSequence(list: readonly Control[], first: number): Buffer {
  return sequence(
    ...list.map(({ oid, value }, index) =>
      sequence(bodyPartId(first + index), objectIdentifier(oid), setOf(value)),
    ),
  );
}

/** Reads a controlSequence. @throws MalformedDer */
export function readControls(whole: Buffer): Controls {
  const members = enterOnly(whole, tags.sequence, 'the controls').rest();
  if (members.length > mostControls) throw new MalformedDer('there are far too many controls');
  const found = new Map<string, Buffer[]>();
  for (const member of members) {
    const reader = enterOnly(member.whole, tags.sequence, 'a control');
    smallInteger(reader.take(tags.integer, 'the number of a control').contents);
    const oid = dottedIdentifier(
      reader.take(tags.objectIdentifier, 'the type of a control').contents,
    );
    const values = reader.enter(tags.set, 'the values of a control').rest();
    reader.end('a control');
    found.set(oid, [...(found.get(oid) ?? []), ...values.map((value) => Buffer.from(value.whole))]);
  }
  return found;
}

/** The transaction identifier's octets as they stand in the INTEGER. */
export function transactionId(octets: Uint8Array): Control {
  return { oid: controls.transactionId, value: element(tags.integer, octets) };
}

export const senderNonce = (octets: Uint8Array): Control => ({
  oid: controls.senderNonce,
  value: octetString(octets),
});

export const recipientNonce = (octets: Uint8Array): Control => ({
  oid: controls.recipientNonce,
  value: octetString(octets),
});

export const queryPending = (token: Uint8Array): Control => ({
  oid: controls.queryPending,
  value: octetString(token),
});

export const regInfo = (octets: Uint8Array): Control => ({
  oid: controls.regInfo,
  value: octetString(octets),
});

/** Octets of the transaction identifier, or null. @throws MalformedDer */
export function transactionIdOf(found: Controls): Buffer | null {
  const value = onlyValue(found, controls.transactionId);
  if (value === null) return null;
  return integerOctets(readOnly(value, tags.integer, 'a transaction identifier').contents);
}

/** The octets of a control that holds an OCTET STRING, or null. @throws MalformedDer */
export function octetsOf(found: Controls, oid: string): Buffer | null {
  const value = onlyValue(found, oid);
  if (value === null) return null;
  const { contents } = readOnly(value, tags.octetString, 'the value of a control');
  if (contents.length > longestToken) throw new MalformedDer('a control is far too long');
  return contents;
}

function onlyValue(found: Controls, oid: string): Buffer | null {
  const values = found.get(oid) ?? [];
  const [value] = values;
  if (values.length > 1) throw new MalformedDer(`the control ${oid} stands twice`);
  return value === undefined ? null : new DerReader(value).next().whole;
}
