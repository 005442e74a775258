import type { StationEvent, StationEvents } from '../../shared/contract/handlers.ts';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { tlsClientKey } from '../../shared/pop.ts';
import type { Profile } from '../../shared/profile.ts';
import type { CsrAttributes } from '../est/exchange.ts';
import type { Keystore } from '../keystore/keystore.ts';
import { type EarlierRequest, earlierRequest, repeatedEnrollment } from './earlier-request.ts';
import { EnrollmentLog } from './enrollment-log.ts';
import {
  type EnrollmentOrder,
  refuseDisabled,
  refuseOtherProfile,
  refuseUnverifiedName,
  type Way,
  wayOf,
} from './enrollment-order.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { EnrollmentsUnderWay } from './enrollments-under-way.ts';
import { exchangeOptions } from './exchange-options.ts';
import { HeldSecrets } from './held-secrets.ts';
import { httpAuthenticationOf } from './http-authentication.ts';
import { settleInterrupted } from './interrupted.ts';
import { keyDelivery } from './key-delivery.ts';
import { KeyTransfer } from './key-transfer.ts';
import { contentsOf, type KeystoreContents } from './keystore-contents.ts';
import { KeystoreObjects } from './keystore-objects.ts';
import { KeystoreOpening, ownTokens } from './keystore-opening.ts';
import { openUnrevoked } from './known-revocation.ts';
import { noAnswers } from './planned-request.ts';
import type { StationPorts } from './ports.ts';
import { proxiedEst } from './proxied-est.ts';
import {
  abandon,
  adopting,
  keyLostWithAnswer,
  recordOrphan,
  type UnknownOutcome,
  unknownOutcome,
} from './reconciliation.ts';
import { fetchRevocationLists, type RevocationListing } from './revocation-lists.ts';
import { storeAgain } from './store-again.ts';
import { TlsCredential } from './tls-credential.ts';
import { TokenCare } from './token-care.ts';
import { TokenWatching } from './token-watching.ts';
import { followingOf } from './token-witness.ts';
import { type Anchors, Trust } from './trust.ts';
import { confirmNewRoot, refreshTrust, type TrustReport } from './trust-report.ts';
import { UnlockedTokens } from './unlocked-tokens.ts';
import { WantedSecrets } from './wanted-secrets.ts';

/** The station: every use case, for window and command line alike. */
export class Station implements StationEvents {
  readonly ports: StationPorts;
  readonly trust: Trust;
  readonly secrets: HeldSecrets;
  readonly unlocked = new UnlockedTokens();
  readonly wanted: WantedSecrets;
  readonly tokenWatching: TokenWatching;
  readonly tokenCare: TokenCare;
  readonly objects: KeystoreObjects;
  readonly keyTransfer: KeyTransfer;
  readonly #listeners = new Set<(event: StationEvent) => void>();
  readonly #keystores: KeystoreOpening;
  readonly #running: EnrollmentsUnderWay;

