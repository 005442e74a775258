import type { Generated } from 'kysely';

/** Columns of the station's database; structured values are JSON text, times ISO 8601 in UTC. */
export interface Tables {
  readonly schema_version: { readonly version: number };
  readonly journal: {
    readonly sequence: Generated<number>;
    readonly enrollment_id: string;
    readonly phase: string;
    readonly state: string;
    readonly at: string;
    readonly evidence: string;
  };
  /** `record` is the very text that `hash` is computed over (docs/audit-format.md). */
  readonly audit: { readonly sequence: number; readonly record: string; readonly hash: string };
  /** One row: where the chain ends. */
  readonly audit_head: { readonly sequence: number; readonly hash: string };
  readonly trust_anchors: {
    readonly server: string;
    readonly fingerprint: string;
    readonly der: Uint8Array;
    readonly kind: string;
    readonly source: string;
    readonly confirmed_by: string;
    readonly confirmed_at: string;
    readonly successor_of: string | null;
  };
  /** CRLs learned from a server; the newest of each series. */
  readonly revocation_lists: {
    readonly server: string;
    readonly series: string;
    readonly der: Uint8Array;
    readonly this_update: string;
    readonly next_update: string;
  };
  readonly profiles: { readonly name: string; readonly profile: string };
  readonly enrollments: {
    readonly enrollment_id: string;
    readonly started_at: string;
    readonly record: string;
    /** The state in `record`, to find what stands open among many; null where `record` cannot be read. */
    readonly state: string | null;
  };
  /** Enrollments being worked on, and the mark of the process that does. */
  readonly running: { readonly enrollment_id: string; readonly process: string };
}
