import { randomBytes } from 'node:crypto';
import { tags } from '../pki/der.ts';
import { element, objectIdentifier, sequence, setOf } from '../pki/der-writer.ts';
import { nameRdns } from '../pki/name.ts';
import { keyIdentifier } from '../pki/public-key.ts';
import { distinguishedName } from './certificate-writer.ts';
import type { PracticeMode } from './practice.ts';
import type { CertificationRequest } from './request.ts';

/** RFC 4519 §2.39. */
const userId = '0.9.2342.19200300.100.1.1';

/**
 * The request with the names its certificate will have. `client`: the CA knows its clients and names each after its
 * key, whatever the request says; `ra`: a registration authority adds a user identifier it has generated.
 */
export function named(mode: PracticeMode, request: CertificationRequest): CertificationRequest {
  switch (mode) {
    case 'request':
      return request;
    case 'client': {
      const subject = distinguishedName(
        'EST Practice',
        `client ${keyIdentifier(request.spki).slice(0, 8)}`,
      );
      return { ...request, subject, subjectAltName: null };
    }
    case 'ra':
      return { ...request, subject: withUserId(request.subject) };
  }
}

function withUserId(subject: Buffer): Buffer {
  const generated = `ra-${randomBytes(4).toString('hex')}`;
  const rdns = nameRdns(subject).map((rdn) =>
    setOf(...rdn.map(({ oid, value }) => sequence(objectIdentifier(oid), value))),
  );
  return sequence(
    ...rdns,
    setOf(
      sequence(objectIdentifier(userId), element(tags.utf8String, Buffer.from(generated, 'utf8'))),
    ),
  );
}
