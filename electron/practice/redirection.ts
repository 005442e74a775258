import { type Answer, textAnswer } from './answer.ts';
import type { PracticeFault } from './practice.ts';
import { offered, type Route } from './routes.ts';

const prefix = '/.well-known/est';

/** Seconds a busy practice server asks to wait. */
const busySeconds = '120';

/**
 * What the chosen faults answer before a request is even looked at: a redirect, or that there is too much to do.
 * Questions and requests are redirected alike, with 307, which keeps method and body (RFC 9110 §15.4.8).
 * @param host the Host header of the request.
 * @returns null when nothing stands in the way.
 */
export function turnedAway(
  { label, operation }: Route,
  host: string,
  faults: readonly PracticeFault[],
): Answer | null {
  const plain = `${prefix}/${operation}`;
  const below = `${prefix}/devices/${operation}`;
  const port = /:\d+$/.exec(host)?.[0] ?? '';
  if (faults.includes('redirect-loop')) return redirect(label === null ? below : plain);
  if (faults.includes('redirect') && label === null) return redirect(below);
  if (faults.includes('redirect-http')) return redirect(`http://${host}${plain}`);
  if (faults.includes('redirect-other-origin') && !host.startsWith('localhost')) {
    return redirect(`https://localhost${port}${plain}`);
  }
  if (offered[operation] === 'GET') return null;
  const wait = { 'Retry-After': busySeconds };
  if (faults.includes('busy')) return textAnswer(503, 'The CA is under maintenance.', wait);
  if (faults.includes('too-many-requests')) return textAnswer(429, 'Too many requests.', wait);
  return null;
}

function redirect(location: string): Answer {
  return textAnswer(307, 'The service has moved.', { Location: location });
}
