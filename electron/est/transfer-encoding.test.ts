import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StationError } from '../../shared/errors/station-error.ts';
import { decodeBody, encodeBody } from './transfer-encoding.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 400 });

function refusal(body: string | Buffer, encoding: string | null = 'base64'): string {
  try {
    decodeBody('cacerts', Buffer.from(body), encoding);
  } catch (error) {
    if (error instanceof StationError) return `${error.code}: ${String(error.params.detail)}`;
    throw error;
  }
  return 'accepted';
}

describe('request bodies', () => {
  it('have lines of 64 columns, each ended by a newline', () => {
    fc.assert(
      fc.property(bytes, (der) => {
        const text = encodeBody(der).toString('latin1');
        expect(text.endsWith('\n')).toBe(true);
        const lines = text.slice(0, -1).split('\n');
        for (const line of lines.slice(0, -1)) expect(line).toHaveLength(64);
        expect(lines.at(-1)?.length).toBeLessThanOrEqual(64);
        expect(Buffer.from(text, 'base64').equals(der)).toBe(true);
      }),
    );
  });
});

describe('answers in base64', () => {
  it('are read with any white space or none', () => {
    const space = fc.constantFrom('', ' ', '\t', '\n', '\r\n', '\r', '\n\n', '  \r\n');
    fc.assert(
      fc.property(bytes, fc.infiniteStream(space), (der, spaces) => {
        let text = '';
        for (const character of Buffer.from(der).toString('base64')) {
          text += character + String(spaces.next().value);
        }
        const decoded = decodeBody('cacerts', Buffer.from(`\n${text}\n`), null);
        expect(decoded.der.equals(der)).toBe(true);
        expect(decoded.warnings).toEqual([]);
      }),
    );
  });

  it.each(['base64', 'BASE64', '7bit', 'quoted-printable', 'nonsense', null])(
    'do not depend on Content-Transfer-Encoding %s',
    (encoding) => {
      const der = Buffer.from('30030101ff', 'hex');
      expect(decodeBody('cacerts', encodeBody(der), encoding).der).toEqual(der);
    },
  );

  it('are tolerated in PEM armour, with a notice', () => {
    const text = '-----BEGIN PKCS7-----\nMAMBAf8=\n-----END PKCS7-----\n';
    const { der, warnings } = decodeBody('cacerts', Buffer.from(text), 'base64');
    expect(der.toString('hex')).toBe('30030101ff');
    expect(warnings.map(({ code }) => code)).toEqual(['ANSWER-TOLERATED']);
  });

  it.each([
    ['an empty body', '', 'it is empty'],
    ['white space alone', ' \r\n\t', 'it is empty'],
    ['no padding', 'MAMBAf8', 'its base64 is incomplete or has no padding'],
    ['too little padding', 'MAMBAQ=', 'its base64 is incomplete or has no padding'],
    ['padding in the middle', 'MAMB=Af8=', 'it is not base64'],
    ['padding alone', '====', 'it is not base64'],
    ['the URL alphabet', 'MAMB_f8=', 'it is not base64'],
    ['another character', 'MAMB*f8=', 'it is not base64'],
    ['HTML', '<html></html>', 'it is not base64'],
    ['DER that does not say so', Buffer.from('3003020105', 'hex'), 'it is not base64'],
    [
      'an unfinished PEM block',
      '-----BEGIN PKCS7-----\nMAMBAf8=\n',
      'its PEM armour is not one complete block',
    ],
    [
      'two PEM blocks',
      '-----BEGIN X-----\nMAMBAf8=\n-----END X-----\n-----BEGIN X-----\nMAMBAf8=\n-----END X-----',
      'its PEM armour is not one complete block',
    ],
  ])('are refused with %s', (_name, body, detail) => {
    expect(refusal(body)).toBe(`SERVER-09: ${detail}`);
  });

  it('never fail in another way, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.string().map((text) => Buffer.from(text)),
        ),
        fc.option(fc.string()),
        (body, encoding) => {
          expect(refusal(Buffer.from(body), encoding)).toMatch(/^(accepted|SERVER-09: it)/);
        },
      ),
    );
  });
});

describe('answers in DER', () => {
  it('are taken as they are when the header says binary', () => {
    fc.assert(
      fc.property(bytes, (der) => {
        const decoded = decodeBody('cacerts', Buffer.from(der), ' Binary ');
        expect(decoded.der.equals(der)).toBe(true);
      }),
    );
  });
});
