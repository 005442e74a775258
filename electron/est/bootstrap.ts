import type { CaCertificates, ExchangeOptions } from './exchange.ts';
import { openExchange } from './open-exchange.ts';

export type ProvisionalOptions = Pick<
  ExchangeOptions,
  'connector' | 'host' | 'port' | 'label' | 'proxy' | 'minTls' | 'maxTls' | 'limits' | 'signal'
>;

/**
 * Bootstrap (RFC 7030 §4.1.1): fetches /cacerts over a connection that believes nothing, has no
 * client certificate and answers no challenge, then closes it. What comes back is worth nothing
 * until a person or a fingerprint has confirmed a root.
 * @returns the CA certificates, and the chain the server showed in its handshake (DER, its own first).
 * @throws StationError NET-…, TLS-…, SERVER-…, CANCEL-01.
 */
export async function fetchCaCertificatesProvisionally(
  options: ProvisionalOptions,
): Promise<{ caCertificates: CaCertificates; serverChain: Buffer[] }> {
  const { connector, host, port, label, proxy, minTls, maxTls, limits, signal } = options;
  const exchange = await openExchange({
    connector,
    host,
    port,
    label,
    proxy,
    minTls,
    maxTls,
    limits,
    signal,
    trust: { kind: 'provisional' },
    credential: null,
    authentication: { scheme: 'none' },
  });
  try {
    const caCertificates = await exchange.cacerts();
    return { caCertificates, serverChain: [...exchange.facts.serverChain] };
  } finally {
    exchange.close();
  }
}
