import { answerCases } from './cases/answers.ts';
import { authenticationCases } from './cases/authentication.ts';
import { certificateCases } from './cases/certificates.ts';
import { connectionCases } from './cases/connections.ts';
import { fullCmcCases } from './cases/full-cmc.ts';
import { transactionCases } from './cases/transactions.ts';
import { trustCases } from './cases/trust.ts';
import { type ConformanceCase, casesOf } from './conformance-case.ts';

/** Every case of docs/est-conformance.md, in its order. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...answerCases,
  ...trustCases,
  ...transactionCases,
  ...authenticationCases,
  ...connectionCases,
  ...certificateCases,
  ...fullCmcCases,
].flatMap(casesOf);
