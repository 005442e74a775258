import { describeConnector } from '../../test/connector-contract/contract.ts';
import { nodeConnector } from './node-connector.ts';

describeConnector('the node connector', {
  connector: nodeConnector,
  credentialOf: ({ der, key }) => ({ kind: 'software', chain: [der], key }),
});
