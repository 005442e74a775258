import pkcs11js from 'pkcs11js';
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
  { module, handle }: Session,
  objectClass: ObjectClass,
  alias?: string,
): ObjectHandle[] {
  const template: pkcs11js.Template = [
    { type: pkcs11js.CKA_CLASS, value: objectClasses[objectClass] },
    { type: pkcs11js.CKA_TOKEN, value: true },
  ];
  if (alias !== undefined) template.push({ type: pkcs11js.CKA_LABEL, value: alias });
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

/** An attribute's value; null when the object has none or the token keeps it to itself. */
export function readAttribute(
  { module, handle }: Session,
  object: ObjectHandle,
  type: number,
): Buffer | null {
  try {
    const [attribute] = module.lib.C_GetAttributeValue(handle, object, [{ type }]);
    return attribute?.value ?? null;
  } catch (error) {
    const code = returnCodeOf(error)?.name;
    if (code === 'CKR_ATTRIBUTE_TYPE_INVALID' || code === 'CKR_ATTRIBUTE_SENSITIVE') return null;
    throw error;
  }
}

/** A CK_BBOOL attribute; null when the object has none. */
export function readFlag(session: Session, object: ObjectHandle, type: number): boolean | null {
  const value = readAttribute(session, object, type);
  return value === null || value.length === 0 ? null : value.some((byte) => byte !== 0);
}

/** A CK_ULONG attribute whose values are small; null when the object has none. */
export function readNumber(session: Session, object: ObjectHandle, type: number): number | null {
  const value = readAttribute(session, object, type);
  return value === null || value.length < 4 ? null : value.readUInt32LE();
}

/** CKA_LABEL: the alias; empty when the object has none. */
export function readAlias(session: Session, object: ObjectHandle): string {
  const label = readAttribute(session, object, pkcs11js.CKA_LABEL);
  return (label?.toString('utf8') ?? '').replace(/[\0 ]+$/, '').slice(0, 256);
}

/** CKA_ID; empty when the object has none. */
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
