import type { StationEvent, StationEvents } from '../../shared/contract/handlers.ts';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import type { Pkcs11Selection, Profile } from '../../shared/profile.ts';
import type { TokenInfo } from '../../shared/token.ts';
import type { CsrAttributes, HttpAuthentication } from '../est/exchange.ts';
import type { Keystore } from '../keystore/keystore.ts';
import type { CmcSignerChoice } from './cmc-signer.ts';
import {
  type EarlierRequest,
  earlierRequest,
  isOf,
  repeatedEnrollment,
} from './earlier-request.ts';
import { type EnrollmentTask, runEnrollment } from './enrollment.ts';
import { EnrollmentLog } from './enrollment-log.ts';
import { exchangeOptions } from './exchange-options.ts';
import { runFullCmc } from './full-cmc.ts';
import { HeldSecrets } from './held-secrets.ts';
import { settleInterrupted } from './interrupted.ts';
import { keyDelivery } from './key-delivery.ts';
import { contentsOf, type KeystoreContents } from './keystore-contents.ts';
import { noAnswers, type RequestAnswers } from './planned-request.ts';
import type { StationPorts, TokenPort } from './ports.ts';
import { proxiedEst } from './proxied-est.ts';
import {
  abandon,
  adopting,
  recordOrphan,
  type UnknownOutcome,
  unknownOutcome,
} from './reconciliation.ts';
import { fetchRevocationLists, type RevocationListing } from './revocation-lists.ts';
import { runServerKeygen } from './server-keygen.ts';
import { storeAgain } from './store-again.ts';
import { openTlsCredential, tlsClientKey } from './tls-credential.ts';
import { Trust } from './trust.ts';
import { confirmNewRoot, refreshTrust, type TrustReport } from './trust-report.ts';
import { isToken, UnlockedTokens } from './unlocked-tokens.ts';

/** What a person decides about one enrollment. */
export interface EnrollmentOrder {
  readonly profile: Profile;
  readonly operation: EnrollmentRecord['operation'];
  /** Re-enroll with a new key instead of the present one. */
  readonly rekey?: boolean;
  /** Whose key signs a Full PKI Request; without it what an earlier attempt took, or else the enrolled one. */
  readonly signWith?: CmcSignerChoice;
  /** What a person answered about the request; nobody was asked when it is left out. */
  readonly answers?: Partial<RequestAnswers>;
  /** The person agrees that the request follows a redirect to another origin (RFC 7030 §3.2.1). */
  readonly followRedirect?: boolean;
  /** The person accepts that credentials go to a server whose name is not checked (PROFILE-07). */
  readonly unverifiedNameConfirmed?: boolean;
}

type Way = (task: EnrollmentTask) => Promise<EnrollmentRecord>;

function wayOf({ operation, signWith }: EnrollmentOrder): Way {
  if (operation === 'fullcmc') return (task) => runFullCmc(task, signWith ?? null);
  return operation === 'serverkeygen' ? runServerKeygen : runEnrollment;
}

/** The station: every use case, for window and command line alike. */
export class Station implements StationEvents {
  readonly ports: StationPorts;
  readonly trust: Trust;
  readonly secrets: HeldSecrets;
  readonly unlocked = new UnlockedTokens();
  readonly #listeners = new Set<(event: StationEvent) => void>();
  readonly #running = new Map<string, { abort: AbortController; end: Promise<EnrollmentRecord> }>();

  constructor(ports: StationPorts) {
    this.secrets = new HeldSecrets(ports.secretSource);
    this.ports = { ...ports, est: proxiedEst(ports.est, this.secrets) };
    this.trust = new Trust(this.ports);
  }

