import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import { returnCodeOf } from './return-codes.ts';
import type { Session } from './session.ts';

/** A token object's handle: valid while its session lives. */
export type ObjectHandle = Buffer;

/** More objects than this are not read from one token. */
const mostObjects = 1024;

const objectClasses = {
  privateKey: pkcs11js.CKO_PRIVATE_KEY,
  publicKey: pkcs11js.CKO_PUBLIC_KEY,
  certificate: pkcs11js.CKO_CERTIFICATE,
} as const;

export type ObjectClass = keyof typeof objectClasses;

/** All token objects of one class, under one alias (CKA_LABEL) if given. */
export function findObjects(
  session: Session,
  objectClass: ObjectClass,
  alias?: string,
): ObjectHandle[] {
  const ofClass = { type: pkcs11js.CKA_CLASS, value: objectClasses[objectClass] };
  const labelled = alias === undefined ? [] : [{ type: pkcs11js.CKA_LABEL, value: alias }];
  return search(session, [ofClass, ...labelled]);
}

/** An object, and what it is joined to others by. */
export interface IdentifiedObject {
  readonly objectClass: ObjectClass;
  readonly object: ObjectHandle;
  /** CKA_ID; empty when the object has none. */
  readonly id: Buffer;
}

/**
 * The keys and certificates under one alias (CKA_LABEL), by one search for all classes.
 * @throws StationError TOKEN-08 for an object that does not tell its class.
 */
export function findLabelled(session: Session, alias: string): IdentifiedObject[] {
  return search(session, [{ type: pkcs11js.CKA_LABEL, value: alias }]).flatMap((object) => {
    const attribute = readAttributes(session, object, [pkcs11js.CKA_CLASS, pkcs11js.CKA_ID]);
    const objectClass = classOf(asNumber(attribute(pkcs11js.CKA_CLASS)));
    return objectClass === null ? [] : [{ objectClass, object, id: idOf(attribute) }];
  });
}

function classOf(number: number | null): ObjectClass | null {
  if (number === null) {
    const detail = 'an object without a class';
    throw new StationError('TOKEN-08', { detail, call: 'C_GetAttributeValue' });
  }
  if (number === objectClasses.privateKey) return 'privateKey';
  if (number === objectClasses.publicKey) return 'publicKey';
  return number === objectClasses.certificate ? 'certificate' : null;
}

function search({ module, handle }: Session, wanted: pkcs11js.Template): ObjectHandle[] {
  const template = [{ type: pkcs11js.CKA_TOKEN, value: true }, ...wanted];
  module.lib.C_FindObjectsInit(handle, template);
  try {
    const found: ObjectHandle[] = [];
    while (found.length < mostObjects) {
      const next = module.lib.C_FindObjects(handle, 64);
      if (next.length === 0) break;
      found.push(...next);
    }
    return found.slice(0, mostObjects);
  } finally {
    module.lib.C_FindObjectsFinal(handle);
  }
}

/** The values that were read of an object, by type; null for what it has none of or the token keeps to itself. */
export type Attributes = (type: number) => Buffer | null;

/** Reads attributes by one call; one by one where the token refuses all for the sake of one (PKCS#11 v2.40 §5.7). */
export function readAttributes(
  session: Session,
  object: ObjectHandle,
  types: readonly number[],
): Attributes {
  const together = valuesOf(session, object, types);
  const values = new Map(
    types.map((type, index) => {
      const value = together === null ? valuesOf(session, object, [type])?.[0] : together[index];
      return [type, value ?? null];
    }),
  );
  return (type) => values.get(type) ?? null;
}

/** Null when the object lacks one of the attributes, or the token keeps one to itself. */
function valuesOf(
  { module, handle }: Session,
  object: ObjectHandle,
  types: readonly number[],
): (Buffer | undefined)[] | null {
  const template = types.map((type) => ({ type }));
  try {
    return module.lib.C_GetAttributeValue(handle, object, template).map(({ value }) => value);
  } catch (error) {
    const code = returnCodeOf(error)?.name;
    if (code === 'CKR_ATTRIBUTE_TYPE_INVALID' || code === 'CKR_ATTRIBUTE_SENSITIVE') return null;
    throw error;
  }
}

/** An attribute's value; null when the object has none or the token keeps it to itself. */
export function readAttribute(session: Session, object: ObjectHandle, type: number): Buffer | null {
  return valuesOf(session, object, [type])?.[0] ?? null;
}

/** A CK_BBOOL; null when the object has none. */
export function asFlag(value: Buffer | null): boolean | null {
  return value === null || value.length === 0 ? null : value.some((byte) => byte !== 0);
}

/** A CK_ULONG whose values are small; null when the object has none. */
export function asNumber(value: Buffer | null): number | null {
  return value === null || value.length < 4 ? null : value.readUInt32LE();
}

/** CKA_LABEL: the alias; empty when the object has none. */
export function aliasOf(attribute: Attributes): string {
  const label = attribute(pkcs11js.CKA_LABEL);
  return (label?.toString('utf8') ?? '').replace(/[\0 ]+$/, '').slice(0, 256);
}

/** CKA_ID; empty when the object has none. */
export function idOf(attribute: Attributes): Buffer {
  return attribute(pkcs11js.CKA_ID) ?? Buffer.alloc(0);
}

/** Reads CKA_ID; empty when the object has none. */
export function readId(session: Session, object: ObjectHandle): Buffer {
  return readAttribute(session, object, pkcs11js.CKA_ID) ?? Buffer.alloc(0);
}

export function writeAttributes(
  { module, handle }: Session,
  object: ObjectHandle,
  template: pkcs11js.Template,
): void {
  module.lib.C_SetAttributeValue(handle, object, template);
}

/** Destroys the object; one that has gone already is no error. */
export function destroyObject({ module, handle }: Session, object: ObjectHandle): void {
  try {
    module.lib.C_DestroyObject(handle, object);
  } catch (error) {
    if (returnCodeOf(error)?.name !== 'CKR_OBJECT_HANDLE_INVALID') throw error;
  }
}
