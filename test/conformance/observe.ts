import { expect, TestRunner } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import { conformanceCases } from './cases.ts';
import { caseId } from './conformance-case.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** Cases of the conformance table this test went through. */
    cases?: { readonly id: string; readonly verdict: string }[];
  }
}

const listed = new Map(conformanceCases.map((one) => [one.id, one]));

/**
 * Holds what a test saw become of a case against the table, and notes it for docs/est-conformance.md.
 * @param title the case as the table calls it.
 * @param verdict `accept`, `warn CODE …` or `refuse CODE`, made from what happened, not from what should.
 */
export function observe(area: string, title: string, verdict: string): void {
  const id = caseId(area, title);
  expect(`${id}: ${verdict}`).toBe(`${id}: ${listed.get(id)?.verdict ?? 'not in the table'}`);
  const meta = TestRunner.getCurrentTest()?.meta;
  if (meta !== undefined) meta.cases = [...(meta.cases ?? []), { id, verdict }];
}

/** The verdict on what was taken: its notices, each once. */
export function taken(warnings: readonly { readonly code: string }[] = []): string {
  const codes = new Set(warnings.map(({ code }) => code));
  return codes.size === 0 ? 'accept' : ['warn', ...codes].join(' ');
}

/** The verdict on what ended with an error, told as `CODE` or `CODE detail`. */
export function refused(ended: string): string {
  return `refuse ${ended.split(' ', 1)[0]}`;
}

/** The verdict on an attempt: how it ended, with the notices of its result. */
export async function endOf(attempt: Promise<unknown>): Promise<string> {
  try {
    const result = await attempt;
    const told = typeof result === 'object' && result !== null && 'warnings' in result;
    return taken(told && Array.isArray(result.warnings) ? result.warnings : []);
  } catch (error) {
    return `refuse ${StationError.from(error).code}`;
  }
}
