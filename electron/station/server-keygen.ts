import type { KeyObject } from 'node:crypto';
import type { EnrollmentRecord } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { notice } from '../../shared/notices.ts';
import type { PopVerdict } from '../../shared/pop.ts';
import type { KeyParameterSet, SignatureAlgorithm } from '../../shared/profile.ts';
import type { EstExchange, ServerKeygenAnswer } from '../est/exchange.ts';
import { aliases, type Keystore } from '../keystore/keystore.ts';
import { readCertificate, summariseCertificate } from '../pki/certificate.ts';
import { makeKeyPair } from '../pki/key-pair.ts';
import { parseDistinguishedName } from '../pki/name.ts';
import type { DeliveredKey } from '../pki/private-key-info.ts';
import { sameKey } from '../pki/public-key.ts';
import { createRequest } from '../pki/request.ts';
import { signWithKey } from '../pki/signature.ts';
import { conduct, type Opened } from './conduct.ts';
import { pending } from './ending.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { type IssuedQuestion, type IssuedVerdict, judgeIssued } from './issued-certificate.ts';
import { acceptable, issued } from './issued-step.ts';
import type { KeyDelivery } from './key-delivery.ts';
import { tokenReady } from './keystore-steps.ts';
import { keepNeededKey } from './needed-keys.ts';
import { popFor, refuseBlocked } from './pop-policy.ts';
import { notStored, recordStored, verified } from './stored-step.ts';
import { announced, authenticated, beforeSigning, type Sent } from './submission.ts';
import { type Issued, provingAlgorithm, writeIssued } from './token-writing.ts';
import { demandExplicit, trusted } from './trusted-step.ts';

type IssuedAnswer = Extract<ServerKeygenAnswer, { kind: 'issued' }>;

/**
 * Has the server generate a key pair, imports it into the keystore and verifies key and certificate there
 * (RFC 7030 §4.4). The received key is in memory only, never in journal, record or database.
 * Never throws: the record tells how it ended.
 */
export async function runServerKeygen(task: EnrollmentTask): Promise<EnrollmentRecord> {
  return await conduct(task, walk);
}

async function walk(task: EnrollmentTask, opened: Opened): Promise<EnrollmentRecord> {
  const pop = popFor(task);
  refuseBlocked(pop);
  await task.trust.mayBeAsked(task.profile);
  const keystore = await tokenReady(task);
  opened.keystore = keystore;
  const { anchors, exchange, caCertificates } = await trusted(task, keystore, pop);
  opened.exchange = exchange;
  // RFC 7030 §4.4: a key is taken only from a server that an explicit anchor vouches for.
  demandExplicit(task, anchors);
  const delivery = await task.keyDelivery();
  try {
    await attributesKnown(task, exchange, keystore);
    await authenticated(task, exchange, 'serverkeygen');
    const sent: Sent = { request: null };
    const answer = await submit(task, { exchange, delivery, pop, sent });
    if (answer.kind === 'pending') return await pending(task, answer.retryAfterSeconds);
    const known = { caCertificates, anchors: anchors.anchors };
    const key = received(task, answer, delivery, known);
    const verdict = judged(task, answer, key, {
      ...known,
      serverDate: exchange.serverDate,
      crls: anchors.revocation?.crls,
    });
    await issued(task, keystore, verdict, { keyGeneratedBy: 'server' });
    await acceptable(task, verdict, sent);
    return await stored(task, keystore, key.key, {
      certificate: verdict.certificate.der,
      spki: key.spki,
      caCertificates,
      bootstrapCa: verdict.path.at(-1) ?? null,
      signatureAlgorithm: provingAlgorithm(key.spki),
      keyAlias: aliases.requestKey,
    });
  } finally {
    delivery.forget();
  }
}

/** Also makes room for the key that will come: once it is on its way, nothing may be in its way. */
async function attributesKnown(
  task: EnrollmentTask,
  exchange: EstExchange,
  keystore: Keystore,
): Promise<void> {
  await task.log.step('attributes-known', async () => {
    const { asksForPop, oids } = await exchange.csrattrs();
    refuseBlocked(popFor(task, asksForPop));
    task.log.warn(...(await keepNeededKey(task.ports, keystore, await keystore.entries())));
    return { result: undefined, evidence: { asksForPop, oids: oids.join(' ') } };
  });
}

interface Submission {
  readonly exchange: EstExchange;
  readonly delivery: KeyDelivery;
  readonly pop: PopVerdict;
  readonly sent: Sent;
}

/**
 * Signs with a key that is thrown away at once: the server ignores it but for its kind and size (RFC 7030 §4.4.1).
 * A request that waits is repeated byte for byte, unless it must be bound to the new connection.
 */
