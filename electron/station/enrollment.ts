import type { EnrollmentRecord, EnrollmentState } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { type PopVerdict, popVerdict, type TlsClientKey } from '../../shared/pop.ts';
import type { Profile } from '../../shared/profile.ts';
import type { RequestPlan } from '../../shared/request-plan.ts';
import type { EstExchange, HttpAuthentication } from '../est/exchange.ts';
import { aliases, type Keystore } from '../keystore/keystore.ts';
import { summariseCertificate } from '../pki/certificate.ts';
import { changeSubjectName } from '../pki/change-subject-name.ts';
import { parseDistinguishedName } from '../pki/name.ts';
import { createRequest, type RequestAttribute } from '../pki/request.ts';
import type { EarlierRequest } from './earlier-request.ts';
import type { EnrollmentLog } from './enrollment-log.ts';
import { type ExchangeExtras, exchangeOptions } from './exchange-options.ts';
import {
  demandAcceptable,
  differenceNotices,
  differencesFrom,
  type IssuedVerdict,
  judgeIssued,
} from './issued-certificate.ts';
import type { KeyDelivery } from './key-delivery.ts';
import {
  boundedLine,
  demandComplete,
  planFor,
  planNotices,
  type RequestAnswers,
  requestedExtensions,
} from './planned-request.ts';
import type { StationPorts } from './ports.ts';
import { type EnrollmentWay, enrollmentWay, sameKeyRefusal } from './renewal.ts';
import { type KeyChoice, type RequestSubject, requestKey } from './request-key.ts';
import { learnAuthorities } from './rollover.ts';
import { clockNotices } from './station-clock.ts';
import { type Issued, verifyWritten, writeIssued } from './token-writing.ts';
import type { Anchors, Trust } from './trust.ts';

/** Everything one enrollment needs; secrets are opened by the caller, who also zeroes them. */
export interface EnrollmentTask {
  readonly ports: StationPorts;
  readonly trust: Trust;
  readonly profile: Profile;
  readonly log: EnrollmentLog;
  readonly choice: KeyChoice;
  /** What is continued; null for a new enrollment. */
  readonly earlier: EarlierRequest | null;
  /** What a person answered about the request. */
  readonly answers: RequestAnswers;
  readonly signal: AbortSignal;
  /** A person agrees that the request follows a redirect to another origin. */
  readonly followRedirect: boolean;
  readonly tlsClientKey: TlsClientKey;
  httpAuthentication(): Promise<HttpAuthentication>;
  openKeystore(): Promise<Keystore>;
  /** Takes the keystore back when the enrollment has ended. */
  releaseKeystore(keystore: Keystore, record: EnrollmentRecord): Promise<void>;
  openCredential(): Promise<ExchangeExtras['credential']>;
  /** How a server-generated key is asked for and opened. */
  keyDelivery(): Promise<KeyDelivery>;
}

/**
 * One enrollment from an unlocked keystore to a verified certificate on it (RFC 7030 §4.2).
 * Never throws: the record tells how it ended.
 */
export async function runEnrollment(task: EnrollmentTask): Promise<EnrollmentRecord> {
  return await conduct(task, walk);
}

/** What an enrollment has open; closed when it has ended. */
export interface Opened {
  keystore?: Keystore;
  exchange?: EstExchange;
}

/** Opens the record, goes the way given, and ends in the state that tells the truth. Never throws. */
export async function conduct(
  task: EnrollmentTask,
  way: (task: EnrollmentTask, opened: Opened) => Promise<EnrollmentRecord>,
): Promise<EnrollmentRecord> {
  const opened: Opened = {};
  try {
    await task.log.open({
      subject: task.profile.request.subject,
      profile: task.profile.name,
      continues: task.earlier?.state ?? null,
    });
    return await way(task, opened);
  } catch (error) {
    return await endBadly(task, StationError.from(error));
  } finally {
    opened.exchange?.close();
    if (opened.keystore) await task.releaseKeystore(opened.keystore, task.log.record);
  }
}

