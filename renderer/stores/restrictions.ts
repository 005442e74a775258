import { type PopFinding, type PopVerdict, popVerdict } from '../../shared/pop.ts';
import { type Draft, popQuestion, tlsClientKey } from './draft.ts';
import type { ServerWishes } from './wizard.ts';

/** The station refuses a TLS client key on a token whatever the proof of possession (POP-07). */
const tokenTlsKey: PopFinding = {
  code: 'POP-07',
  severity: 'block',
  clause: 'RFC 7030 §3.3.2',
  waysOut: ['use-http-authentication', 'use-software-tls-key'],
};

export interface Judgement extends PopVerdict {
  /** The finding that must be settled first, or null. */
  readonly block: PopFinding | null;
}

/** What the policy says of the draft: the same function the station enforces. */
export function judge(draft: Draft, wishes: ServerWishes | null): Judgement {
  const verdict = popVerdict(popQuestion(draft, wishes?.asksForPop));
  const block = verdict.findings.find(({ severity }) => severity === 'block') ?? null;
  if (block !== null || tlsClientKey(draft) !== 'pkcs11') return { ...verdict, block };
  return {
    ...verdict,
    allowed: false,
    findings: [...verdict.findings, tokenTlsKey],
    block: tokenTlsKey,
  };
}
