import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { type Answer, Refusal, textAnswer } from './answer.ts';
import {
  type Account,
  type Authentication,
  authenticate,
  demandAuthentication,
} from './authentication.ts';
import { disguise } from './delivery.ts';
import type { Desk } from './desk.ts';
import { protectsBody } from './digest.ts';
import { disturbance, spoil } from './faults.ts';
import { cacerts } from './operations/cacerts.ts';
import { crls } from './operations/crls.ts';
import { csrattrs } from './operations/csrattrs.ts';
import { fullcmc } from './operations/fullcmc.ts';
import { serverkeygen } from './operations/serverkeygen.ts';
import { simpleenroll } from './operations/simpleenroll.ts';
import { simplereenroll } from './operations/simplereenroll.ts';
import { checkPossession, demandPossession, type PossessionVerdict } from './possession.ts';
import type { PracticeLogEntry } from './practice.ts';
import { turnedAway } from './redirection.ts';
import { decodeRequest, readBody } from './request-body.ts';
import { issuerOf } from './rollover.ts';
import { offered, parseRoute, type Route } from './routes.ts';
import { demandLength, demandPlainForm } from './strict-form.ts';
import { readSubmission } from './submission.ts';

/** What becomes of a request: an answer, or a connection that hangs or closes without one. */
export interface Outcome {
  readonly answer: Answer | 'hang' | 'close';
  readonly entry: PracticeLogEntry;
}

/** What is learned about a request while it is worked on; the log tells it also of refused ones. */
interface Findings {
  authenticatedBy: Authentication['by'];
  pop: PossessionVerdict;
}

/** Carries out one HTTP request. Never throws: a defect is answered with 500 and without its details. */
export async function dispatch(
  desk: Desk,
  account: Account,
  request: IncomingMessage,
  connection: TLSSocket,
): Promise<Outcome> {
  const { method = '', url = '' } = request;
  const findings: Findings = { authenticatedBy: 'none', pop: 'absent' };
  const answer = await attempt(() => carryOut(desk, account, request, connection, findings));
  const status = typeof answer === 'string' ? 0 : answer.status;
  const tls = connection.getProtocol() ?? 'none';
  return { answer, entry: { method, path: url.slice(0, 1024), status, tls, ...findings } };
}

async function attempt(work: () => Promise<Outcome['answer']>): Promise<Outcome['answer']> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    return textAnswer(500, 'The practice server met a defect of its own.');
  }
}

async function carryOut(
  desk: Desk,
  account: Account,
  request: IncomingMessage,
  connection: TLSSocket,
  findings: Findings,
): Promise<Outcome['answer']> {
  const clientCertificate = connection.getPeerX509Certificate() ?? null;
  const { authorization } = request.headers;
  const { method = '', url: uri = '' } = request;
  // Judged after authentication; read before it where Digest protects it.
  const early = protectsBody(authorization) ? await readBody(request) : null;
  const authentication = authenticate(
    {
      request: { method, uri, body: early },
      authorization,
      clientCertificate,
    },
    account,
    desk.digest,
    desk.options.httpAuth,
    issuerOf(clientCertificate, desk),
  );
  findings.authenticatedBy = authentication.by;
  const route = parseRoute(request.url ?? '');
  const away = turnedAway(route, request.headers.host ?? '', desk.options.faults);
  if (away !== null) return away;
  const isPost = offered[route.operation] === 'POST';
  // Before the method is judged, so that a client can settle authentication without sending a request.
  // A Full PKI Request brings its own: the signature of its CMS message.
  if (isPost && route.operation !== 'fullcmc') {
    demandAuthentication(authentication, desk.digest, desk.options);
  }
  demandMethod(route, request.method);
  const answer = isPost
    ? await enroll(desk, route, { request, early }, connection, authentication, findings)
    : await inform(desk, route);
  const { faults } = desk.options;
  const spoilt = disguise(spoil(answer, route.operation, faults), faults);
  const undisturbed = authentication.by === 'digest' ? withNextNonce(spoilt, desk) : spoilt;
  return answer.status === 200
    ? (disturbance(route.operation, faults) ?? undisturbed)
    : undisturbed;
}

/** RFC 7616 §3.5: the nonce for the next request comes with the answer to this one. */
function withNextNonce(answer: Answer, { digest, options }: Desk): Answer {
  if (!options.faults.includes('digest-nextnonce')) return answer;
  const info = `nextnonce="${digest.freshNonce()}"`;
  return { ...answer, headers: { ...answer.headers, 'Authentication-Info': info } };
}

function demandMethod({ operation }: Route, method: string | undefined): void {
  if (method === offered[operation]) return;
  throw new Refusal(405, `${operation} is asked with ${offered[operation]}.`, {
    Allow: offered[operation],
  });
}

async function inform(desk: Desk, { label, operation }: Route): Promise<Answer> {
  if (operation === 'crls') return await crls(desk);
  return operation === 'cacerts' ? cacerts(desk) : csrattrs(desk, label);
}

async function enroll(
  desk: Desk,
  { operation }: Route,
  { request: incoming, early }: { request: IncomingMessage; early: Buffer | null },
  connection: TLSSocket,
  authentication: Authentication,
  findings: Findings,
): Promise<Answer> {
  const type = operation === 'fullcmc' ? 'application/pkcs7-mime' : 'application/pkcs10';
  const strict = desk.options.faults.includes('strict');
  if (strict) demandLength(incoming.headers);
  const body = early ?? (await readBody(incoming));
  if (strict) demandPlainForm(incoming.headers, body, type);
  const der = decodeRequest(body, bodyHeaders(incoming.headers), type);
  if (operation === 'fullcmc') {
    return await fullcmc(desk, der, connection, (pop) => {
      findings.pop = pop;
    });
  }
  const request = await readSubmission(der);
  findings.pop = checkPossession(request.challengePassword, connection);
  demandPossession(findings.pop, desk.options.requirePop);
  const submission = { request, authentication };
  if (operation === 'serverkeygen') return serverkeygen(desk, submission);
  return operation === 'simplereenroll'
    ? simplereenroll(desk, submission)
    : simpleenroll(desk, submission);
}

function bodyHeaders(headers: IncomingHttpHeaders) {
  const transferEncoding = headers['content-transfer-encoding'];
  return {
    contentType: headers['content-type'],
    transferEncoding: Array.isArray(transferEncoding) ? transferEncoding[0] : transferEncoding,
  };
}