async function walk(task: EnrollmentTask, opened: Opened): Promise<EnrollmentRecord> {
  const { log, profile } = task;
  const pop = popFor(task);
  refuse(pop);
  await task.trust.mayBeAsked(profile);
  const keystore = await tokenReady(task);
  opened.keystore = keystore;
  const { anchors, exchange, caCertificates, operation } = await trusted(task, keystore, pop);
  opened.exchange = exchange;
  const plan = await attributesKnown(task, exchange);
  const planned = { ...task, profile: { ...profile, request: plan.request } };
  const subject = await keyMade(planned, keystore);
  await authenticated(task, exchange, operation);
  const sent: Sent = { request: null };
  const submission = { exchange, keystore, subject, pop, operation, plan, sent };
  const answer = await submit(planned, submission);
  if (answer.kind === 'pending') return await pending(task, answer.retryAfterSeconds);
  const verdict = judgeIssued({
    answer: answer.certificates,
    caCertificates,
    anchors: anchors.anchors,
    spki: subject.key.spki,
    at: task.ports.clock.now(),
    serverDate: exchange.serverDate,
  });
  log.warn(...answer.warnings, ...verdict.warnings);
  await issued(task, keystore, verdict, subject);
  await acceptable(task, verdict, sent);
  await store(task, keystore, {
    certificate: verdict.certificate.der,
    spki: subject.key.spki,
    caCertificates,
    bootstrapCa: verdict.path.at(-1) ?? null,
    signatureAlgorithm: plan.request.signatureAlgorithm,
    keyAlias: subject.key.alias,
  });
  return await log.end('done', { certificate: verdict.certificate.fingerprint });
}

/** The policy's answer for this task; the wizard asks the same function. */
export function popFor(task: EnrollmentTask, serverAsksForPop?: boolean): PopVerdict {
  const { proofOfPossession, httpAuthentication } = task.profile;
  return popVerdict({
    popEnabled: proofOfPossession.enabled,
    channelBinding: proofOfPossession.channelBinding,
    tokenChannelBinding: proofOfPossession.tokenChannelBinding,
    tlsClientKey: task.tlsClientKey,
    httpScheme: httpAuthentication.scheme,
    ...(serverAsksForPop === undefined ? {} : { serverAsksForPop }),
  });
}

export function refuse(verdict: PopVerdict): void {
  const blocking = verdict.findings.find((finding) => finding.severity === 'block');
  if (blocking) throw new StationError(blocking.code);
}

export async function tokenReady(task: EnrollmentTask): Promise<Keystore> {
  return await task.log.step('token-ready', async () => {
    const keystore = await task.openKeystore();
    return { result: keystore, evidence: { keystore: keystore.name, kind: keystore.kind } };
  });
}

interface Trusted {
  readonly anchors: Anchors;
  readonly exchange: EstExchange;
  readonly caCertificates: readonly Buffer[];
  readonly operation: EnrollmentWay['operation'];
}

export async function trusted(
  task: EnrollmentTask,
  keystore: Keystore,
  pop: PopVerdict,
): Promise<Trusted> {
  const { log, profile, signal } = task;
  return await log.step('trusted', async () => {
    const before = await anchorsFor(task, keystore);
    const { credential, operation, notices } = enrollmentWay(
      log.record.operation,
      profile,
      (await task.openCredential()) ?? null,
      task.ports.clock.now(),
    );
    log.warn(...notices);
    const exchange = await task.ports.est.openExchange(
      exchangeOptions(profile, before, signal, {
        authentication: await task.httpAuthentication(),
        credential,
        minTls: pop.minTls,
        maxTls: pop.maxTls,
        followRedirect: task.followRedirect,
      }),
    );
    try {
      const bag = await exchange.cacerts();
      const { anchors, kept, warnings } = await learnAuthorities(
        task.ports,
        profile,
        before,
        bag.certificates,
      );
      const clocks = clockNotices(task.ports.clock.now(), exchange.serverDate);
      log.warn(...bag.warnings, ...warnings, ...clocks);
      log.note({ caCertificates: kept.map(summariseCertificate) });
      const { protocol, cipherSuite, identifiedBy } = exchange.facts;
      const evidence = { origin: anchors.origin, protocol, cipherSuite, identifiedBy };
      return { result: { anchors, exchange, caCertificates: kept, operation }, evidence };
    } catch (error) {
      exchange.close();
      throw error;
    }
  });
}

