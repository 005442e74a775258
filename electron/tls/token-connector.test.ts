import { describeConnector } from '../../test/connector-contract/contract.ts';
import { keySigner } from '../../test/key-signer.ts';
import { tokenConnector } from './token-connector.ts';

describeConnector('the token connector', {
  connector: tokenConnector,
  credentialOf: ({ der, key }) => ({ kind: 'keystore', chain: [der], signer: keySigner(key) }),
});
