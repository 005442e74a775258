import { type PopFinding, type PopVerdict, popQuestion, popVerdict } from '../../shared/pop.ts';
import type { Draft } from './draft.ts';
import type { ServerWishes } from './wizard.ts';

export interface Judgement extends PopVerdict {
  /** The finding that must be settled first, or null. */
  readonly block: PopFinding | null;
}

/** What the policy says of the draft: the same function the station enforces. */
export function judge(draft: Draft, wishes: ServerWishes | null): Judgement {
  const verdict = popVerdict(popQuestion(draft, wishes?.asksForPop));
  const block = verdict.findings.find(({ severity }) => severity === 'block') ?? null;
  return { ...verdict, block };
}
