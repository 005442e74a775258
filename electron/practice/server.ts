import { createHash, X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { makeAccount } from './account.ts';
import { textAnswer } from './answer.ts';
import type { Account } from './authentication.ts';
import {
  authorityFiles,
  makeAuthority,
  openAuthority,
  type PracticeAuthority,
} from './authority.ts';
import { deliver } from './delivery.ts';
import type { Desk } from './desk.ts';
import { DigestGuard } from './digest.ts';
import { dispatch, type Outcome } from './dispatch.ts';
import { HeldRequests } from './held-requests.ts';
import { makeClientCredential, makeServerCredential, type TlsCredential } from './issue.ts';
import { IssuedCertificates } from './issued-certificates.ts';
import { type KeyEncryptionKey, makeKeyEncryptionKey } from './key-encryption-key.ts';
import { completeOptions } from './options.ts';
import { PendingRequests } from './pending-requests.ts';
import type {
  PracticeFacts,
  PracticeLogEntry,
  PracticeOptions,
  PracticeServer,
} from './practice.ts';
import { registrationAuthorityCredential } from './registration-authority.ts';
import { discardRest } from './request-body.ts';
import { openRollover, rolloverFolder } from './rollover.ts';
import { type Listener, listenPlain, listenTls, type RequestHandler } from './tls-server.ts';

const longestLog = 10_000;

/**
 * Starts a practice EST server (RFC 7030) on IPv4 loopback, with a CA kept in `dir` and a fresh account.
 * @throws StationError USAGE-01 unusable option or port, STORE-01 unusable folder.
 */
export async function startPractice(
  given: Partial<PracticeOptions> & { readonly dir: string },
): Promise<PracticeServer> {
  const options = completeOptions(given);
  const original = await openAuthority(options.dir);
  const rollover =
    options.rollover === null ? null : await openRollover(options.dir, original, options.faults);
  const authority = rollover?.successor ?? original;
  const issued = await IssuedCertificates.open(options.dir);
  const pending = new PendingRequests();
  const held = new HeldRequests();
  const keyEncryptionKey = makeKeyEncryptionKey();
  const account = makeAccount();
  const digest = new DigestGuard(account, options);
  const shown = shownBy({ authority, rollover, options });
  const credential = await serverCredential(shown.authority, options);
  const ownSerial = new X509Certificate(credential.chainPem).serialNumber;
  const desk: Desk = {
    authority,
    rollover,
    issued,
    options,
    pending,
    held,
    keyEncryptionKey,
    digest,
    ownSerial,
  };
  const log: PracticeLogEntry[] = [];
  const record = (entry: PracticeLogEntry): void => {
    log.push(entry);
    if (log.length > longestLog) log.shift();
  };
  const listener = await listen(desk, credential, account, record);
  const facts = factsOf(shown, listener.port, account, keyEncryptionKey);
  return { facts, authority, log, close: () => listener.close() };
}

/**
 * Makes a TLS client key outside any token (P-256, PKCS#8 PEM) with a certificate of the practice CA
 * (PEM, followed by the issuing CA).
 * It is a registration authority's (id-kp-cmcRA) by default and may then renew other devices' certificates.
 */
export function mintTlsClientCredential(
  source: PracticeServer | PracticeAuthority,
  commonName: string,
  { registrationAuthority = true }: { readonly registrationAuthority?: boolean } = {},
): TlsCredential {
  const authority = 'authority' in source ? source.authority : source;
  return makeClientCredential(authority, commonName, registrationAuthority);
}

/** Who vouches for the server's own certificate, and where its root is kept: the old CA until a rollover is finished. */
function shownBy({
  authority,
  rollover,
  options,
}: Pick<Desk, 'authority' | 'rollover' | 'options'>): {
  authority: PracticeAuthority;
  folder: string;
} {
  if (rollover === null) return { authority, folder: options.dir };
  return options.rollover === 'finished'
    ? { authority, folder: rolloverFolder(options.dir) }
    : { authority: rollover.former, folder: options.dir };
}

async function listen(
  desk: Desk,
  credential: TlsCredential,
  account: Account,
  record: (entry: PracticeLogEntry) => void,
): Promise<Listener> {
  const { authority, rollover, options } = desk;
  const handler: RequestHandler = async (request, response) => {
    const { socket } = request;
    const outcome =
      socket instanceof TLSSocket
        ? await dispatch(desk, account, request, socket)
        : plainOutcome(request.method ?? '', request.url ?? '');
    record(outcome.entry);
    if (outcome.answer === 'close') response.destroy();
    else if (outcome.answer !== 'hang') {
      await discardRest(request);
      await deliver(outcome.answer, response, options.faults);
    }
  };
  if (options.faults.includes('plain-http')) return listenPlain(options.port, handler);
  const authorities = rollover === null ? [authority] : [authority, rollover.former];
  return listenTls(
    credential,
    authorities
      .flatMap(({ root, issuing }) => [root, issuing])
      .map(({ certificate }) => certificate.toString()),
    options,
    handler,
  );
}

async function serverCredential(
  authority: PracticeAuthority,
  { cmcRa, faults }: PracticeOptions,
): Promise<TlsCredential> {
  if (cmcRa) return await registrationAuthorityCredential(authority);
  const elsewhere = faults.includes('wrong-name');
  const signer = faults.includes('unknown-ca') ? makeAuthority() : authority;
  return makeServerCredential(signer, {
    dnsNames: [elsewhere ? 'est.elsewhere.example' : 'localhost'],
    addresses: elsewhere ? [] : ['127.0.0.1', '::1'],
    expired: faults.includes('expired-server-certificate'),
  });
}

function plainOutcome(method: string, url: string): Outcome {
  return {
    answer: textAnswer(400, 'This port speaks plain HTTP.'),
    entry: {
      method,
      path: url.slice(0, 1024),
      status: 400,
      tls: 'none',
      pop: 'absent',
      authenticatedBy: 'none',
    },
  };
}

function factsOf(
  { authority: { root }, folder }: ReturnType<typeof shownBy>,
  port: number,
  { username, password }: Account,
  keyEncryptionKey: KeyEncryptionKey,
): PracticeFacts {
  const endpoint = `127.0.0.1:${port}`;
  return {
    schemaVersion: 1,
    url: `https://${endpoint}/.well-known/est`,
    endpoint,
    caCertificate: authorityFiles(folder).rootCertificate,
    caFingerprint: createHash('sha256').update(root.certificate.raw).digest('hex').toUpperCase(),
    username,
    password,
    keyEncryptionKeyId: keyEncryptionKey.identifier.toString('hex'),
    keyEncryptionKey: keyEncryptionKey.key.toString('hex'),
  };
}
