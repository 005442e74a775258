import { cacerts } from './cacerts.ts';
import { Conversation } from './conversation.ts';
import { crls } from './crls.ts';
import { csrattrs } from './csrattrs.ts';
import { enroll, settleAuthentication } from './enroll.ts';
import type { EstExchange, ExchangeOptions } from './exchange.ts';
import { fullcmc } from './fullcmc.ts';
import { serverkeygen } from './serverkeygen.ts';

/**
 * Connects to an EST server. Over a connection with provisional trust every operation but cacerts
 * is refused (TRUST-01), and no challenge is answered.
 * @throws StationError NET-…, TLS-…, TRUST-…, CANCEL-01.
 */
export async function openExchange(options: ExchangeOptions): Promise<EstExchange> {
  const conversation = await Conversation.open(options);
  return {
    get facts() {
      return conversation.facts;
    },
    get serverDate() {
      return conversation.serverDate;
    },
    cacerts: () => cacerts(conversation),
    csrattrs: () => csrattrs(conversation),
    crls: () => crls(conversation),
    settleAuthentication: (operation) => settleAuthentication(conversation, operation),
    enroll: (operation, binding, makeRequest) =>
      enroll(conversation, operation, binding, makeRequest),
    serverkeygen: (binding, makeRequest) => serverkeygen(conversation, binding, makeRequest),
    fullcmc: (binding, makeRequest) => fullcmc(conversation, binding, makeRequest),
    close: () => conversation.close(),
  };
}