/** Explicit anchors, or the bootstrap the profile's own root or fingerprint vouches for: that needs no person. */
async function anchorsFor(task: EnrollmentTask, keystore: Keystore): Promise<Anchors> {
  const { log, profile, signal, trust } = task;
  const known = await trust.anchorsFor(profile, keystore);
  if (known?.origin === 'explicit') return known;
  await trust.bootstrap(profile, null, signal);
  const adopted = await trust.anchorsFor(profile, keystore);
  if (adopted === null) throw new StationError('TRUST-01', { server: log.record.server });
  return adopted;
}

/** Makes the key, or takes the one that must be used again. */
export async function keyMade(task: EnrollmentTask, keystore: Keystore): Promise<RequestSubject> {
  const { log, profile } = task;
  return await log.step('key-made', async () => {
    const subject = await requestKey(keystore, profile, task.choice);
    const { key } = subject;
    log.warn(...key.notes);
    log.note({
      keystore: {
        kind: keystore.kind,
        token: keystore.name,
        alias: key.alias,
        generatedThere: keystore.kind === 'pkcs11' ? key.generatedThere : false,
      },
    });
    const evidence = { publicKey: key.id, alias: key.alias, reused: subject.reused };
    return { result: subject, evidence };
  });
}

/** Settles what will be sent before a key is made for it: said, never silently changed (RFC 7030 §4.5.2). */
export async function attributesKnown(
  task: EnrollmentTask,
  exchange: EstExchange,
): Promise<RequestPlan> {
  const { log, profile, answers, choice, earlier } = task;
  return await log.step('attributes-known', async () => {
    const attributes = await exchange.csrattrs();
    refuse(popFor(task, attributes.asksForPop));
    const renewal = choice.operation === 'reenroll';
    const plan = planFor(profile, attributes, answers, {
      keyFixed: earlier !== null || (renewal && !choice.rekey),
      namesFixed: earlier !== null || renewal,
    });
    demandComplete(plan);
    log.warn(...planNotices(plan));
    const { asksForPop, oids, template } = attributes;
    const lines = JSON.stringify(plan.lines.map(boundedLine));
    return { result: plan, evidence: { asksForPop, oids: oids.join(' '), template, plan: lines } };
  });
}

export async function authenticated(
  task: EnrollmentTask,
  exchange: EstExchange,
  operation: Parameters<EstExchange['settleAuthentication']>[0],
): Promise<void> {
  const { log, profile } = task;
  await log.step('authenticated', async () => {
    await exchange.settleAuthentication(operation);
    const tls = task.tlsClientKey === 'none' ? 'none' : 'certificate';
    return { result: undefined, evidence: { http: profile.httpAuthentication.scheme, tls } };
  });
}

interface Submission {
  readonly exchange: EstExchange;
  readonly keystore: Keystore;
  readonly subject: RequestSubject;
  readonly pop: PopVerdict;
  readonly operation: EnrollmentWay['operation'];
  readonly plan: RequestPlan;
  readonly sent: Sent;
}

/** The request as it went out last, DER. */
export interface Sent {
  request: Buffer | null;
}

/** Sends the request; a CA that knows the key already is told apart from one that dislikes the request. */
async function submit(
  task: EnrollmentTask,
  submission: Submission,
): ReturnType<EstExchange['enroll']> {
  const { reused } = submission.subject;
  try {
    return await signAndSend(task, submission);
  } catch (error) {
    if (!reused || submission.operation !== 'simplereenroll') throw error;
    const refusal = sameKeyRefusal(StationError.from(error));
    task.log.warn(...refusal.notices);
    throw refusal.error;
  }
}

