/** The wizard's steps, in their order. */
export const steps = [
  'server',
  'trust',
  'token',
  'identity',
  'authentication',
  'restrictions',
  'review',
  'enroll',
  'result',
] as const;

export type Step = (typeof steps)[number];

/** Place of a step on the scale, from 1. */
export function placeOf(step: Step): number {
  return steps.indexOf(step) + 1;
}

export function stepAfter(step: Step): Step {
  return steps[steps.indexOf(step) + 1] ?? 'result';
}

export function stepBefore(step: Step): Step {
  return steps[steps.indexOf(step) - 1] ?? 'server';
}
