import type { EnrollmentRecord, EnrollmentState } from '../../shared/enrollment.ts';
import type { Profile } from '../../shared/profile.ts';

/** One line of the journal: the state an enrollment reached (or is about to work towards) and its evidence. */
export interface JournalEntry {
  readonly enrollmentId: string;
  /** `before`: the step is about to start; `after`: it is done. */
  readonly phase: 'before' | 'after';
  readonly state: EnrollmentState;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Fingerprints, serials, server answers (base64); never a secret. */
  readonly evidence: Readonly<Record<string, string | number | boolean | null>>;
}

export interface StoredJournalEntry extends JournalEntry {
  readonly sequence: number;
}

export interface Journal {
  /** Appends in order. With `durable` the record is on the disk (fsync) when the promise resolves. */
  append(entry: JournalEntry, options: { durable: boolean }): Promise<void>;
  /** Entries of one enrollment, or the newest `limit` of all, oldest first. */
  read(query: {
    enrollmentId?: string;
    /** Only entries of this state. */
    state?: EnrollmentState;
    limit: number;
  }): Promise<readonly StoredJournalEntry[]>;
}

/** What an audit record tells: who did what, when, with which token and certificate. */
export interface AuditEvent {
  readonly at: string;
  /** The operator: account name of the operating system unless the station knows better. */
  readonly who: string;
  /** e.g. `trust.confirmed`, `token.initialised`, `certificate.issued`, `certificate.stored`, `enrollment.failed`. */
  readonly what: string;
  /** `label (serial)` or null. */
  readonly token: string | null;
  /** SHA-256 fingerprint of the certificate, upper-case hex, or null. */
  readonly certificate: string | null;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditRecord extends AuditEvent {
  readonly sequence: number;
  /** SHA-256 over the canonical record and the previous hash, lower-case hex. */
  readonly hash: string;
  readonly previousHash: string;
}

export type AuditVerdict =
  | { readonly intact: true; readonly records: number; readonly lastHash: string }
  | {
      readonly intact: false;
      readonly records: number;
      readonly brokenAt: number;
      readonly why: string;
    };

export interface Audit {
  /** Appends durably, in one immediate transaction with the reading of the chain's end. */
  append(event: AuditEvent): Promise<AuditRecord>;
  /** The newest `limit`, oldest first. */
  read(query: { limit: number }): Promise<readonly AuditRecord[]>;
  /** Checks the whole chain on one unchanging state of the database. */
  verify(): Promise<AuditVerdict>;
}

/** A trust anchor and where it came from (RFC 7030 §3.6: explicit and implicit are kept apart). */
export interface TrustAnchor {
  readonly der: Buffer;
  /** SHA-256 of the DER, upper-case hex. */
  readonly fingerprint: string;
  readonly kind: 'explicit' | 'implicit';
  /** `profile-pem`, `profile-fingerprint`, `operator`, `rollover`. */
  readonly source: string;
  readonly confirmedBy: string;
  readonly confirmedAt: string;
  /** SHA-256 fingerprint of the anchor it succeeds (RFC 7030 §4.1.3), or null: then it stands for itself. */
  readonly successorOf: string | null;
}

export interface TrustStore {
  /** `server` is the profile's `serverKey`: endpoint and label. */
  anchors(server: string): Promise<readonly TrustAnchor[]>;
  /**
   * Durable. Idempotent by fingerprint: the first confirmation stands, except that an implicit
   * anchor becomes explicit when it is confirmed as one.
   */
  add(server: string, anchor: TrustAnchor): Promise<void>;
  /** Durable. @returns false when the server has no such anchor. */
  remove(server: string, fingerprint: string): Promise<boolean>;
  /** Every server with an anchor, by name. */
  servers(): Promise<readonly string[]>;
}

/** A CRL whose signature was verified. */
export interface KnownRevocationList {
  /** What this list shares with those it replaces and those that will replace it. */
  readonly series: string;
  readonly der: Buffer;
  /** ISO 8601, UTC. */
  readonly thisUpdate: string;
  readonly nextUpdate: string;
}

export interface RevocationListStore {
  /** The lists of a server (`serverKey`) in force at a time (ISO 8601, UTC). */
  inForce(server: string, at: string): Promise<readonly KnownRevocationList[]>;
  /** Durable. Keeps the newest of each series, and drops what is out of date at the time given (ISO 8601, UTC). */
  keep(server: string, lists: readonly KnownRevocationList[], at: string): Promise<void>;
}

export interface ProfileStore {
  /** By name. */
  list(): Promise<readonly Profile[]>;
  /** Durable; replaces the profile of the same name. */
  save(profile: Profile): Promise<void>;
}

export interface EnrollmentStore {
  /** Writes the present record of an enrollment, replacing the one before; durable in a durable state. */
  save(record: EnrollmentRecord): Promise<void>;
  get(enrollmentId: string): Promise<EnrollmentRecord | null>;
  /** The newest `limit` by `startedAt`, newest first; with `states` of those that are in one of them now. */
  list(query: {
    limit: number;
    states?: readonly EnrollmentState[];
  }): Promise<readonly EnrollmentRecord[]>;
}

/**
 * Which process works on which enrollment: two processes never work on the same, and what a killed one left is
 * found again.
 */
export interface RunningEnrollments {
  /**
   * Takes an enrollment for this process alone, until `release` or the end of the process in any way.
   * @returns false when a living process (this one too) has it.
   */
  claim(enrollmentId: string): Promise<boolean>;
  release(enrollmentId: string): Promise<void>;
  /** Enrollments whose process ended without releasing them. */
  abandoned(): Promise<readonly string[]>;
}

/** The station's database: one file, several processes. Every failure is a StationError STORE-…. */
export interface Store {
  readonly journal: Journal;
  readonly audit: Audit;
  readonly trust: TrustStore;
  readonly revocationLists: RevocationListStore;
  readonly profiles: ProfileStore;
  readonly enrollments: EnrollmentStore;
  readonly running: RunningEnrollments;
  close(): Promise<void>;
}