  constructor(ports: StationPorts) {
    this.secrets = new HeldSecrets(ports.secretSource, ports.secretStore);
    this.ports = { ...ports, est: proxiedEst(ports.est, this.secrets) };
    this.trust = new Trust(this.ports);
    this.#keystores = new KeystoreOpening(this.ports, this.secrets, this.unlocked);
    this.tokenCare = new TokenCare(this.ports);
    this.objects = new KeystoreObjects(this.ports, this.#keystores);
    this.keyTransfer = new KeyTransfer(this.ports, this.#keystores);
    this.wanted = new WantedSecrets(this.ports.tokens, (event) => this.#tell(event));
    this.tokenWatching = new TokenWatching(this.ports.tokens, (event) => this.#tell(event));
    this.#running = new EnrollmentsUnderWay(ports.store.running);
  }

  subscribe(listener: (event: StationEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What the server asks of requests (RFC 7030 §4.5), over a verified connection. */
  async csrAttributes(profile: Profile, signal?: AbortSignal): Promise<CsrAttributes> {
    refuseDisabled(profile);
    const trust = await this.trust.anchorsFor(profile, null);
    if (trust === null) throw new StationError('TRUST-01', { server: profile.server.endpoint });
    const open = (anchors: Anchors) =>
      this.ports.est.openExchange(exchangeOptions(profile, anchors, signal));
    const exchange = await openUnrevoked(this.ports, profile, trust, open, signal);
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
    const anchors = await this.trust.anchorsFor(profile, null);
    return await fetchRevocationLists(this.ports, anchors, profile, signal);
  }

  /** What the profile's keystore holds; a token is read in a public session, without its PIN. */
  async show(profile: Profile): Promise<KeystoreContents> {
    const keystore = await this.#keystores.openForReading(profile);
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
      const outcome = await unknownOutcome(this.ports, record);
      await recordOrphan(this.ports, 'enrollment.resubmitted', outcome);
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
   * @throws StationError USAGE-01, OUTCOME-03, OUTCOME-04 for a key the server was to generate
   */
  async adopt(profile: Profile, enrollmentId: string, found: readonly Buffer[]): Promise<string> {
    refuseDisabled(profile);
    const outcome = await this.unknownOutcome(enrollmentId);
    const { record } = outcome;
    refuseOtherProfile(profile, record);
    if (record.operation === 'serverkeygen') throw keyLostWithAnswer(outcome);
    const order = { profile, operation: record.operation };
    return await this.#continue(order, record, true, adopting(found));
  }

  /** Gives up an enrollment whose answer was lost. @throws StationError USAGE-01, OUTCOME-03 */
  async abandon(enrollmentId: string): Promise<EnrollmentRecord> {
    const outcome = await this.unknownOutcome(enrollmentId);
    return await this.#running.alone(enrollmentId, () => abandon(this.ports, outcome));
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
    await this.#running.start(enrollmentId, async (signal) => {
      const record = await way(this.#task(order, log, earlier, signal));
      this.#tell({ name: 'enrollment.ended', payload: record });
      if (record.state === 'done') this.secrets.forget();
      return record;
    });
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
    const openKeystore = () => this.#keystores.openForWork(profile, ownTokens(profile));
    const closeKeystore = (keystore: Keystore) => this.#keystores.end(keystore);
    return await this.#running.alone(enrollmentId, () =>
      storeAgain({ ports: this.ports, profile, log, openKeystore, closeKeystore }),
    );
  }

  /** The end of a started enrollment. */
  async ended(enrollmentId: string): Promise<EnrollmentRecord> {
    const ended = await this.#running.end(enrollmentId);
    if (ended) return ended;
    const record = await this.ports.store.enrollments.get(enrollmentId);
    if (record) return record;
    throw new StationError('USAGE-01', { detail: `There is no enrollment ${enrollmentId}.` });
  }

  /** Stops a running enrollment at the next safe point; an ended one stays as it is. */
  cancel(enrollmentId: string): void {
    this.#running.cancel(enrollmentId);
  }

  /** Cancels what runs, waits for its last journal entry, forgets every secret, releases tokens and database. */
  async close(): Promise<void> {
    this.#tell({ name: 'station.closing', payload: {} });
    this.wanted.declineAll();
    await this.#running.cancelAll();
    this.secrets.forget();
    this.tokenWatching.watch([]);
    await this.unlocked.closeAll();
    await this.ports.tokens.close();
    await this.ports.store.close();
  }

  #task(
    { profile, operation, rekey = false, answers = {}, followRedirect = false }: EnrollmentOrder,
    log: EnrollmentLog,
    earlier: EarlierRequest | null,
    signal: AbortSignal,
  ): EnrollmentTask {
    const following = followingOf(log, signal);
    const { ports, secrets } = this;
    const credential = new TlsCredential(ports, profile, secrets, this.#keystores, following);
    return {
      ports: this.ports,
      trust: this.trust,
      profile,
      log,
      choice: { operation, rekey, earlier },
      earlier,
      followRedirect,
      answers: { ...noAnswers, ...answers },
      signal,
      httpAuthentication: () => httpAuthenticationOf(profile, this.secrets),
      tlsClientKey: tlsClientKey(profile),
      openKeystore: () => this.#keystores.openForWork(profile, ownTokens(profile), following),
      closeKeystore: (keystore) => this.#keystores.end(keystore),
      releaseKeystore: (keystore, record) => this.#keystores.release(keystore, record),
      keyDelivery: () => keyDelivery(this.ports, profile, this.secrets),
      openCredential: (enrolling) => credential.open(enrolling),
      releaseCredential: (record) => credential.release(record),
    };
  }

  #tell(event: StationEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
