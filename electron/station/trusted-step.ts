import { StationError } from '../../shared/errors/station-error.ts';
import type { PopVerdict } from '../../shared/pop.ts';
import type { EstExchange } from '../est/exchange.ts';
import type { Keystore } from '../keystore/keystore.ts';
import { summariseCertificate } from '../pki/certificate.ts';
import type { EnrollmentTask } from './enrollment-task.ts';
import { exchangeOptions } from './exchange-options.ts';
import { type EnrollmentWay, enrollmentWay } from './renewal.ts';
import { learnAuthorities } from './rollover.ts';
import { clockNotices } from './station-clock.ts';
import type { Anchors } from './trust.ts';

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

/** @throws StationError TRUST-01 unless an explicit anchor vouches for the server */
export function demandExplicit({ log }: EnrollmentTask, { origin }: Anchors): void {
  if (origin !== 'explicit') throw new StationError('TRUST-01', { server: log.record.server });
}
