import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import { notice } from '../../../shared/notices.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import type { KeyDescription, KeystoreEntry } from '../keystore.ts';
import { certificateValue } from './certificate-object.ts';
import { describeMaking } from './key-pair.ts';
import { type DescribedObject, objectsByName } from './object-names.ts';
import {
  asNumber,
  destroyObject,
  findLabelled,
  findObjects,
  type IdentifiedObject,
  type ObjectClass,
  readId,
  writeAttributes,
} from './objects.ts';
import { publicKeyInfo } from './public-key.ts';
import type { Session } from './session.ts';

/** Certificate first, private key last: what is moved or removed last is what cannot be had again. */
const order: readonly ObjectClass[] = ['certificate', 'publicKey', 'privateKey'];

/** Everything on the token, by its alias or a generated name; without a login the private halves are not seen. */
export function entries(session: Session): KeystoreEntry[] {
  return [...objectsByName(session)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([alias, objects]) => {
      const certificate = objects.get('certificate');
      return {
        alias,
        key: describeKey(session, alias, objects.get('publicKey'), objects.get('privateKey')),
        certificate: certificate === undefined ? null : certificateValue(certificate.attribute),
      };
    });
}

/** All objects under an alias, or those of one generated name. */
function objectsUnder(session: Session, alias: string): IdentifiedObject[] {
  const labelled = inOrder(findLabelled(session, alias));
  if (labelled.length > 0) return labelled;
  const named = objectsByName(session).get(alias);
  return order.flatMap((objectClass) => named?.get(objectClass) ?? []);
}

function inOrder(objects: readonly IdentifiedObject[]): IdentifiedObject[] {
  return order.flatMap((wanted) => objects.filter(({ objectClass }) => objectClass === wanted));
}

/** The pair under an alias; null when its public half is not there or of a kind the station does not use. */
function describeKey(
  session: Session,
  alias: string,
  publicKey: DescribedObject | undefined,
  privateKey: DescribedObject | undefined,
): KeyDescription | null {
  if (publicKey === undefined) return null;
  const keyType = asNumber(publicKey.attribute(pkcs11js.CKA_KEY_TYPE));
  const spki = publicKeyInfo(session, publicKey.object, keyType);
  if (spki === null) return null;
  const own = publicKey.id;
  const id = own.length > 0 ? own.subarray(0, 64).toString('hex') : keyIdentifier(spki);
  if (privateKey === undefined) {
    const notes = [notice('KEY-ORIGIN-SILENT', { detail: 'its private key is not to be seen' })];
    return { alias, spki, id, generatedThere: false, notes };
  }
  const { generatedThere, notes } = describeMaking(privateKey.attribute);
  return { alias, spki, id, generatedThere, notes };
}

/**
 * Renames everything under `from`. What stood under `to` is removed first, except what belongs to the same
 * key: that was moved by a rename which was cut short, and is completed by repeating it. Renamed to its own alias, a
 * key pair gathers the halves that such a rename left elsewhere.
 * @throws StationError TOKEN-09 when nothing is under `from`.
 */
export function rename(session: Session, from: string, to: string): void {
  if (from === to) gather(session, to);
  else move(session, from, to);
}

function move(session: Session, from: string, to: string): void {
  const moving = objectsUnder(session, from);
  if (moving.length === 0) throw new StationError('TOKEN-09', { object: 'key pair', alias: from });
  const movingIds = moving.map(({ id }) => id).filter((id) => id.length > 0);
  for (const { object, id } of inOrder(findLabelled(session, to))) {
    if (!movingIds.some((movingId) => movingId.equals(id))) destroyObject(session, object);
  }
  const template = [{ type: pkcs11js.CKA_LABEL, value: to }];
  for (const { object } of moving) writeAttributes(session, object, template);
}

/** Gives the private key of the public key under `alias` that alias too: it is moved last, so it may have been left. */
function gather(session: Session, alias: string): void {
  if (findObjects(session, 'privateKey', alias).length > 0) return;
  const ids = findObjects(session, 'publicKey', alias).map((object) => readId(session, object));
  const template = [{ type: pkcs11js.CKA_LABEL, value: alias }];
  for (const object of findObjects(session, 'privateKey')) {
    const id = readId(session, object);
    if (id.length === 0 || !ids.some((own) => own.equals(id))) continue;
    writeAttributes(session, object, template);
  }
}

/** Removes everything under `alias`; nothing there is no error. */
export function remove(session: Session, alias: string): void {
  for (const { object } of objectsUnder(session, alias)) destroyObject(session, object);
}
