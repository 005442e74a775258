import { create } from 'zustand';
import type { EventPayload } from '../../shared/contract/events.ts';
import { ask } from './ask.ts';

type Question = EventPayload<'secret.wanted'>;

/** What the station asks for in the middle of a task, oldest first. */
export const useWantedSecrets = create<{ readonly questions: readonly Question[] }>(() => ({
  questions: [],
}));

function settled(id: string): void {
  useWantedSecrets.setState(({ questions }) => ({
    questions: questions.filter((question) => question.id !== id),
  }));
}

/** Listens to the station's questions. @returns a function that ends it */
export function followWantedSecrets(): () => void {
  const stops = [
    window.station.subscribe('secret.wanted', (question) => {
      useWantedSecrets.setState(({ questions }) => ({ questions: [...questions, question] }));
    }),
    window.station.subscribe('secret.settled', ({ id }) => settled(id)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Gives the bytes to the station, which are zeroed afterwards, or declines with null. */
export async function answerQuestion(
  id: string,
  secret: Uint8Array<ArrayBuffer> | null,
): Promise<void> {
  settled(id);
  try {
    await ask('secret.give', { id, secret });
  } finally {
    secret?.fill(0);
  }
}
