import { answerCases } from './cases/answers.ts';
import { authenticationCases } from './cases/authentication.ts';
import { type ConformanceCase, casesOf } from './conformance-case.ts';

/** Every case of docs/est-conformance.md, in its order. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...answerCases,
  ...authenticationCases,
].flatMap(casesOf);
