import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import { keyTypes, mechanismsOf } from './mechanisms.ts';
import { objectsByName } from './object-names.ts';
import {
  asFlag,
  asNumber,
  findObjects,
  type ObjectHandle,
  readAttribute,
  readAttributes,
  readId,
} from './objects.ts';
import type { Session } from './session.ts';
import { tokenName } from './token-name.ts';

/** A private key, and what the token says of it that does not change while the key exists. */
export interface SigningKey {
  readonly handle: ObjectHandle;
  /** CKA_KEY_TYPE. */
  readonly type: number | null;
  /** CKA_EC_PARAMS, DER; null when it is no key on a curve. */
  readonly curve: Buffer | null;
  /** CKA_ALWAYS_AUTHENTICATE. */
  readonly alwaysAuthenticate: boolean;
  /** Mechanism types that the token lists. */
  readonly mechanisms: ReadonlySet<number>;
}

/**
 * Keys that have signed before, by session and alias. A TLS handshake waits for its signature, and looking a key up
 * takes longer than signing with it.
 */
const known = new WeakMap<Session, Map<string, SigningKey>>();

/**
 * The private key under `alias`.
 * @throws StationError TOKEN-09 (no such key), TOKEN-18 (several, and nothing tells which one is meant), PIN-08:
 *   without a login the token hides its private keys.
 */
export function signingKey(session: Session, loggedIn: boolean, alias: string): SigningKey {
  return known.get(session)?.get(alias) ?? lookUp(session, loggedIn, alias);
}

/** To be called once a key has signed. */
export function rememberSigningKey(session: Session, alias: string, key: SigningKey): void {
  const keys = known.get(session) ?? new Map<string, SigningKey>();
  known.set(session, keys.set(alias, key));
}

/** To be called when objects of the token change: an alias may mean another key from then on. */
export function forgetSigningKeys(session: Session): void {
  known.delete(session);
}

function lookUp(session: Session, loggedIn: boolean, alias: string): SigningKey {
  const handle = labelled(session, alias) ?? byCertificate(session, alias);
  if (handle === undefined && !loggedIn) throw new StationError('PIN-08');
  if (handle === undefined) throw new StationError('TOKEN-09', { object: 'private key', alias });
  const types = [pkcs11js.CKA_KEY_TYPE, pkcs11js.CKA_ALWAYS_AUTHENTICATE];
  const attribute = readAttributes(session, handle, types);
  const type = asNumber(attribute(pkcs11js.CKA_KEY_TYPE));
  return {
    handle,
    type,
    curve: type === keyTypes.RSA ? null : readAttribute(session, handle, pkcs11js.CKA_EC_PARAMS),
    alwaysAuthenticate: asFlag(attribute(pkcs11js.CKA_ALWAYS_AUTHENTICATE)) === true,
    mechanisms: mechanismsOf(session.module, session.slot),
  };
}

/**
 * The private key with this label. Where several have it, the one of the certificate, or else of the public key, that
 * the alias stands for among the token's objects: what joins them is CKA_ID. A key is never guessed.
 */
function labelled(session: Session, alias: string): ObjectHandle | undefined {
  const keys = findObjects(session, 'privateKey', alias);
  if (keys.length < 2) return keys[0];
  const objects = objectsByName(session).get(alias);
  const { id } = objects?.get('certificate') ?? objects?.get('publicKey') ?? {};
  const own = keys.filter((key) => id !== undefined && readId(session, key).equals(id));
  const [only, another] = own;
  if (id?.length && only !== undefined && another === undefined) return only;
  throw new StationError('TOKEN-18', { alias, token: tokenName(session.token) });
}

/** PIV cards name key and certificate differently: what joins them is CKA_ID (PKCS#11 v2.40 §4.6.3). */
function byCertificate(session: Session, alias: string): ObjectHandle | undefined {
  const certificate = findObjects(session, 'certificate', alias).at(-1);
  if (certificate === undefined) return undefined;
  const id = readId(session, certificate);
  if (id.length === 0) return undefined;
  return findObjects(session, 'privateKey').find((key) => readId(session, key).equals(id));
}
