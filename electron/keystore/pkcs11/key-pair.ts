import { randomBytes } from 'node:crypto';
import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import { type Notice, notice } from '../../../shared/notices.ts';
import type { KeyParameterSet } from '../../../shared/profile.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import type { KeyDescription } from '../keystore.ts';
import { keyGenerations, mechanismsOf } from './mechanisms.ts';
import {
  type Attributes,
  asFlag,
  asNumber,
  destroyObject,
  findLabelled,
  type ObjectHandle,
  readAttribute,
  readAttributes,
  writeAttributes,
} from './objects.ts';
import { publicKeyInfo } from './public-key.ts';
import { returnCodeOf } from './return-codes.ts';
import type { Session } from './session.ts';
import { isTpm2Pkcs11, isUselessOnTpm } from './tpm.ts';

/**
 * Generates a key pair on the token and removes the pair that stood under the alias before, in this
 * order: the token may vanish in between. The certificate under the alias stays.
 * @throws StationError TOKEN-05 (cannot generate that), TOKEN-12 (the key could leave the token; it is destroyed).
 */
export async function generateKeyPair(
  session: Session,
  alias: string,
  set: KeyParameterSet,
): Promise<KeyDescription> {
  const { mechanism } = keyGenerations[set];
  const listed = mechanismsOf(session.module, session.slot).has(mechanism.type);
  if (!listed || isUselessOnTpm(session.module, set)) {
    throw new StationError('TOKEN-05', { mechanism: mechanism.name });
  }
  const former = keyPairUnder(session, alias);
  const pair = await generate(session, alias, set);
  const description = acceptOrDestroy(session, alias, pair);
  for (const object of former) destroyObject(session, object);
  return description;
}

/** What a new key pair under the alias takes the place of, the private half first. */
export function keyPairUnder(session: Session, alias: string): ObjectHandle[] {
  const labelled = findLabelled(session, alias);
  return (['privateKey', 'publicKey'] as const).flatMap((half) =>
    labelled.filter(({ objectClass }) => objectClass === half).map(({ object }) => object),
  );
}

interface Pair {
  readonly publicKey: ObjectHandle;
  readonly privateKey: ObjectHandle;
}

async function generate(session: Session, alias: string, set: KeyParameterSet): Promise<Pair> {
  const { mechanism, bits, ecParameters } = keyGenerations[set];
  // Joins the two halves until the identifier is known, should the token vanish just now.
  const id = randomBytes(20);
  const common = [
    { type: pkcs11js.CKA_TOKEN, value: true },
    { type: pkcs11js.CKA_LABEL, value: alias },
    { type: pkcs11js.CKA_ID, value: id },
    { type: pkcs11js.CKA_DERIVE, value: false },
  ];
  const kind =
    ecParameters !== null
      ? [{ type: pkcs11js.CKA_EC_PARAMS, value: ecParameters }]
      : [
          { type: pkcs11js.CKA_MODULUS_BITS, value: bits },
          { type: pkcs11js.CKA_PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) },
        ];
  const publicTemplate = [
    ...common,
    ...kind,
    { type: pkcs11js.CKA_PRIVATE, value: false },
    ...(isTpm2Pkcs11(session.module) ? [] : publicUse),
    { type: pkcs11js.CKA_WRAP, value: false },
  ];
  const privateTemplate = [
    ...common,
    { type: pkcs11js.CKA_PRIVATE, value: true },
    { type: pkcs11js.CKA_SENSITIVE, value: true },
    { type: pkcs11js.CKA_EXTRACTABLE, value: false },
    { type: pkcs11js.CKA_SIGN, value: true },
    { type: pkcs11js.CKA_DECRYPT, value: false },
    { type: pkcs11js.CKA_UNWRAP, value: false },
  ];
  return session.module.lib.C_GenerateKeyPairAsync(
    session.handle,
    { mechanism: mechanism.type },
    publicTemplate,
    privateTemplate,
  );
}