  subscribe(listener: (event: StationEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Initialises a token and records who did it. */
  async initialiseToken(request: Parameters<TokenPort['initialiseToken']>[0]): Promise<TokenInfo> {
    const token = await this.ports.tokens.initialiseToken(request);
    await this.ports.store.audit.append({
      at: this.ports.clock.now().toISOString(),
      who: this.ports.operator,
      what: 'token.initialised',
      token: `${token.label} (${token.serial})`,
      certificate: null,
      details: { module: token.module, station: this.ports.station },
    });
    return token;
  }

  /** What the server asks of requests (RFC 7030 §4.5), over a verified connection. */
  async csrAttributes(profile: Profile, signal?: AbortSignal): Promise<CsrAttributes> {
    refuseDisabled(profile);
    const trust = await this.trust.anchorsFor(profile, null);
    if (trust === null) throw new StationError('TRUST-01', { server: profile.server.endpoint });
    const exchange = await this.ports.est.openExchange(exchangeOptions(profile, trust, signal));
    try {
      return await exchange.csrattrs();
    } finally {
      exchange.close();
    }
  }

  /** Asks the server for its CA certificates and follows a rollover. @throws as `refreshTrust` */
  async refreshTrust(profile: Profile, signal?: AbortSignal): Promise<TrustReport> {
    refuseDisabled(profile);
    return await refreshTrust(this.ports, this.trust, profile, signal);
  }

  /** Trusts a new root a person has compared. @throws as `confirmNewRoot` */
  async confirmNewRoot(profile: Profile, told: string, signal?: AbortSignal): Promise<void> {
    refuseDisabled(profile);
    await confirmNewRoot(this.ports, this.trust, profile, told, signal);
  }

  /** The server's CRLs (RFC 8295), over a verified connection. @throws as `fetchRevocationLists` */
  async crls(profile: Profile, signal?: AbortSignal): Promise<RevocationListing> {
    refuseDisabled(profile);
    return await fetchRevocationLists(this.ports, this.trust, profile, signal);
  }

  /** What the profile's keystore holds; a token is read in a public session, without its PIN. */
  async show(profile: Profile): Promise<KeystoreContents> {
    const keystore = await this.#openForReading(profile);
    try {
      const entries = await keystore.entries();
      return { keystore: keystore.name, entries: entries.map(contentsOf) };
    } finally {
      await keystore.close();
    }
  }

  /** Starts an enrollment; its progress and its end are told as events. @throws StationError PROFILE-04, PROFILE-07 */
  async start(order: EnrollmentOrder): Promise<string> {
    const { profile, operation } = order;
    refuseDisabled(profile);
    refuseUnverifiedName(order);
    await this.settleInterrupted();
    const repeated = await repeatedEnrollment(this.ports.store, profile, operation);
    if (repeated !== null) return await this.#continue(order, repeated, false);
    const log = new EnrollmentLog(this.ports, profile, operation, (payload) =>
      this.#tell({ name: 'enrollment.progress', payload }),
    );
    return await this.#begin(order, log, null);
  }

  /**
   * Takes up an enrollment that ended without its certificate: the same key and, unless it must be bound to the
   * new connection, the very same request, under the same identifier.
   * @throws StationError OUTCOME-03 when another process has it, USAGE-01 for one that cannot be continued.
   */
  async resume(order: Omit<EnrollmentOrder, 'operation'>, enrollmentId: string): Promise<string> {
    const { profile } = order;
    refuseDisabled(profile);
    await this.settleInterrupted();
    const record = await this.ended(enrollmentId);
    refuseOtherProfile(profile, record);
    refuseUnverifiedName({ ...order, operation: record.operation });
    if (record.state === 'outcome-unknown') {
      const { publicKey } = await unknownOutcome(this.ports, record);
      await recordOrphan(this.ports, 'enrollment.resubmitted', record, publicKey);
    }
    return await this.#continue({ ...order, operation: record.operation }, record, true);
  }

  /** What is known of an enrollment whose answer was lost. @throws StationError USAGE-01 for another. */
  async unknownOutcome(enrollmentId: string): Promise<UnknownOutcome> {
    await this.settleInterrupted();
    return await unknownOutcome(this.ports, await this.ended(enrollmentId));
  }

  /**
   * Starts storing a certificate (DER, among others) that was found for a request whose answer was lost.
   * @throws StationError USAGE-01, OUTCOME-03
   */
  async adopt(profile: Profile, enrollmentId: string, found: readonly Buffer[]): Promise<string> {
    refuseDisabled(profile);
    const { record } = await this.unknownOutcome(enrollmentId);
    refuseOtherProfile(profile, record);
    const order = { profile, operation: record.operation };
    return await this.#continue(order, record, true, adopting(found));
  }

  /** Gives up an enrollment whose answer was lost. @throws StationError USAGE-01, OUTCOME-03 */
  async abandon(enrollmentId: string): Promise<EnrollmentRecord> {
    const outcome = await this.unknownOutcome(enrollmentId);
    return await this.#alone(enrollmentId, () => abandon(this.ports, outcome));
  }

  /** What killed processes of this station left gets the state that tells the truth. */
  async settleInterrupted(): Promise<void> {
    await settleInterrupted(this.ports);
  }

  async #continue(
    order: EnrollmentOrder,
    record: EnrollmentRecord,
    keyRequired: boolean,
    way: Way = wayOf(order),
  ): Promise<string> {
    const log = EnrollmentLog.continuing(this.ports, order.profile, record, (payload) =>
      this.#tell({ name: 'enrollment.progress', payload }),
    );
    log.restart();
    const earlier = await earlierRequest(this.ports.store, record, keyRequired);
    return await this.#begin(order, log, earlier, way);
  }

  async #begin(
    order: EnrollmentOrder,
    log: EnrollmentLog,
    earlier: EarlierRequest | null,
    way: Way = wayOf(order),
  ): Promise<string> {
    const { enrollmentId } = log.record;
    if (!(await this.ports.store.running.claim(enrollmentId))) {
      throw new StationError('OUTCOME-03', { enrollment: enrollmentId });
    }
    const abort = new AbortController();
    const end = this.#run(order, log, earlier, way, abort.signal);
    this.#running.set(enrollmentId, { abort, end });
    return enrollmentId;
  }

