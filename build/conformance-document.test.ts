import { describe, expect, test } from 'vitest';
import type { ConformanceCase } from '../test/conformance/conformance-case.ts';
import { conformancePage, type Observation, shortcomings } from './conformance-document.ts';

const listed: ConformanceCase = {
  id: 'answer.is-empty',
  heading: 'Answers',
  title: 'is empty',
  clause: 'RFC 7030 §4.1.3',
  verdict: 'refuse SERVER-09',
};
const seen: Observation = {
  id: listed.id,
  verdict: listed.verdict,
  file: 'b.test.ts',
  test: 'an answer > is | empty',
};

describe('a run', () => {
  test('that met every case as listed lacks nothing', () => {
    expect(shortcomings([listed], [seen, { ...seen, file: 'a.test.ts' }])).toEqual([]);
  });

  test.each<[string, Observation[], string]>([
    ['did not meet a case', [{ ...seen, id: 'answer.other' }], 'was not exercised'],
    ['saw another verdict', [seen, { ...seen, verdict: 'accept' }], 'but accept in b.test.ts'],
  ])('that %s is told so', (_what, observations, words) => {
    const told = shortcomings([listed], observations);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(listed.id);
    expect(told[0]).toContain(words);
  });
});

test('the page has a line for each case, whatever the order of the tests', () => {
  const all = [seen, { ...seen, file: 'a.test.ts' }];
  const page = conformancePage([listed], all);
  expect(page).toContain(
    '| is empty (`answer.is-empty`) | RFC 7030 §4.1.3 | refuse | SERVER-09 | a.test.ts: an answer > is \\| empty |',
  );
  expect(conformancePage([listed], all.toReversed())).toBe(page);
});
