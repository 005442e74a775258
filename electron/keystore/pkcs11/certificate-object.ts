import pkcs11js from 'pkcs11js';
import { StationError } from '../../../shared/errors/station-error.ts';
import { readCertificate } from '../../pki/certificate.ts';
import { certificateFields } from '../../pki/certificate-fields.ts';
import { tags } from '../../pki/der.ts';
import { element } from '../../pki/der-writer.ts';
import { keyIdentifier, sameKey } from '../../pki/public-key.ts';
import {
  type Attributes,
  asNumber,
  destroyObject,
  findObjects,
  idOf,
  type ObjectHandle,
  readAttribute,
  readAttributes,
  readId,
  writeAttributes,
} from './objects.ts';
import { publicKeyInfo } from './public-key.ts';
import { returnCodeOf } from './return-codes.ts';
import type { Session } from './session.ts';

/**
 * Writes the certificate (DER) under `alias`, then removes the one that stood there: the token may vanish
 * in between. The same certificate again changes nothing.
 * @throws StationError CERT-… when `der` is no certificate.
 */
export function storeCertificate(session: Session, alias: string, der: Uint8Array): void {
  const value = Buffer.from(der);
  const former = findObjects(session, 'certificate', alias);
  const same = former.find((object) =>
    readAttribute(session, object, pkcs11js.CKA_VALUE)?.equals(value),
  );
  if (same === undefined) replace(session, alias, former, value);
  else for (const object of former) if (object !== same) destroyObject(session, object);
}

/**
 * NSS gives one label to one subject only: there the new certificate stands under a passing label until the former one
 * is gone, so that the token is never without.
 */
function replace(
  session: Session,
  alias: string,
  former: readonly ObjectHandle[],
  der: Buffer,
): void {
  let passing: ObjectHandle | null = null;
  try {
    create(session, alias, alias, der);
  } catch (error) {
    const code = returnCodeOf(error)?.name;
    if (code === 'CKR_GENERAL_ERROR' && former.length === 0 && isHeld(session, der)) return;
    if (code !== 'CKR_ATTRIBUTE_VALUE_INVALID') throw error;
    passing = create(session, alias, `${alias}-new`, der);
  }
  for (const object of former) destroyObject(session, object);
  if (passing === null) return;
  writeAttributes(session, passing, [{ type: pkcs11js.CKA_LABEL, value: alias }]);
}

/** True when the very certificate stands under another alias: NSS takes none twice, which a root is not worth failing for. */
function isHeld(session: Session, der: Buffer): boolean {
  return findObjects(session, 'certificate').some((object) =>
    readAttribute(session, object, pkcs11js.CKA_VALUE)?.equals(der),
  );
}

/** @param label CKA_LABEL; `alias` is where its key is looked for. */
function create(session: Session, alias: string, label: string, der: Buffer): ObjectHandle {
  const certificate = readCertificate(der);
  const serialNumber = element(tags.integer, certificateFields(der).serialNumber);
  return session.module.lib.C_CreateObject(session.handle, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
    { type: pkcs11js.CKA_CERTIFICATE_TYPE, value: pkcs11js.CKC_X_509 },
    { type: pkcs11js.CKA_TOKEN, value: true },
    { type: pkcs11js.CKA_PRIVATE, value: false },
    { type: pkcs11js.CKA_LABEL, value: label },
    { type: pkcs11js.CKA_ID, value: keyId(session, alias, certificate.spki) },
    { type: pkcs11js.CKA_SUBJECT, value: certificate.subjectDer },
    { type: pkcs11js.CKA_ISSUER, value: certificate.issuerDer },
    { type: pkcs11js.CKA_SERIAL_NUMBER, value: serialNumber },
    { type: pkcs11js.CKA_VALUE, value: der },
  ]);
}

/** CKA_ID of the key pair under the alias when it is the certificate's key, else the certificate's own identifier. */
function keyId(session: Session, alias: string, spki: Uint8Array): Buffer {
  const usual = Buffer.from(keyIdentifier(spki), 'hex');
  for (const object of findObjects(session, 'publicKey', alias)) {
    const attribute = readAttributes(session, object, [pkcs11js.CKA_KEY_TYPE, pkcs11js.CKA_ID]);
    const info = publicKeyInfo(session, object, asNumber(attribute(pkcs11js.CKA_KEY_TYPE)));
    const id = idOf(attribute);
    if (info === null || id.length === 0 || !sameKey(info, spki)) continue;
    return id.equals(usual) ? usual : confirmed(session, object, id);
  }
  return usual;
}

/** A token may keep an identifier of its own; one that was not read right would part the certificate from its key. */
function confirmed(session: Session, key: ObjectHandle, id: Buffer): Buffer {
  if (readId(session, key).equals(id)) return id;
  const detail = 'a CKA_ID that is another when it is read again';
  throw new StationError('TOKEN-08', { detail, call: 'C_GetAttributeValue' });
}

/** The certificate's DER; null for one that is not X.509, or only refers to its value by URL. */
export function certificateValue(attribute: Attributes): Buffer | null {
  const value = attribute(pkcs11js.CKA_VALUE);
  if (value === null || value.length === 0) return null;
  if (value.length > 65_536) {
    throw new StationError('TOKEN-08', {
      detail: 'an oversized object',
      call: 'C_GetAttributeValue',
    });
  }
  return value;
}