  /** Stores the certificate of an enrollment that ended `issued-not-stored`. @throws as `storeAgain` */
  async storeAgain(profile: Profile, enrollmentId: string): Promise<EnrollmentRecord> {
    refuseDisabled(profile);
    await this.settleInterrupted();
    const record = await this.ended(enrollmentId);
    const log = EnrollmentLog.continuing(this.ports, profile, record, (payload) =>
      this.#tell({ name: 'enrollment.progress', payload }),
    );
    const openKeystore = () => this.#openForWork(profile);
    return await this.#alone(enrollmentId, () =>
      storeAgain({ ports: this.ports, profile, log, openKeystore }),
    );
  }

  /** Does work on an enrollment that no other process has at hand. @throws StationError OUTCOME-03 */
  async #alone<Result>(enrollmentId: string, work: () => Promise<Result>): Promise<Result> {
    const { running } = this.ports.store;
    if (!(await running.claim(enrollmentId))) {
      throw new StationError('OUTCOME-03', { enrollment: enrollmentId });
    }
    try {
      return await work();
    } finally {
      await running.release(enrollmentId);
    }
  }

  /** The end of a started enrollment. */
  async ended(enrollmentId: string): Promise<EnrollmentRecord> {
    const running = this.#running.get(enrollmentId);
    if (running) return await running.end;
    const record = await this.ports.store.enrollments.get(enrollmentId);
    if (record) return record;
    throw new StationError('USAGE-01', { detail: `There is no enrollment ${enrollmentId}.` });
  }

  /** Stops a running enrollment at the next safe point; an ended one stays as it is. */
  cancel(enrollmentId: string): void {
    this.#running.get(enrollmentId)?.abort.abort();
  }

  /** Cancels what runs, waits for its last journal entry, forgets every secret, releases tokens and database. */
  async close(): Promise<void> {
    this.#tell({ name: 'station.closing', payload: {} });
    const ends = [...this.#running.values()].map(({ abort, end }) => {
      abort.abort();
      return end;
    });
    await Promise.all(ends);
    this.secrets.forget();
    await this.unlocked.closeAll();
    await this.ports.tokens.close();
    await this.ports.store.close();
  }

  async #run(
    order: EnrollmentOrder,
    log: EnrollmentLog,
    earlier: EarlierRequest | null,
    way: Way,
    signal: AbortSignal,
  ): Promise<EnrollmentRecord> {
    const { enrollmentId } = log.record;
    try {
      const record = await way(await this.#task(order, log, earlier, signal));
      this.#tell({ name: 'enrollment.ended', payload: record });
      if (record.state === 'done') this.secrets.forget();
      return record;
    } finally {
      this.#running.delete(enrollmentId);
      await this.ports.store.running.release(enrollmentId);
    }
  }

  async #task(
    { profile, operation, rekey = false, answers = {}, followRedirect = false }: EnrollmentOrder,
    log: EnrollmentLog,
    earlier: EarlierRequest | null,
    signal: AbortSignal,
  ): Promise<EnrollmentTask> {
    return {
      ports: this.ports,
      trust: this.trust,
      profile,
      log,
      choice: {
        operation,
        rekey,
        earlier,
      },
      earlier,
      followRedirect,
      answers: { ...noAnswers, ...answers },
      signal,
      httpAuthentication: () => this.#httpAuthentication(profile),
      tlsClientKey: tlsClientKey(profile),
      openKeystore: () => this.#openForWork(profile),
      releaseKeystore: (keystore, record) => this.#release(keystore, record),
      keyDelivery: () => keyDelivery(this.ports, profile, this.secrets),
      openCredential: () => openTlsCredential(this.ports, profile, this.secrets),
    };
  }

  async #httpAuthentication({ httpAuthentication }: Profile): Promise<HttpAuthentication> {
    const { scheme, username } = httpAuthentication;
    if (scheme === 'none') return { scheme };
    const password = await this.secrets.borrow('http-password', username);
    return { scheme, username, password };
  }

  async #openForReading({ keystore }: Profile): Promise<Keystore> {
    if (keystore.kind === 'software') return await this.#openSoftware(keystore.path, false);
    const { module, token } = keystore;
    return await this.ports.tokens.openToken({ module, selector: token, pin: null });
  }

  async #openForWork({ keystore }: Profile): Promise<Keystore> {
    if (keystore.kind === 'software') return await this.#openSoftware(keystore.path, true);
    return this.unlocked.take(keystore) ?? (await this.#unlock(keystore));
  }

  /** Asks for the PIN and gives it to the token once. */
  async #unlock({ module, token }: Pkcs11Selection): Promise<Keystore> {
    const { secretSource, tokens } = this.ports;
    if (secretSource === null) throw new StationError('PIN-08');
    const pin = await secretSource.ask('token-pin', token.label ?? token.serial ?? module);
    try {
      return await tokens.openToken({ module, selector: token, pin });
    } finally {
      pin.fill(0);
    }
  }

  /** A token stays unlocked for the next try when the trouble was elsewhere: no second PIN for a server that was down. */
  async #release(keystore: Keystore, { state, error }: EnrollmentRecord): Promise<void> {
    const elsewhere = error !== null && !/^(?:TOKEN|MODULE|PIN|CERT)-/.test(error.code);
    const again = elsewhere && (state === 'failed' || state === 'refused' || state === 'pending');
    if (again && isToken(keystore)) await this.unlocked.add(keystore);
    else await keystore.close();
  }

  async #openSoftware(path: string, create: boolean): Promise<Keystore> {
    const passphrase = await this.secrets.borrow('keystore-passphrase', path);
    return await this.ports.openSoftwareKeystore({ path, passphrase, create });
  }

  #tell(event: StationEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** The reference system's `enabled`: a profile switched off does nothing at all. */
export function refuseDisabled({ enabled, name }: Profile): void {
  if (!enabled) throw new StationError('PROFILE-04', { name });
}

/** Credentials for a server whose name is not checked could go to anyone under the same root. */
function refuseUnverifiedName({ profile, unverifiedNameConfirmed = false }: EnrollmentOrder): void {
  const atStake = profile.httpAuthentication.scheme !== 'none';
  if (atStake && !profile.server.hostnameVerification && !unverifiedNameConfirmed) {
    throw new StationError('PROFILE-07');
  }
}

/** A request that waits belongs to the server and the profile it was made for. */
function refuseOtherProfile(profile: Profile, record: EnrollmentRecord): void {
  const { enrollmentId, state, server } = record;
  const detail = isOf(profile, record)
    ? `The enrollment ${enrollmentId} is "${state}"; it cannot be continued.`
    : `The enrollment ${enrollmentId} belongs to the profile "${record.profile}" and ${server}.`;
  const open = ['pending', 'outcome-unknown', 'failed', 'refused'].includes(state);
  if (!open || !isOf(profile, record)) throw new StationError('USAGE-01', { detail });
}