/** Signs for the present connection, journals durably, sends, and waits for the answer. */
async function signAndSend(
  { log, profile, answers, signal, earlier }: EnrollmentTask,
  { exchange, keystore, subject, pop, operation, plan, sent }: Submission,
): ReturnType<EstExchange['enroll']> {
  const { signatureAlgorithm } = profile.request;
  return await exchange.enroll(operation, pop.binding, async (binding) => {
    const request = await log.step('signed', async () => {
      const same = binding === null ? sameRequest(earlier, subject) : null;
      if (same !== null) {
        const evidence = { request: same.toString('base64'), bound: false, again: true };
        return { result: same, evidence };
      }
      const der = await createRequest({
        subject: subject.subject,
        subjectAltNames: subject.subjectAltNames,
        subjectAltNameDer: subject.subjectAltNameDer,
        spki: subject.key.spki,
        signatureAlgorithm,
        extensions: requestedExtensions(plan),
        extraAttributes: newName(log, answers),
        challengePassword: binding === null ? null : binding.toString('base64'),
        sign: (data) => keystore.sign(subject.key.alias, signatureAlgorithm, data),
      });
      const evidence = { request: der.toString('base64'), bound: binding !== null };
      return { result: der, evidence };
    });
    if (signal.aborted) throw new StationError('CANCEL-01', { step: 'signed' });
    await log.step('submitted', async () => ({ result: undefined, evidence: {} }));
    // Announced, and still not sent: the last point at which a person can call it back.
    if (signal.aborted) throw new StationError('CANCEL-01', { step: 'submitted' });
    await log.begin('issued');
    sent.request = request;
    return request;
  });
}

/** RFC 7030 §4.2.2: a renewal keeps the old subject and asks for the new one in an attribute. */
function newName({ record }: EnrollmentLog, { newSubject }: RequestAnswers): RequestAttribute[] {
  if (newSubject === null || record.operation !== 'reenroll') return [];
  return [changeSubjectName(parseDistinguishedName(newSubject))];
}

/** RFC 7030 §4.2.3: the request the server knows already, byte for byte, unless it must be bound anew. */
export function sameRequest(
  earlier: EarlierRequest | null,
  { key }: RequestSubject,
): Buffer | null {
  const request = earlier?.request ?? null;
  return request !== null && !request.bound && earlier?.keyId === key.id ? request.der : null;
}

export async function pending(
  { log, profile }: EnrollmentTask,
  retryAfterSeconds: number | null,
  evidence: Readonly<Record<string, string>> = {},
): Promise<EnrollmentRecord> {
  const { connectRetryIntervalSeconds } = profile.lifecycle;
  const seconds = retryAfterSeconds || connectRetryIntervalSeconds;
  const error = new StationError('SERVER-13', { seconds });
  log.note({ retryAfterSeconds, error: error.toData() });
  return await log.end('pending', { retryAfterSeconds, ...evidence });
}

/** The answer is on the disk before the token is touched: an issued certificate is never lost. */
export async function issued(
  { log, ports }: EnrollmentTask,
  keystore: Keystore,
  { certificate, path }: IssuedVerdict,
  { key }: Pick<RequestSubject, 'key'>,
): Promise<void> {
  log.note({ certificate: summariseCertificate(certificate.der) });
  await log.finish('issued', {
    certificate: certificate.der.toString('base64'),
    fingerprint: certificate.fingerprint,
    root: path.at(-1)?.toString('base64') ?? null,
  });
  await ports.store.audit.append({
    at: ports.clock.now().toISOString(),
    who: ports.operator,
    what: 'certificate.issued',
    token: keystore.name,
    certificate: certificate.fingerprint,
    details: {
      enrollment: log.record.enrollmentId,
      station: ports.station,
      server: log.record.server,
      profile: log.record.profile,
      subject: certificate.subject,
      serialNumber: certificate.serialNumber,
      publicKey: key.id,
    },
  });
}

/** Tells how the certificate differs from its request; what the profile refuses stays evidence and goes no further. */
export async function acceptable(
  { log, ports, profile }: EnrollmentTask,
  { certificate }: IssuedVerdict,
  { request }: Sent,
): Promise<void> {
  if (request === null) return;
  const differences = differencesFrom(request, certificate, profile, ports.clock.now());
  log.warn(...differenceNotices(differences));
  demandAcceptable(differences);
}