async function submit(
  task: EnrollmentTask,
  { exchange, delivery, pop, sent }: Submission,
): Promise<ServerKeygenAnswer> {
  const { log, profile, earlier } = task;
  const { subject, subjectAltNames, keyParameterSet, signatureAlgorithm } = profile.request;
  return await exchange.serverkeygen(pop.binding, async (binding) => {
    beforeSigning(task, exchange, { binding, again: false });
    const request = await log.step('signed', async () => {
      const known = earlier?.request ?? null;
      if (binding === null && known !== null && !known.bound) {
        const evidence = { request: known.der.toString('base64'), bound: false, again: true };
        return { result: known.der, evidence };
      }
      const passing = await passingKey(keyParameterSet, signatureAlgorithm);
      const der = await createRequest({
        subject: parseDistinguishedName(subject),
        subjectAltNames,
        spki: passing.spki,
        signatureAlgorithm,
        challengePassword: binding === null ? null : binding.toString('base64'),
        extraAttributes: delivery.attributes,
        sign: passing.sign,
      });
      const evidence = { request: der.toString('base64'), bound: binding !== null };
      return { result: der, evidence };
    });
    await announced(task);
    sent.request = request;
    return request;
  });
}

async function passingKey(set: KeyParameterSet, algorithm: SignatureAlgorithm) {
  const { publicKey, privateKey } = await makeKeyPair(set);
  return {
    spki: publicKey.export({ type: 'spki', format: 'der' }),
    sign: async (data: Uint8Array) => signWithKey(privateKey, algorithm, data),
  };
}

/** DER. */
interface Known {
  readonly caCertificates: readonly Buffer[];
  readonly anchors: readonly Buffer[];
}

/** Opens the key. What the server issued is kept as evidence even if the key turns out to be of no use. */
function received(
  { log, ports }: EnrollmentTask,
  answer: IssuedAnswer,
  delivery: KeyDelivery,
  { anchors, caCertificates }: Known,
): DeliveredKey {
  try {
    const leaf = answer.certificates.find((der) => !readCertificate(der).isCa);
    if (leaf !== undefined) log.note({ certificate: summariseCertificate(leaf) });
    log.warn(...answer.warnings);
    const certificates = [...answer.certificates, ...caCertificates];
    const key = delivery.open(answer.key, { anchors, certificates, at: ports.clock.now() });
    if (key.form !== 'PKCS#8') log.warn(notice('KEY-FORM', { form: key.form }));
    return key;
  } finally {
    answer.key.der.fill(0);
  }
}

/** Key and certificate belong together, and the certificate is good; before anything is stored. */
function judged(
  { log, ports }: EnrollmentTask,
  { certificates }: IssuedAnswer,
  { spki }: DeliveredKey,
  known: Known & Pick<IssuedQuestion, 'serverDate' | 'crls'>,
): IssuedVerdict {
  if (!certificates.some((der) => sameKey(readCertificate(der).spki, spki))) {
    throw new StationError('KEY-02');
  }
  const verdict = judgeIssued({
    answer: certificates,
    ...known,
    spki,
    at: ports.clock.now(),
  });
  log.warn(...verdict.warnings);
  return verdict;
}

async function stored(
  task: EnrollmentTask,
  keystore: Keystore,
  key: KeyObject,
  written: Issued,
): Promise<EnrollmentRecord> {
  const { log } = task;
  const where = { kind: keystore.kind, token: keystore.name, generatedThere: false } as const;
  let imported = false;
  try {
    await log.step('stored', async () => {
      const { id, notes } = await keystore.importKeyPair(written.keyAlias, key);
      imported = true;
      log.warn(notice('KEY-IMPORTED', { keystore: keystore.name }), ...notes);
      log.note({ keystore: { ...where, alias: written.keyAlias } });
      log.warn(...(await writeIssued(keystore, written)));
      return { result: undefined, evidence: { keystore: keystore.name, publicKey: id, imported } };
    });
    await verified(task, keystore, written);
  } catch (error) {
    const cause = StationError.from(error);
    throw imported ? notStored(cause, keystore) : keyLost(cause, keystore);
  }
  log.note({ keystore: { ...where, alias: aliases.enrolledKey } });
  const fingerprint = log.record.certificate?.fingerprint ?? null;
  await recordStored(task, keystore, fingerprint, { key: 'imported, not made there' });
  return await log.end('done', { certificate: fingerprint });
}

/** Until the keystore has the key, its loss is final; afterwards the certificate can be stored again. */
function keyLost(cause: StationError, { name: keystore }: Keystore): StationError {
  const detail = `${cause.message} (${cause.code})`;
  return new StationError('KEY-04', { keystore, detail }, { cause });
}
