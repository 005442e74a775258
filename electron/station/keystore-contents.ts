import type { CertificateSummary } from '../../shared/enrollment.ts';
import type { KeystoreEntry } from '../keystore/keystore.ts';
import { summariseCertificate } from '../pki/certificate.ts';
import { describeKey } from '../pki/public-key.ts';

/** One alias of a keystore, as a person reads it. */
export interface ShownEntry {
  readonly alias: string;
  /** `id`: CKA_ID, lower-case hex; `algorithm`: e.g. `EC P-256`. */
  readonly key: { readonly id: string; readonly algorithm: string } | null;
  readonly certificate: CertificateSummary | null;
}

/** What a keystore holds. */
export interface KeystoreContents {
  /** Label and serial of the token, or the folder. */
  readonly keystore: string;
  readonly entries: readonly ShownEntry[];
}

export function contentsOf({ alias, key, certificate }: KeystoreEntry): ShownEntry {
  return {
    alias,
    key: key === null ? null : { id: key.id, algorithm: describeKey(key.spki) },
    certificate: certificate === null ? null : summariseCertificate(certificate),
  };
}
