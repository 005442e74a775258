import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificateTypes, expectMediaType, parseMediaType } from './media-type.ts';

describe('a media type', () => {
  it.each([
    ['application/pkcs7-mime', {}],
    ['application/pkcs7-mime; smime-type=certs-only', { 'smime-type': 'certs-only' }],
    ['Application/PKCS7-MIME;SMIME-Type="certs-only"', { 'smime-type': 'certs-only' }],
    [' application/pkcs7-mime ; name="a;b\\"c" ; x=1', { name: 'a;b"c', x: '1' }],
    ['application/pkcs7-mime;', {}],
    ['application/pkcs7-mime;; charset=utf-8', { charset: 'utf-8' }],
    ['application/pkcs7-mime; x=""', { x: '' }],
  ])('%s is read with its parameters', (header, parameters) => {
    const media = parseMediaType(header);
    expect(media?.type).toBe('application/pkcs7-mime');
    expect(Object.fromEntries(media?.parameters ?? [])).toEqual(parameters);
  });

  it.each(['', 'application', 'application/', '/x', 'a b/c', 'a/b c', 'a/b; x="', 'a/b; =1'])(
    '%j is not one',
    (header) => {
      expect(parseMediaType(header)).toBeNull();
    },
  );

  it('is read or refused, whatever comes, in time that grows with its length only', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000 }), (header) => {
        const media = parseMediaType(header);
        if (media) expect(media.type).toMatch(/^[^\s;]+\/[^\s;]+$/);
      }),
    );
    expect(parseMediaType(`a/b${' ;'.repeat(8000)}"`)).toBeNull();
  });

  it('survives being written and read', () => {
    const token = fc.stringMatching(/^[a-z0-9.+-]{1,20}$/);
    const value = fc.string({ unit: 'grapheme-ascii', maxLength: 30 });
    fc.assert(
      fc.property(token, token, token, value, (type, subtype, name, text) => {
        const quoted = `"${text.replace(/(["\\])/g, '\\$1')}"`;
        const media = parseMediaType(`${type}/${subtype}; ${name}=${quoted}`);
        expect(media?.type).toBe(`${type}/${subtype}`);
        expect(media?.parameters.get(name)).toBe(text);
      }),
    );
  });
});

describe('an answer’s media type', () => {
  it.each([
    'application/pkcs7-mime; smime-type=certs-only',
    'application/x-pkcs7-mime',
    'APPLICATION/PKCS7-MIME; smime-type',
  ])('%s is accepted', (header) => {
    expect(expectMediaType('cacerts', header, certificateTypes).warnings).toEqual([]);
  });

  it('may be missing, with a notice', () => {
    const { warnings } = expectMediaType('cacerts', undefined, certificateTypes);
    expect(warnings.map(({ code }) => code)).toEqual(['ANSWER-TOLERATED']);
  });

  it.each(['text/html; charset=utf-8', 'text/plain', 'application/pkcs7-mimes', 'nonsense'])(
    '%s is refused by name',
    (header) => {
      expect(() => expectMediaType('cacerts', header, certificateTypes)).toThrow(
        `The answer to cacerts is ${header}, not application/pkcs7-mime.`,
      );
    },
  );
});
