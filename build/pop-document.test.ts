import { describe, expect, it } from 'vitest';
import { popVerdict } from '../shared/pop.ts';
import { popLines } from './pop-document.ts';

describe('the table of the proof-of-possession policy', () => {
  const lines = popLines();

  it('covers every combination once', () => {
    const asked = lines.flatMap(({ questions }) =>
      questions.map(({ serverAsksForPop = null, ...question }) =>
        JSON.stringify(Object.entries({ ...question, serverAsksForPop }).toSorted()),
      ),
    );
    // proof off/on, 2 bindings, 3 keys, consent, 3 sign-ins, 3 states of the server's wish.
    expect(asked).toHaveLength(2 * 2 * 3 * 2 * 3 * 3);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it.each(lines.map((line) => [line.cells.join(', '), line.questions] as const))(
    'gives all of %s one answer',
    (_cells, questions) => {
      const verdicts = questions.map((question) => JSON.stringify(popVerdict(question)));
      expect(new Set(verdicts).size).toBe(1);
    },
  );
});
