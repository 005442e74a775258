import type { EventName, EventPayload } from '../../shared/contract/events.ts';
import {
  type EnrollmentProgress,
  type EnrollmentRecord,
  type EnrollmentState,
  enrollmentSteps,
} from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { notice } from '../../shared/notices.ts';
import { issued, issuing, root } from './certificates.ts';
import { ordinary, type Scenario } from './scenario.ts';

type Tell = <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void;

const took = [412, 388, 903, 96, 301, 244, 41, 2764, 512, 903];

/** Where an ending other than `done` happens. */
const stopsAt: Partial<Record<EnrollmentState, string>> = {
  refused: 'issued',
  failed: 'trusted',
  pending: 'issued',
  'issued-not-stored': 'stored',
  'outcome-unknown': 'issued',
};

/** Walks through the steps of one enrollment and ends as the scenario says. */
export class FakeEnrollments {
  readonly #scenario: Scenario;
  readonly #tell: Tell;
  #record: EnrollmentRecord | null = null;
  #cancelled = false;
  #answer: ((right: boolean) => void) | null = null;
  #enrollmentId = 'fake-enrollment';
  #told: ((record: EnrollmentRecord) => void) | null = null;

  constructor(scenario: Partial<Scenario>, tell: Tell) {
    this.#scenario = { ...ordinary, ...scenario };
    this.#tell = tell;
  }

  start(): string {
    this.#cancelled = false;
    void this.#walk();
    return this.#enrollmentId;
  }

  /** Takes up an enrollment of earlier; `ended` learns its end before the window does. */
  resume(enrollmentId: string, ended: (record: EnrollmentRecord) => void): void {
    this.#enrollmentId = enrollmentId;
    this.#told = ended;
    this.start();
  }

  cancel(): void {
    this.#cancelled = true;
    if (this.#scenario.stuckAt !== null) this.#end('cancelled', []);
  }

  get(id: string): EnrollmentRecord | null {
    return id === this.#enrollmentId ? this.#record : null;
  }

  /** Answers the question for the PIN of one use. */
  give(secret: Uint8Array | null): void {
    this.#answer?.(secret !== null && new TextDecoder().decode(secret) === this.#scenario.pin);
  }

  async #pinGiven(): Promise<boolean> {
    const id = 'fake-question';
    const given = new Promise<boolean>((resolve) => {
      this.#answer = resolve;
    });
    const { pinState } = this.#scenario;
    const token = { label: 'GW-20417', serial: '0F417A93C4D20011' };
    this.#tell('secret.wanted', { id, purpose: 'key-use', ...token, pinState });
    return await given;
  }

  async #walk(): Promise<void> {
    const { ends, stepMs, stuckAt, pinForUseAt } = this.#scenario;
    const steps: EnrollmentProgress['steps'] = [];
    this.#record = this.#recordOf('planned', steps);
    for (const [place, name] of enrollmentSteps.entries()) {
      this.#say(name, steps);
      if (name === stuckAt) return;
      if (name === pinForUseAt && !(await this.#pinGiven())) return this.#end('failed', steps);
      await new Promise((resolve) => setTimeout(resolve, stepMs));
      if (this.#cancelled) return this.#end('cancelled', steps);
      if (stopsAt[ends] === name) return this.#end(ends, steps);
      steps.push({ name, ms: took[place] ?? 100 });
    }
    this.#end('done', steps);
  }

  #say(working: (typeof enrollmentSteps)[number], steps: EnrollmentProgress['steps']): void {
    this.#tell('enrollment.progress', {
      enrollmentId: this.#enrollmentId,
      state: 'planned',
      working,
      steps: [...steps],
      elapsedMs: steps.reduce((sum, { ms }) => sum + ms, 0),
    });
  }

  #end(state: EnrollmentState, steps: EnrollmentProgress['steps']): void {
    this.#record = this.#recordOf(state, steps);
    this.#told?.(this.#record);
    this.#tell('enrollment.ended', this.#record);
  }

  #recordOf(state: EnrollmentState, steps: EnrollmentProgress['steps']): EnrollmentRecord {
    const { endCode, warnings } = this.#scenario;
    const known = state === 'done' || state === 'issued-not-stored';
    return {
      schemaVersion: 1,
      enrollmentId: this.#enrollmentId,
      operation: 'enroll',
      profile: 'Gateways, Plant 4',
      state,
      startedAt: '2026-11-21T09:43:02Z',
      server: 'est.plant4.example:8443',
      certificate: known ? issued : null,
      caCertificates: known ? [root, issuing] : [],
      keystore: known
        ? {
            kind: 'pkcs11',
            token: 'GW-20417 (0F417A93C4D20011)',
            alias: 'est-enrolled-key-pair',
            generatedThere: true,
          }
        : null,
      warnings: warnings
        ? [notice('ISSUED-SUBJECT', { asked: 'CN=GW-1', issued: issued.subject })]
        : [],
      retryAfterSeconds: state === 'pending' ? 600 : null,
      error: endCode === null ? null : new StationError(endCode, fakeParams).toData(),
      steps: [...steps],
      totalMs: steps.reduce((sum, { ms }) => sum + ms, 0),
    };
  }
}

const fakeParams = {
  endpoint: 'est.plant4.example:8443',
  keystore: 'GW-20417 (0F417A93C4D20011)',
  detail: 'the token was removed',
  status: 400,
  excerpt: 'subject not allowed',
  seconds: 600,
  step: 'issued',
};
