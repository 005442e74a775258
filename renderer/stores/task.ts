import { useState } from 'react';
import type { Reply } from '../../shared/contract/station-api.ts';
import type { ErrorData } from '../../shared/errors/station-error.ts';

/** One command at a time of a page: whether it runs, and how it was refused. */
export function useTask() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ErrorData | null>(null);
  /** @returns the value, or null after a refusal, which is then the page's problem */
  async function run<Value>(work: () => Promise<Reply<Value>>): Promise<Value | null> {
    setBusy(true);
    setProblem(null);
    const reply = await work();
    setBusy(false);
    if (reply.ok) return reply.value;
    setProblem(reply.error);
    return null;
  }
  return { busy, problem, run, setProblem };
}
