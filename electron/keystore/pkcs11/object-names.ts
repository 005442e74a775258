import pkcs11js from 'pkcs11js';
import { generatedName } from '../generated-name.ts';
import { certificateValue } from './certificate-object.ts';
import { makingAttributes } from './key-pair.ts';
import {
  type Attributes,
  aliasOf,
  findObjects,
  type IdentifiedObject,
  idOf,
  type ObjectClass,
  readAttributes,
} from './objects.ts';
import type { Session } from './session.ts';

/** The objects of one name, one of each class at most. */
type NamedObjects = ReadonlyMap<ObjectClass, DescribedObject>;

/** An object with all that is read of it by one call. */
export interface DescribedObject extends IdentifiedObject {
  /** CKA_LABEL; empty when the object has none. */
  readonly label: string;
  /** A public key's type, a certificate's value, what a private key says of its making. */
  readonly attribute: Attributes;
}

/** Public objects first: names are the same with and without a login. */
const classes: readonly ObjectClass[] = ['publicKey', 'certificate', 'privateKey'];

/** What is read of an object besides its label and identifier. */
const telling: Readonly<Record<ObjectClass, readonly number[]>> = {
  publicKey: [pkcs11js.CKA_KEY_TYPE],
  certificate: [pkcs11js.CKA_VALUE],
  privateKey: makingAttributes,
};

/**
 * Every object on the token by a name of its own, so that none is hidden: its label; for what has none, and for
 * further objects under a label, a generated name.
 */
export function objectsByName(session: Session): ReadonlyMap<string, NamedObjects> {
  const names = new Map<string, Map<ObjectClass, DescribedObject>>();
  const found = classes.flatMap((objectClass) =>
    findObjects(session, objectClass).map((object) => {
      const types = [pkcs11js.CKA_LABEL, pkcs11js.CKA_ID, ...telling[objectClass]];
      const attribute = readAttributes(session, object, types);
      const [label, id] = [aliasOf(attribute), idOf(attribute)];
      return { objectClass, object, label, id, attribute };
    }),
  );
  const further: DescribedObject[] = [];
  for (const [label, sharing] of Map.groupBy(found, (one) => one.label)) {
    const ordered = inOrder(sharing);
    const chosen = label === '' ? new Map() : leading(ordered);
    if (label !== '') names.set(label, chosen);
    further.push(...ordered.filter((one) => chosen.get(one.objectClass) !== one));
  }
  for (const one of further) {
    const { objectClass, label, id } = one;
    let count = 1;
    while (names.get(generatedName(label, id, count))?.has(objectClass) === true) count += 1;
    const name = generatedName(label, id, count);
    names.set(name, (names.get(name) ?? new Map()).set(objectClass, one));
  }
  return names;
}

/** The order in which a token tells its objects is no order; names must not change from one look to the next. */
function inOrder(sharing: readonly DescribedObject[]): readonly DescribedObject[] {
  if (new Set(sharing.map(({ objectClass }) => objectClass)).size === sharing.length)
    return sharing;
  const value = ({ objectClass, attribute }: DescribedObject) =>
    (objectClass === 'certificate' ? certificateValue(attribute) : null) ?? Buffer.alloc(0);
  return sharing.toSorted(
    (one, other) =>
      classes.indexOf(one.objectClass) - classes.indexOf(other.objectClass) ||
      one.id.compare(other.id) ||
      value(one).compare(value(other)),
  );
}

/**
 * What a label itself names where several objects have it: the first certificate, else the first of all, together with
 * what has its CKA_ID.
 */
function leading(sharing: readonly DescribedObject[]): Map<ObjectClass, DescribedObject> {
  const certificate = sharing.find((one) => one.objectClass === 'certificate' && one.id.length > 0);
  const { id } = certificate ?? sharing[0] ?? {};
  const chosen = classes.flatMap((objectClass) => {
    const same = sharing.filter((one) => one.objectClass === objectClass);
    const one = same.find((candidate) => id?.equals(candidate.id)) ?? same[0];
    return one === undefined ? [] : [[objectClass, one] as const];
  });
  return new Map(chosen);
}
