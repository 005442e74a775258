import { Refusal } from './answer.ts';

/** What the practice server offers. */
export const offered = {
  cacerts: 'GET',
  csrattrs: 'GET',
  crls: 'GET',
  simpleenroll: 'POST',
  simplereenroll: 'POST',
  serverkeygen: 'POST',
  fullcmc: 'POST',
} as const;

export type OfferedOperation = keyof typeof offered;

/** Labels (RFC 7030 §3.2.2) the practice server knows, besides none. */
const knownLabels = ['devices'] as const;
export type KnownLabel = (typeof knownLabels)[number];

export interface Route {
  readonly label: KnownLabel | null;
  readonly operation: OfferedOperation;
}

const longestTarget = 1024;
const prefix = '/.well-known/est';

/**
 * Reads a request target, `/.well-known/est[/label]/operation` (RFC 7030 §3.2.2).
 * @throws Refusal 400 for a label the server does not know, 404 for a path or operation it does not
 * have, 414 for a target of more than 1024 characters.
 */
export function parseRoute(target: string): Route {
  if (target.length > longestTarget) throw new Refusal(414, 'The request target is too long.');
  const path = target.split('?', 1)[0] ?? '';
  if (path !== prefix && !path.startsWith(`${prefix}/`)) {
    throw new Refusal(404, `This server answers below ${prefix}/ only.`);
  }
  const segments = path.slice(prefix.length + 1).split('/');
  if (segments.length > 2) throw new Refusal(404, 'There is nothing below an EST operation.');
  const [first = '', second] = segments;
  return second === undefined
    ? { label: null, operation: readOperation(first) }
    : { label: readLabel(first), operation: readOperation(second) };
}

function readLabel(segment: string): KnownLabel {
  const label = knownLabels.find((known) => known === segment);
  if (label === undefined) {
    throw new Refusal(400, `Unknown EST label. This server knows: ${knownLabels.join(', ')}.`);
  }
  return label;
}

function readOperation(segment: string): OfferedOperation {
  if (isOffered(segment)) return segment;
  throw new Refusal(404, 'Unknown EST operation.');
}

function isOffered(segment: string): segment is OfferedOperation {
  return Object.hasOwn(offered, segment);
}
