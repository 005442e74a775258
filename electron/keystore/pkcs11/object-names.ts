import { generatedName } from '../generated-name.ts';
import { certificateValue } from './certificate-object.ts';
import { findObjects, type ObjectClass, type ObjectHandle, readAlias, readId } from './objects.ts';
import type { Session } from './session.ts';

/** The objects of one name, one of each class at most. */
export type NamedObjects = ReadonlyMap<ObjectClass, ObjectHandle>;

interface Found {
  readonly objectClass: ObjectClass;
  readonly object: ObjectHandle;
  readonly label: string;
  readonly id: Buffer;
}

/** Public objects first: names are the same with and without a login. */
const classes: readonly ObjectClass[] = ['publicKey', 'certificate', 'privateKey'];

/**
 * Every object on the token by a name of its own, so that none is hidden: its label; for what has none, and for
 * further objects under a label, a generated name.
 */
export function objectsByName(session: Session): ReadonlyMap<string, NamedObjects> {
  const names = new Map<string, Map<ObjectClass, ObjectHandle>>();
  const found = classes.flatMap((objectClass) =>
    findObjects(session, objectClass).map((object) => {
      const [label, id] = [readAlias(session, object), readId(session, object)];
      return { objectClass, object, label, id };
    }),
  );
  const further: Found[] = [];
  for (const [label, sharing] of Map.groupBy(found, (one) => one.label)) {
    const ordered = inOrder(session, sharing);
    const chosen = label === '' ? new Map() : leading(ordered);
    if (label !== '') names.set(label, chosen);
    further.push(...ordered.filter((one) => chosen.get(one.objectClass) !== one.object));
  }
  for (const { objectClass, object, label, id } of further) {
    let count = 1;
    while (names.get(generatedName(label, id, count))?.has(objectClass) === true) count += 1;
    const name = generatedName(label, id, count);
    names.set(name, (names.get(name) ?? new Map()).set(objectClass, object));
  }
  return names;
}

/** The order in which a token tells its objects is no order; names must not change from one look to the next. */
function inOrder(session: Session, sharing: readonly Found[]): readonly Found[] {
  if (new Set(sharing.map(({ objectClass }) => objectClass)).size === sharing.length)
    return sharing;
  return sharing
    .map((one) => ({
      ...one,
      value: one.objectClass === 'certificate' ? certificateValue(session, one.object) : null,
    }))
    .sort(
      (one, other) =>
        classes.indexOf(one.objectClass) - classes.indexOf(other.objectClass) ||
        one.id.compare(other.id) ||
        (one.value ?? Buffer.alloc(0)).compare(other.value ?? Buffer.alloc(0)),
    );
}

/** What a label itself names where several objects have it: the first, together with what has its CKA_ID. */
function leading(sharing: readonly Found[]): Map<ObjectClass, ObjectHandle> {
  const id = sharing[0]?.id;
  const chosen = classes.flatMap((objectClass) => {
    const same = sharing.filter((one) => one.objectClass === objectClass);
    const one = same.find((candidate) => id?.equals(candidate.id)) ?? same[0];
    return one === undefined ? [] : [[objectClass, one.object] as const];
  });
  return new Map(chosen);
}
