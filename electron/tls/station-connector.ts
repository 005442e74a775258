import type { Connector } from './connector.ts';
import { nodeConnector } from './node-connector.ts';
import { tokenConnector } from './token-connector.ts';

/** The TLS library of Node wherever it can do the work; the station's own for keys in a keystore. */
export const stationConnector: Connector = {
  connect: (target, options) => {
    const connector = options.credential?.kind === 'keystore' ? tokenConnector : nodeConnector;
    return connector.connect(target, options);
  },
};