const publicUse = [
  { type: pkcs11js.CKA_VERIFY, value: true },
  { type: pkcs11js.CKA_ENCRYPT, value: false },
];

function acceptOrDestroy(session: Session, alias: string, pair: Pair): KeyDescription {
  try {
    const keyType = asNumber(readAttribute(session, pair.publicKey, pkcs11js.CKA_KEY_TYPE));
    const spki = publicKeyInfo(session, pair.publicKey, keyType);
    if (spki === null) {
      throw new StationError('TOKEN-12', { detail: 'its public key cannot be read' });
    }
    const making = describeMaking(readAttributes(session, pair.privateKey, makingAttributes));
    if (making.exportable !== null)
      throw new StationError('TOKEN-12', { detail: making.exportable });
    const id = keyIdentifier(spki);
    identify(session, pair, id);
    return { alias, spki, id, generatedThere: making.generatedThere, notes: making.notes };
  } catch (error) {
    destroyObject(session, pair.privateKey);
    destroyObject(session, pair.publicKey);
    throw error;
  }
}

/** Gives both halves their CKA_ID. A token that fixes it at generation keeps its own: keys are found by label. */
function identify(session: Session, pair: Pair, id: string): void {
  const template = [{ type: pkcs11js.CKA_ID, value: Buffer.from(id, 'hex') }];
  try {
    writeAttributes(session, pair.privateKey, template);
    writeAttributes(session, pair.publicKey, template);
  } catch (error) {
    const code = returnCodeOf(error)?.name;
    if (code !== 'CKR_ATTRIBUTE_READ_ONLY' && code !== 'CKR_ACTION_PROHIBITED') throw error;
  }
}

/** What the token says of a private key's making. */
export interface Making {
  readonly generatedThere: boolean;
  /** Why the key could leave the token; null when it cannot. */
  readonly exportable: string | null;
  readonly notes: Notice[];
}

/** What a token vouches for of a private key (PKCS#11 v2.40 §4.9: set by the token alone). */
export const makingAttributes: readonly number[] = [
  pkcs11js.CKA_SENSITIVE,
  pkcs11js.CKA_EXTRACTABLE,
  pkcs11js.CKA_ALWAYS_SENSITIVE,
  pkcs11js.CKA_NEVER_EXTRACTABLE,
  pkcs11js.CKA_LOCAL,
];

/** @param attribute what was read back of `makingAttributes`. */
export function describeMaking(attribute: Attributes): Making {
  const flag = (type: number) => asFlag(attribute(type));
  const sensitive = flag(pkcs11js.CKA_SENSITIVE);
  const extractable = flag(pkcs11js.CKA_EXTRACTABLE);
  const alwaysSensitive = flag(pkcs11js.CKA_ALWAYS_SENSITIVE);
  const neverExtractable = flag(pkcs11js.CKA_NEVER_EXTRACTABLE);
  const local = flag(pkcs11js.CKA_LOCAL);

  const weak: string[] = [];
  if (extractable !== false) weak.push('CKA_EXTRACTABLE is not false');
  if (sensitive !== true) weak.push('CKA_SENSITIVE is not true');
  const unproven = [...weak];
  if (alwaysSensitive !== true) unproven.push('CKA_ALWAYS_SENSITIVE is not true');
  if (neverExtractable !== true) unproven.push('CKA_NEVER_EXTRACTABLE is not true');
  const notes: Notice[] = [];
  if (unproven.length > 0) notes.push(notice('KEY-ORIGIN-SILENT', { detail: unproven.join(', ') }));
  // NSS says so of keys it generated itself: worth a word, not a refusal.
  if (local !== true) notes.push(notice('KEY-NOT-LOCAL'));
  return {
    generatedThere: unproven.length === 0,
    exportable: weak.length > 0 ? weak.join(', ') : null,
    notes,
  };
}
