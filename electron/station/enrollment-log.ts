import { randomUUID } from 'node:crypto';
import {
  durableStates,
  type EnrollmentProgress,
  type EnrollmentRecord,
  type EnrollmentState,
  type EnrollmentStep,
} from '../../shared/enrollment.ts';
import type { Notice } from '../../shared/notices.ts';
import type { Profile } from '../../shared/profile.ts';
import { serverKey } from '../../shared/server-key.ts';
import type { JournalEntry } from '../store/store.ts';
import type { StationPorts } from './ports.ts';

type Evidence = JournalEntry['evidence'];

/** Hears of every change of a running enrollment. */
export type ProgressListener = (progress: EnrollmentProgress) => void;

/**
 * The story of one enrollment: each step is journaled before and after, timed, and told to the window.
 * The record is the same that the command line prints and the database keeps.
 */
export class EnrollmentLog {
  readonly #ports: StationPorts;
  readonly #listener: ProgressListener;
  readonly #startedAt: number;
  #record: EnrollmentRecord;
  #working: EnrollmentStep | null = null;
  #begun = 0;

  constructor(
    ports: StationPorts,
    profile: Profile,
    operation: EnrollmentRecord['operation'],
    listener: ProgressListener,
  ) {
    this.#ports = ports;
    this.#listener = listener;
    this.#startedAt = ports.clock.elapsed();
    this.#record = {
      schemaVersion: 1,
      enrollmentId: randomUUID(),
      operation,
      profile: profile.name,
      state: 'planned',
      startedAt: ports.clock.now().toISOString(),
      server: serverKey(profile),
      certificate: null,
      caCertificates: [],
      keystore: null,
      warnings: [],
      retryAfterSeconds: null,
      error: null,
      steps: [],
      totalMs: 0,
    };
  }

  /** Continues the story of an enrollment that ended: its further steps are told under the same name. */
  static continuing(
    ports: StationPorts,
    profile: Profile,
    record: EnrollmentRecord,
    listener: ProgressListener,
  ): EnrollmentLog {
    const log = new EnrollmentLog(ports, profile, record.operation, listener);
    log.#record = record;
    return log;
  }

  get record(): EnrollmentRecord {
    return this.#record;
  }

  /** The step being worked on; null before the first and after the last. */
  get working(): EnrollmentStep | null {
    return this.#working;
  }

  /** Adds what became known to the record. */
  note(facts: Partial<Omit<EnrollmentRecord, 'state' | 'steps' | 'totalMs'>>): void {
    this.#record = { ...this.#record, ...facts };
  }

  warn(...warnings: readonly Notice[]): void {
    this.note({ warnings: [...this.#record.warnings, ...warnings].slice(0, 64) });
  }

  /** Forgets what an earlier attempt told of its steps; what it left behind stays. */
  restart(): void {
    this.#record = { ...this.#record, steps: [], warnings: [], error: null };
  }

  /** Begins the record: state `planned`. */
  async open(evidence: Evidence): Promise<void> {
    await this.#journal('after', 'planned', evidence);
    await this.#ports.store.enrollments.save(this.#record);
  }

  /** Journals that work on `step` starts, and tells the window. */
  async begin(step: EnrollmentStep, evidence: Evidence = {}): Promise<void> {
    this.#begun = this.#ports.clock.elapsed();
    this.#working = step;
    await this.#journal('before', step, evidence);
    this.#tell();
  }

  /** Journals that `step` is done and takes its time; a step done twice (a new connection) adds up. */
  async finish(step: EnrollmentStep, evidence: Evidence): Promise<void> {
    await this.reached(step, evidence);
    const earlier = this.#record.steps.find((timing) => timing.name === step)?.ms ?? 0;
    const ms = tenths(earlier + this.#ports.clock.elapsed() - this.#begun);
    const others = this.#record.steps.filter((timing) => timing.name !== step);
    this.#record = { ...this.#record, steps: [...others, { name: step, ms }] };
    this.#tell();
  }

  /** `begin`, the work, `finish` with the evidence the work returns. */
  async step<Result>(
    step: EnrollmentStep,
    work: () => Promise<{ result: Result; evidence: Evidence }>,
  ): Promise<Result> {
    await this.begin(step);
    const { result, evidence } = await work();
    await this.finish(step, evidence);
    return result;
  }

  /** Journals that `state` is reached; durable states are on the disk when this resolves. */
  async reached(state: EnrollmentState, evidence: Evidence): Promise<void> {
    this.#record = { ...this.#record, state };
    await this.#journal('after', state, evidence);
    if (durableStates.has(state)) await this.#ports.store.enrollments.save(this.#touch());
  }

  /**
   * Journals a call that a token makes for the present step. Ordered, not synced: it outlives this process, and what
   * the machine loses with the power is less than the step tells already.
   */
  async calling(evidence: Evidence): Promise<void> {
    const at = this.#ports.clock.now().toISOString();
    const { enrollmentId, state } = this.#record;
    await this.#ports.store.journal.append(
      { enrollmentId, phase: 'before', state: this.#working ?? state, at, evidence },
      { durable: false },
    );
  }

  /** Ends the enrollment in `state`. */
  async end(state: EnrollmentState, evidence: Evidence): Promise<EnrollmentRecord> {
    this.#working = null;
    await this.reached(state, evidence);
    this.#record = this.#touch();
    await this.#ports.store.enrollments.save(this.#record);
    this.#tell();
    return this.#record;
  }

  #touch(): EnrollmentRecord {
    const totalMs = tenths(this.#ports.clock.elapsed() - this.#startedAt);
    this.#record = { ...this.#record, totalMs };
    return this.#record;
  }

  async #journal(
    phase: JournalEntry['phase'],
    state: EnrollmentState,
    evidence: Evidence,
  ): Promise<void> {
    const at = this.#ports.clock.now().toISOString();
    const entry = { enrollmentId: this.#record.enrollmentId, phase, state, at, evidence };
    // Key generation is the first thing that changes the token: its announcement must survive a crash.
    const durable = durableStates.has(state) || (phase === 'before' && state === 'key-made');
    await this.#ports.store.journal.append(entry, { durable });
  }

  #tell(): void {
    this.#listener({
      enrollmentId: this.#record.enrollmentId,
      state: this.#record.state,
      working: this.#working,
      steps: [...this.#record.steps],
      elapsedMs: Math.max(0, this.#ports.clock.elapsed() - this.#startedAt),
    });
  }
}

/** Milliseconds, to a tenth. */
function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
