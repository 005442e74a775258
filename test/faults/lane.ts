import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stationPorts } from '../../electron/compose.ts';
import { aliases } from '../../electron/keystore/keystore.ts';
import { nodeProcessLauncher } from '../../electron/keystore/node-process-launcher.ts';
import { createTokenBridge } from '../../electron/keystore/pkcs11/bridge.ts';
import type { PracticeServer } from '../../electron/practice/practice.ts';
import { startPractice } from '../../electron/practice/server.ts';
import { Station } from '../../electron/station/station.ts';
import type { StoredJournalEntry } from '../../electron/store/store.ts';
import type { EnrollmentRecord, EnrollmentStep } from '../../shared/enrollment.ts';
import { type Profile, profileSchema } from '../../shared/profile.ts';
import { discardFolder } from '../discard-folder.ts';
import { type FaultyModule, makeFaultyModule, type RecordedCall } from '../faulty-module.ts';
import { makeSoftHsm, type SoftHsm, type SoftHsmToken } from '../softhsm.ts';
import { type Moment, type PooledLauncher, pooledLauncher } from './pooled-launcher.ts';

const run = promisify(execFile);

/** So long a call may take, in milliseconds, that no other work on the machine lets it fail. */
const patience = 300_000;
const patient = {
  start: patience,
  'list-tokens': patience,
  open: patience,
  login: patience,
  'generate-key-pair': patience,
  sign: patience,
  entries: patience,
  'store-certificate': patience,
  rename: patience,
  remove: patience,
  close: patience,
};

/** Of the one that is going to hang; a process has to start within `start`. */
const hurried = (call: string) => ({ ...patient, [call]: call === 'start' ? 20_000 : 4_000 });

/** What happened in one run, as the station, the module, the server and the person saw it. */
export interface Run {
  readonly record: EnrollmentRecord;
  readonly calls: readonly RecordedCall[];
  /** Certificates the server issued, by the answers it sent. */
  readonly issued: number;
  /** How often a person was asked for the PIN. */
  readonly asked: number;
  /** The step during which each call was made; null after the last. */
  readonly steps: readonly (EnrollmentStep | null)[];
  /** What the key process was asked for when each call was made. */
  readonly within: readonly string[];
  /** What passed between the station and its key processes: between an answer and the next call they are idle. */
  readonly moments: readonly Moment[];
}

/** In memory, where there is such a folder: nothing here must outlive a power cut, and waiting for the disk takes longest. */
async function makeFolder(): Promise<string> {
  const make = (place: string) => mkdtemp(join(place, 'est-faults-'));
  return await make('/dev/shm').catch(() => make(tmpdir()));
}

/** What goes wrong in a run. */
interface Trouble {
  /** The lines for the faulty module. */
  readonly script?: readonly string[];
  /** The call of the key process in which the module is going to hang. */
  readonly hangs?: string;
  /** The moment between two calls at which the key process is killed, by its number. */
  readonly killedAt?: number;
}

/** A station, a practice server and a token behind the faulty module: all in all one workplace. */
export class Lane {
  readonly station: Station;
  readonly profile: Profile;
  readonly token: SoftHsmToken;
  readonly faulty: FaultyModule;
  readonly folder: string;
  readonly softHsm: SoftHsm;
  readonly practice: PracticeServer;
  /** CKA_ID of the key the token was enrolled with before. */
  formerId = '';
  readonly #options: { deadlines: Readonly<Record<string, number>> };
  readonly #person: { asked: number };
  readonly #launcher: PooledLauncher;

  private constructor(parts: {
    station: Station;
    profile: Profile;
    token: SoftHsmToken;
    faulty: FaultyModule;
    folder: string;
    softHsm: SoftHsm;
    practice: PracticeServer;
    options: { deadlines: Readonly<Record<string, number>> };
    person: { asked: number };
    launcher: PooledLauncher;
  }) {
    this.station = parts.station;
    this.profile = parts.profile;
    this.token = parts.token;
    this.faulty = parts.faulty;
    this.folder = parts.folder;
    this.softHsm = parts.softHsm;
    this.practice = parts.practice;
    this.#options = parts.options;
    this.#person = parts.person;
    this.#launcher = parts.launcher;
  }

  /** A workplace whose token was enrolled once, so that a run has a former generation to keep. */
  static async make(): Promise<Lane> {
    const folder = await makeFolder();
    const softHsm = await makeSoftHsm();
    const token = await softHsm.makeToken({ label: 'faults' });
    const faulty = await makeFaultyModule(softHsm.dir, softHsm.module);
    const practice = await startPractice({ dir: join(folder, 'ca'), port: 0 });
    const options = { deadlines: patient };
    const person = { asked: 0 };
    const launcher = pooledLauncher({ ...softHsm.env, ...faulty.env });
    const ports = await stationPorts({
      env: { EST_STATION_HOME: join(folder, 'home') },
      launcher,
      secretSource: {
        ask: async (purpose) => {
          if (purpose === 'token-pin') person.asked += 1;
          const { password } = practice.facts;
          return new TextEncoder().encode(purpose === 'token-pin' ? token.pin : password);
        },
      },
    });
    const station = new Station({ ...ports, tokens: createTokenBridge(launcher, options) });
    const profile = profileSchema.parse({
      server: { endpoint: practice.facts.endpoint },
      trust: { caRootFingerprint: practice.facts.caFingerprint },
      keystore: { kind: 'pkcs11', module: faulty.module, token: { serial: token.serial } },
      httpAuthentication: { scheme: 'basic', username: practice.facts.username },
      request: { subject: 'CN=GW-1,O=Example' },
    });
    const parts = { station, profile, token, faulty, folder, softHsm, practice };
    const lane = new Lane({ ...parts, options, person, launcher });
    const first = await lane.enroll();
    if (first.record.state !== 'done') throw new Error(JSON.stringify(first.record.error));
    await lane.#age();
    await cp(join(softHsm.dir, 'tokens'), join(folder, 'tokens'), { recursive: true });
    return lane;
  }

