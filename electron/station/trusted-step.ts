import { StationError } from '../../shared/errors/station-error.ts';
import { notice } from '../../shared/notices.ts';
import type { PopVerdict } from '../../shared/pop.ts';
import type { EstExchange } from '../est/exchange.ts';
import type { Keystore } from '../keystore/keystore.ts';
import { summariseCertificate } from '../pki/certificate.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { type ExchangeExtras, exchangeOptions } from './exchange-options.ts';
import { openUnrevoked } from './known-revocation.ts';
import { judgeConnection, warningsOf } from './pop-policy.ts';
import { type EnrollmentWay, enrollmentWay } from './renewal.ts';
import { learnAuthorities } from './rollover.ts';
import { clockNotices } from './station-clock.ts';
import { lacksTls13 } from './token-credential.ts';
import type { Anchors } from './trust.ts';

type Credential = NonNullable<ExchangeExtras['credential']> | null;

interface Trusted {
  readonly anchors: Anchors;
  readonly exchange: EstExchange;
  readonly caCertificates: readonly Buffer[];
  readonly operation: EnrollmentWay['operation'];
}

/** Connects to the server below its anchors and learns its CA certificates (RFC 7030 §4.1). */
export async function trusted(
  task: EnrollmentTask,
  keystore: Keystore,
  pop: PopVerdict,
): Promise<Trusted> {
  const { log, profile, signal } = task;
  return await log.step('trusted', async () => {
    const shown = await task.openCredential(keystore);
    const before = await anchorsFor(task, keystore);
    const { credential, operation, notices } = enrollmentWay(
      log.record.operation,
      profile,
      shown,
      task.ports.clock.now(),
    );
    log.warn(...notices, ...warningsOf(pop.findings));
    const extras: ExchangeExtras = {
      authentication: await task.httpAuthentication(),
      credential: announcing(task, credential),
      minTls: pop.minTls,
      maxTls: highestTls(task, credential, pop),
      followRedirect: task.followRedirect,
    };
    const open = (anchors: Anchors) =>
      task.ports.est.openExchange(exchangeOptions(profile, anchors, signal, extras));
    const exchange = await openUnrevoked(task.ports, profile, before, open, signal);
    try {
      judgeConnection(task, exchange.facts);
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

/** A token without RSA-PSS cannot sign in over TLS 1.3 (RFC 8446 §4.2.3): the connection keeps to 1.2, which is said. */
function highestTls(
  { log }: EnrollmentTask,
  credential: Credential,
  { maxTls }: PopVerdict,
): PopVerdict['maxTls'] {
  if (credential?.kind !== 'keystore' || !lacksTls13(credential)) return maxTls;
  if (maxTls === 'TLSv1.3') log.warn(notice('TLS-NO-PSS'));
  return 'TLSv1.2';
}

/** Every connection costs a signature of the token; a card that asks for its PIN or a touch each time does so again. */
function announcing({ log }: EnrollmentTask, credential: Credential): Credential {
  if (credential?.kind !== 'keystore') return credential;
  const { signer } = credential;
  let signatures = 0;
  const count = (): void => {
    signatures += 1;
    if (signatures > 1) log.warn(notice('POP-09'));
  };
  const { schemes, prepare } = signer;
  return {
    ...credential,
    signer: {
      schemes,
      sign: async (scheme, message) => {
        count();
        return await signer.sign(scheme, message);
      },
      ...(prepare && {
        prepare: async () => {
          count();
          return await prepare();
        },
      }),
    },
  };
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

/** @throws StationError TRUST-01 unless an explicit anchor vouches for the server */
export function demandExplicit({ log }: EnrollmentTask, { origin }: Anchors): void {
  if (origin !== 'explicit') throw new StationError('TRUST-01', { server: log.record.server });
}
