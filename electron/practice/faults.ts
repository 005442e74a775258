import { type Answer, base64Answer } from './answer.ts';
import type { PracticeFault } from './practice.ts';
import { type OfferedOperation, offered } from './routes.ts';

/** Bytes behind the base64 of an oversized answer: more than any client should read. */
const oversized = 3 * 1024 * 1024;

const page = `<!DOCTYPE html>
<html><head><title>Service unavailable</title><script>alert(document.domain)</script></head>
<body><h1>Service unavailable</h1><p>The CA behind this gateway does not answer.</p></body></html>
`;

/** Replaces an answer by what the chosen faults make of it. Refusals stay as they are. */
export function spoil(
  answer: Answer,
  operation: OfferedOperation,
  faults: readonly PracticeFault[],
): Answer {
  if (answer.status !== 200) return answer;
  const contentType = String(answer.headers['Content-Type'] ?? '');
  const isPost = offered[operation] === 'POST';
  if (faults.includes('oversized-body')) {
    return base64Answer(contentType, Buffer.alloc(oversized, 0x30), false);
  }
  if (isPost && faults.includes('html-error')) return htmlError();
  if (isPost && faults.includes('created')) return { ...answer, status: 201 };
  const garbage =
    (isPost && faults.includes('garbage-enroll')) ||
    (operation === 'cacerts' && faults.includes('garbage-cacerts'));
  return garbage
    ? base64Answer(contentType, Buffer.from('This is no CMS message.'), false)
    : answer;
}

function htmlError(): Answer {
  return {
    status: 500,
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
    body: Buffer.from(page, 'utf8'),
  };
}

/** What happens to the connection instead of an answer: after the CA has done its work. */
export function disturbance(
  operation: OfferedOperation,
  faults: readonly PracticeFault[],
): 'hang' | 'close' | null {
  if (offered[operation] !== 'POST') return null;
  if (faults.includes('hang-after-post')) return 'hang';
  return faults.includes('close-after-post') ? 'close' : null;
}
