import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf, statusFailure } from './status.ts';

const context = { operation: 'simpleenroll', label: null, labelKnown: false, now: new Date(0) };
const answer = (status: number, headers: Record<string, string> = {}, body = 'words') => ({
  status,
  headers,
  body: Buffer.from(body),
  reusable: false,
});

describe('a status that ends the task', () => {
  it.each([
    [400, {}, 'SERVER-06'],
    [403, {}, 'SERVER-05'],
    [404, {}, 'SERVER-02'],
    [409, {}, 'SERVER-06'],
    [415, {}, 'SERVER-06'],
    [429, {}, 'SERVER-06'],
    [429, { 'retry-after': '30' }, 'SERVER-08'],
    [500, {}, 'SERVER-07'],
    [501, {}, 'SERVER-07'],
    [503, {}, 'SERVER-07'],
    [503, { 'retry-after': '30' }, 'SERVER-08'],
    [302, { location: 'https://elsewhere.example/' }, 'SERVER-14'],
    [304, {}, 'SERVER-14'],
    [201, {}, 'SERVER-09'],
    [206, {}, 'SERVER-09'],
    [999, {}, 'SERVER-07'],
  ])('%i %j has its own error %s', (status, headers, code) => {
    expect(statusFailure(answer(status, headers), context).code).toBe(code);
  });

  it('400 is about the label when there is one that never answered', () => {
    const labelled = { ...context, label: 'line3' };
    expect(statusFailure(answer(400), labelled).code).toBe('SERVER-01');
    expect(statusFailure(answer(400), { ...labelled, labelKnown: true }).code).toBe('SERVER-06');
  });

  it('carries the wait the server asks for', () => {
    const failure = statusFailure(answer(503, { 'retry-after': '30' }), context);
    expect(failure.params).toMatchObject({ status: 503, seconds: 30 });
  });
});

describe('the excerpt of an error’s body', () => {
  it.each([
    ['Invalid CSR.\r\n', 'Invalid CSR'],
    ['', 'no explanation'],
    ['<html><script>alert("x")</script><h1>Not\u202e found</h1></html>', 'Not found'],
    ['<script>never closed', 'no explanation'],
    ['\u0000\u0007bell', 'bell'],
  ])('%j becomes %j', (body, excerpt) => {
    expect(excerptOf(Buffer.from(body))).toBe(excerpt);
  });

  it('does not show what is no text', () => {
    expect(excerptOf(Buffer.from('3082ffee', 'hex'))).toBe('no readable explanation');
  });

  it('is short and has no control characters, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (body) => {
        const excerpt = excerptOf(Buffer.from(body));
        expect(excerpt.length).toBeLessThanOrEqual(200);
        expect(excerpt).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});