/** Writes the issued certificate, reads it back, and records it. */
export async function store(
  task: EnrollmentTask,
  keystore: Keystore,
  written: Issued,
): Promise<void> {
  const { log, ports } = task;
  try {
    await log.step('stored', async () => {
      log.warn(...(await writeIssued(keystore, written)));
      return { result: undefined, evidence: { keystore: keystore.name } };
    });
    await log.step('verified', async () => {
      await verifyWritten(keystore, written);
      return { result: undefined, evidence: { keystore: keystore.name } };
    });
  } catch (error) {
    const cause = StationError.from(error);
    if (cause.exitName === 'issued-not-stored') throw cause;
    const detail = `${cause.message} (${cause.code})`;
    throw new StationError('CERT-07', { keystore: keystore.name, detail }, { cause });
  }
  const { keystore: summary } = log.record;
  if (summary) log.note({ keystore: { ...summary, alias: aliases.enrolledKey } });
  await ports.store.audit.append({
    at: ports.clock.now().toISOString(),
    who: ports.operator,
    what: 'certificate.stored',
    token: keystore.name,
    certificate: log.record.certificate?.fingerprint ?? null,
    details: { enrollment: log.record.enrollmentId },
  });
}

/** Ends in the state that tells the truth about what the server may have done. */
async function endBadly(task: EnrollmentTask, raised: StationError): Promise<EnrollmentRecord> {
  const { log, ports, signal } = task;
  const step = log.working ?? 'planned';
  const cancelled = signal.aborted && !isAnswer(raised);
  const error = cancelled ? new StationError('CANCEL-01', { step }) : raised;
  const state = badEnd(task, error);
  const seconds = error.code === 'SERVER-08' ? error.params.seconds : null;
  const rests = state === task.earlier?.state;
  log.note({
    error: error.toData(),
    ...(rests ? {} : { retryAfterSeconds: typeof seconds === 'number' ? seconds : null }),
  });
  const record = await log.end(state, { code: error.code, step });
  await ports.store.audit.append({
    at: ports.clock.now().toISOString(),
    who: ports.operator,
    what: `enrollment.${state}`,
    token: record.keystore?.token ?? null,
    certificate: record.certificate?.fingerprint ?? null,
    details: { enrollment: record.enrollmentId, code: error.code, step, server: record.server },
  });
  return record;
}

/** Codes that mean: the request went out, and no complete answer came back. */
const lostAnswers: ReadonlySet<string> = new Set([
  'NET-03',
  'NET-04',
  'NET-06',
  'NET-07',
  'SERVER-12',
  // Not to be believed: whoever wrote it, what the CA did is not known.
  'CMC-10',
  'CANCEL-01',
]);

/** What the server or the certificate itself says is no less true because a person has cancelled meanwhile. */
function isAnswer({ code, exitName }: StationError): boolean {
  return exitName === 'issued-not-stored' || /^(?:SERVER|CMC|CERT|KEY)-/.test(code);
}

/** Steps before anything goes to the CA. */
const unsent: ReadonlySet<EnrollmentState> = new Set([
  'token-ready',
  'trusted',
  'key-made',
  'attributes-known',
  'authenticated',
  'signed',
  'submitted',
]);

function badEnd({ log: { working }, earlier }: EnrollmentTask, error: StationError) {
  // Nothing was submitted this time: what the server knows, or may know, is as it was.
  const waits = earlier?.state === 'pending' || earlier?.state === 'outcome-unknown';
  if (earlier !== null && waits && (working === null || unsent.has(working))) return earlier.state;
  return endOf(working, error);
}

function endOf(working: EnrollmentLog['working'], error: StationError): EnrollmentState {
  if (error.exitName === 'issued-not-stored') return 'issued-not-stored';
  if (working === 'issued' && lostAnswers.has(error.code)) return 'outcome-unknown';
  if (error.code === 'CANCEL-01') return 'cancelled';
  return error.exitName === 'server' ? 'refused' : 'failed';
}
