import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import { endOf, observe } from '../../test/conformance/observe.ts';
import { parseMultipart } from './multipart.ts';

const read = (contentType: string, body: string | Buffer) =>
  parseMultipart('serverkeygen', contentType, Buffer.from(body)).map((part) => ({
    headers: Object.fromEntries(part.headers),
    body: part.body.toString('latin1'),
  }));

const key = { headers: { 'content-type': 'application/pkcs8' }, body: 'S0VZ' };
const certificate = {
  headers: { 'content-type': 'application/pkcs7-mime', 'content-transfer-encoding': 'base64' },
  body: 'Q0VSVA==',
};
const crlf =
  '--b\r\nContent-Type: application/pkcs8\r\n\r\nS0VZ\r\n' +
  '--b\r\nContent-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\nQ0VSVA==\r\n--b--\r\n';

describe('a multipart body', () => {
  test.each([
    ['CRLF', 'multipart/mixed; boundary=b', crlf],
    ['a quoted boundary', 'Multipart/Mixed; boundary="b"', crlf],
    ['LF alone', 'multipart/mixed; boundary=b', crlf.replaceAll('\r\n', '\n')],
    ['a preamble', 'multipart/mixed; boundary=b', `This is MIME.\r\n\r\n${crlf}`],
    ['an epilogue', 'multipart/mixed; boundary=b', `${crlf}and more\r\n--b\r\nnonsense`],
    ['no last line break', 'multipart/mixed; boundary=b', crlf.trimEnd()],
    [
      'blanks behind a boundary',
      'multipart/mixed; boundary=b',
      crlf.replace('--b\r\n', '--b \t\r\n'),
    ],
    ['other parameters', 'multipart/mixed; charset=x; BOUNDARY="b"; a=b', crlf],
    [
      'folded headers',
      'multipart/mixed; boundary=b',
      crlf.replace('pkcs8', 'pkcs8').replace('Type: ', 'Type:\r\n '),
    ],
  ])('is read with %s', (form, contentType, body) => {
    expect(read(contentType, body)).toEqual([key, certificate]);
    observe('multipart', form, 'accept');
  });

  test('is read with a bare boundary that should have been quoted', () => {
    const body = crlf.replaceAll('--b', '--=_a:b/c');
    expect(read('multipart/mixed; boundary==_a:b/c', body)).toEqual([key, certificate]);
    observe('multipart', 'a bare boundary that should have been quoted', 'accept');
  });

  test('keeps what only resembles its boundary', () => {
    const [part] = read('multipart/mixed; boundary=b', '--b\r\n\r\n--bb\r\nx--b\r\n--b--');
    expect(part?.body).toBe('--bb\r\nx--b');
  });

  test.each([
    ['another type', 'application/pkcs8', crlf, 'SERVER-11'],
    ['no type', '', crlf, 'SERVER-11'],
    ['no boundary', 'multipart/mixed', crlf, 'SERVER-09'],
    ['an endless boundary', `multipart/mixed; boundary=${'b'.repeat(71)}`, crlf, 'SERVER-09'],
    ['a boundary that never comes', 'multipart/mixed; boundary=c', crlf, 'SERVER-09'],
    ['no end', 'multipart/mixed; boundary=b', crlf.replace('--b--', ''), 'SERVER-09'],
    ['no part', 'multipart/mixed; boundary=b', '--b--\r\n', 'SERVER-09'],
    ['headers that do not end', 'multipart/mixed; boundary=b', '--b\r\nA: b\r\n--b--', 'SERVER-09'],
    [
      'a header without a name',
      'multipart/mixed; boundary=b',
      '--b\r\n: b\r\n\r\n\r\n--b--',
      'SERVER-09',
    ],
    [
      'too many parts',
      'multipart/mixed; boundary=b',
      `${'--b\r\n\r\nx\r\n'.repeat(9)}--b--`,
      'SERVER-09',
    ],
  ])('is refused with %s', async (form, contentType, body, code) => {
    expect(() => read(contentType, body)).toThrow(expect.objectContaining({ code }));
    observe('multipart', form, await endOf((async () => read(contentType, body))()));
  });

  test('gives back what was put in, whatever the octets, boundary and line breaks', () => {
    const boundary = fc.stringMatching(/^[0-9A-Za-z'()+_,./:=?-]{1,70}$/);
    const bodies = fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(boundary, bodies, fc.constantFrom('\r\n', '\n'), (mark, octets, newline) => {
        const contained = octets.map((part) => Buffer.from(part).toString('hex'));
        const text = contained.map((part) => `--${mark}${newline}${newline}${part}${newline}`);
        const parts = read(`multipart/mixed; boundary="${mark}"`, `${text.join('')}--${mark}--`);
        expect(parts.map(({ body }) => body)).toEqual(contained);
      }),
    );
  });

  test('is read or refused, never anything else', () => {
    const piece = fc.constantFrom('--b', '--b--', '\r\n', '\n', '\r', 'a: b', ':', ' ', 'x', '\0');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        try {
          expect(read('multipart/mixed; boundary=b', pieces.join('')).length).toBeLessThan(9);
        } catch (error) {
          expect(error).toBeInstanceOf(StationError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
