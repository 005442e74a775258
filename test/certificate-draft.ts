import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { contextConstructed, contextPrimitive, tags } from '../electron/pki/der.ts';
import {
  bitString,
  element,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  unsignedInteger,
} from '../electron/pki/der-writer.ts';
import { writeGeneralNames } from '../electron/pki/general-names.ts';
import { parseDistinguishedName } from '../electron/pki/name.ts';

/** A key pair of a test; `spki` is DER. */
export interface Keys {
  readonly privateKey: KeyObject;
  readonly spki: Buffer;
}

export function ecKeys(namedCurve = 'prime256v1'): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return { privateKey, spki: publicKey.export({ type: 'spki', format: 'der' }) };
}

export function rsaKeys(modulusLength = 2048): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return { privateKey, spki: publicKey.export({ type: 'spki', format: 'der' }) };
}

/** What a drafted certificate says; nothing is checked, so that it can be wrong in any way. */
export interface Draft {
  readonly subject: string;
  readonly keys: Keys;
  /** Self-signed when absent. */
  readonly issuer?: { readonly subject: string; readonly keys: Keys };
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly serialNumber?: number;
  readonly extensions?: readonly Buffer[];
  /** SHA-256 by default. */
  readonly hash?: 'sha1' | 'sha256' | 'sha384';
}

const signatureOids: Readonly<Record<string, string>> = {
  'ec sha1': '1.2.840.10045.4.1',
  'ec sha256': '1.2.840.10045.4.3.2',
  'ec sha384': '1.2.840.10045.4.3.3',
  'rsa sha1': '1.2.840.113549.1.1.5',
  'rsa sha256': '1.2.840.113549.1.1.11',
  'rsa sha384': '1.2.840.113549.1.1.12',
};

const generalizedTime = (digits: string): Buffer =>
  element(tags.generalizedTime, Buffer.from(digits, 'latin1'));

const nameOf = (text: string): Buffer => (text === '' ? sequence() : parseDistinguishedName(text));

/** Signs the draft; DER. Times are `YYYYMMDDHHMMSSZ`, by default the years 2020 to 2040. */
export function certify(draft: Draft): Buffer {
  const issuer = draft.issuer ?? draft;
  const { hash = 'sha256', extensions = [] } = draft;
  const kind = issuer.keys.privateKey.asymmetricKeyType ?? '';
  const oid = signatureOids[`${kind} ${hash}`];
  if (oid === undefined) throw new Error(`no signature algorithm for ${kind} ${hash}`);
  const algorithm = sequence(objectIdentifier(oid), ...(kind === 'rsa' ? [nullValue()] : []));
  const tbs = sequence(
    element(contextConstructed(0), unsignedInteger(Buffer.of(2))),
    unsignedInteger(Buffer.of(draft.serialNumber ?? 1)),
    algorithm,
    nameOf(issuer.subject),
    sequence(
      generalizedTime(draft.notBefore ?? '20200101000000Z'),
      generalizedTime(draft.notAfter ?? '20400101000000Z'),
    ),
    nameOf(draft.subject),
    draft.keys.spki,
    ...(extensions.length > 0 ? [element(contextConstructed(3), sequence(...extensions))] : []),
  );
  return sequence(tbs, algorithm, bitString(sign(hash, tbs, issuer.keys.privateKey)));
}

export function extension(oid: string, value: Uint8Array, critical = true): Buffer {
  const flag = critical ? [element(tags.boolean, Buffer.of(0xff))] : [];
  return sequence(objectIdentifier(oid), ...flag, octetString(value));
}

/** Basic constraints and key usage of a CA. */
export function caExtensions(pathLength?: number): Buffer[] {
  const limit = pathLength === undefined ? [] : [unsignedInteger(Buffer.of(pathLength))];
  const constraints = sequence(element(tags.boolean, Buffer.of(0xff)), ...limit);
  return [
    extension('2.5.29.19', constraints),
    extension('2.5.29.15', element(tags.bitString, Buffer.of(1, 0x06))),
  ];
}

export const alternativeNames = (...names: readonly string[]): Buffer =>
  extension('2.5.29.17', writeGeneralNames(names), false);

export const purposesExtension = (...oids: readonly string[]): Buffer =>
  extension('2.5.29.37', sequence(...oids.map(objectIdentifier)), false);

/** Subtrees given as finished GeneralName elements, DER. */
export function nameConstraints(subtrees: {
  readonly permitted?: readonly Uint8Array[];
  readonly excluded?: readonly Uint8Array[];
}): Buffer {
  const list = (number: number, bases: readonly Uint8Array[] = []): Buffer[] =>
    bases.length === 0
      ? []
      : [element(contextConstructed(number), ...bases.map((base) => sequence(base)))];
  return extension(
    '2.5.29.30',
    sequence(...list(0, subtrees.permitted), ...list(1, subtrees.excluded)),
  );
}

/** A GeneralName of a primitive kind: 1 email, 2 DNS, 6 URI, 7 IP. */
export const subtree = (kind: 1 | 2 | 6 | 7, contents: string | Uint8Array): Buffer =>
  element(contextPrimitive(kind), Buffer.from(contents));