  /** Leaves CA certificates to be written and to be removed. */
  async #age(): Promise<void> {
    const { module, env } = this.softHsm;
    const { serial, pin } = this.token;
    const bridge = createTokenBridge(nodeProcessLauncher({ env }));
    const selector = { serial };
    const keystore = await bridge.openToken({ module, selector, pin: Buffer.from(pin) });
    await keystore.rename(`${aliases.caCertificatePrefix}1`, `${aliases.caCertificatePrefix}5`);
    await keystore.remove(aliases.bootstrapCa);
    await bridge.close();
    const [former] = (await this.objects()).filter((object) => object.startsWith('Private Key'));
    this.formerId = former?.split(' ').at(-1) ?? '';
  }

  /** Puts the token back to where it was enrolled once. */
  async restore(): Promise<void> {
    const tokens = join(this.softHsm.dir, 'tokens');
    await discardFolder(tokens);
    await cp(join(this.folder, 'tokens'), tokens, { recursive: true });
  }

  /** One enrollment from its start to its end. */
  async enroll(trouble: Trouble = {}): Promise<Run> {
    return await this.#watched(trouble, async () => {
      const order = { profile: this.profile, operation: 'enroll' } as const;
      return await this.station.ended(await this.station.start(order));
    });
  }

  /** Stores the certificate of an enrollment again. */
  async storeAgain(enrollmentId: string): Promise<Run> {
    return await this.#watched({}, () => this.station.storeAgain(this.profile, enrollmentId));
  }

  async #watched(
    { script = [], hangs, killedAt }: Trouble,
    work: () => Promise<EnrollmentRecord>,
  ): Promise<Run> {
    await this.faulty.forget();
    await this.faulty.script(...script);
    this.#options.deadlines = hangs === undefined ? patient : hurried(hangs);
    const [asked, issued] = [this.#person.asked, this.#issued()];
    const begun: { step: EnrollmentStep | null; at: number }[] = [];
    const unsubscribe = this.station.subscribe((event) => {
      if (event.name !== 'enrollment.progress') return;
      begun.push({ step: event.payload.working, at: this.#callsSoFar() });
    });
    const told: { call: string; at: number }[] = [];
    const moments: Moment[] = [];
    this.#launcher.hear = (moment) => {
      if (moments.length === killedAt) this.#launcher.kill();
      if (moment.kind !== 'closing') moments.push(moment);
      if (moment.kind === 'answered') return;
      // A module that does not close keeps the next start waiting.
      const call = moment.kind === 'closing' ? 'start' : moment.call;
      told.push({ call, at: this.#callsSoFar() });
    };
    const record = await work();
    unsubscribe();
    await this.faulty.script();
    const calls = await this.faulty.record();
    const steps = calls.map((_, call) => begun.findLast(({ at }) => at <= call)?.step ?? null);
    return {
      record,
      calls,
      steps,
      moments,
      within: calls.map((_, call) => told.findLast(({ at }) => at <= call)?.call ?? 'start'),
      issued: this.#issued() - issued,
      asked: this.#person.asked - asked,
    };
  }

  #callsSoFar(): number {
    const size = statSync(this.faulty.env.FAULTY_LOG ?? '', { throwIfNoEntry: false })?.size ?? 0;
    return size / 64;
  }

  /** Ends the key process that is kept for the next run. */
  async retireProcess(): Promise<void> {
    await this.#launcher.retire();
  }

  #issued(): number {
    return this.practice.log.filter(
      ({ path, status }) => path.endsWith('/simpleenroll') && status === 200,
    ).length;
  }

  /** The journal of a run, oldest entry first. */
  async journalOf({ record: { enrollmentId } }: Run): Promise<readonly StoredJournalEntry[]> {
    return await this.station.ports.store.journal.read({ enrollmentId, limit: 200 });
  }

  /** What pkcs11-tool sees on the token after logging in: `kind label id`, sorted. */
  async objects(): Promise<string[]> {
    const { module, env } = this.softHsm;
    const { label, pin } = this.token;
    const { stdout } = await run(
      'pkcs11-tool',
      ['--module', module, '--token-label', label, '--login', '--pin', pin, '--list-objects'],
      { env: { ...process.env, ...env } },
    );
    const blocks = stdout.split(/^(?=\S)/m).filter((block) => /label:/.test(block));
    return blocks
      .map((block) => {
        const label = /label: +(\S+)/.exec(block)?.[1] ?? '';
        const id = /ID: +([0-9a-f]+)/.exec(block)?.[1] ?? '';
        return `${block.split(' Object')[0]} ${label} ${id}`;
      })
      .toSorted();
  }

  async close(): Promise<void> {
    await this.station.close();
    await this.#launcher.retire();
    await this.practice.close();
    await this.softHsm.cleanup();
    await discardFolder(this.folder);
  }
}
