import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { fetchCaCertificatesProvisionally } from './est/bootstrap.ts';
import { openExchange } from './est/open-exchange.ts';
import { nodeProcessLauncher } from './keystore/node-process-launcher.ts';
import { createTokenBridge } from './keystore/pkcs11/bridge.ts';
import type { ProcessLauncher } from './keystore/process-launcher.ts';
import { openSoftwareKeystoreForWork } from './keystore/software/first-use.ts';
import { openSoftwareKeystore } from './keystore/software/software-keystore.ts';
import type { SecretSource, SecretStore, StationPorts } from './station/ports.ts';
import { Station } from './station/station.ts';
import { dataFolder } from './store/data-folder.ts';
import { openStore } from './store/open-store.ts';
import { leaseFolder, tokenLeases } from './store/token-leases.ts';
import { stationConnector } from './tls/station-connector.ts';

/** What differs between the composition roots. */
export interface StationComposition {
  readonly env: NodeJS.ProcessEnv;
  readonly secretSource: SecretSource | null;
  /** Of the operating system; absent: none. */
  readonly secretStore?: SecretStore | null;
  /** How key processes are started; a Node child unless the host brings its own way. */
  readonly launcher?: ProcessLauncher;
  /** Aborted when no token is to be looked at or opened any more. */
  readonly signal?: AbortSignal;
}

/**
 * Puts the real parts behind the station's ports.
 * @throws StationError STORE-… when the data folder or its database cannot be used.
 */
export async function composeStation(composition: StationComposition): Promise<Station> {
  return new Station(await stationPorts(composition));
}

/** The ports of `composeStation`, for a root that replaces one. */
export async function stationPorts(composition: StationComposition): Promise<StationPorts> {
  const { env, secretSource, launcher = nodeProcessLauncher(), signal } = composition;
  const store = await openStore(dataFolder(env, process.platform, homedir()));
  return {
    store,
    tokens: createTokenBridge(launcher, { signal }),
    leases: tokenLeases(leaseFolder(env, tmpdir(), accountName())),
    est: {
      openExchange: (options) => openExchange({ ...options, connector: stationConnector }),
      fetchProvisionally: (options) =>
        fetchCaCertificatesProvisionally({ ...options, connector: stationConnector }),
    },
    openSoftwareKeystore: ({ create, ...location }) =>
      create ? openSoftwareKeystoreForWork(location) : openSoftwareKeystore(location),
    secretSource,
    secretStore: composition.secretStore ?? null,
    clock: { now: () => new Date(), elapsed: () => performance.now() },
    operator: userInfo().username,
    station: hostname(),
  };
}

/** Tells accounts apart in a folder they share. */
function accountName(): string {
  return String(process.getuid?.() ?? userInfo().username);
}
