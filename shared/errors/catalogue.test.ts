import { describe, expect, it } from 'vitest';
import { catalogue, type ErrorCode, isErrorCode } from './catalogue.ts';
import { type ErrorEntry, type ErrorText, exitCodes } from './entry.ts';

const entries: readonly (readonly [ErrorCode, ErrorEntry])[] = Object.entries(catalogue).filter(
  (entry): entry is [ErrorCode, ErrorEntry] => isErrorCode(entry[0]),
);

/** Parameters told only in `why` or `waysOut`, because `what` reads better without them. */
const toldLater: Readonly<Partial<Record<ErrorCode, readonly string[]>>> = {
  'INTERNAL-01': ['detail'],
  'USAGE-01': ['detail'],
  'CANCEL-01': ['step'],
  'SECRET-01': ['variable'],
  'IPC-01': ['detail'],
  'POP-06': ['detail'],
  'TOKEN-13': ['octets'],
  'TOKEN-17': ['profile'],
  'OBJECT-05': ['profile'],
};

const placeholders = (...texts: readonly string[]) =>
  [...new Set(texts.join(' ').match(/\{\w+\}/g) ?? [])].map((name) => name.slice(1, -1)).toSorted();

const sentences = ({ what, why, waysOut }: ErrorText) => [what, why, ...waysOut];

describe('the error catalogue', () => {
  it('holds every code once', () => {
    expect(entries.length).toBe(Object.keys(catalogue).length);
    expect(isErrorCode('toString')).toBe(false);
    expect(isErrorCode('PIN-99')).toBe(false);
  });

  it.each(entries)('%s is written out in both languages', (code, entry) => {
    expect(code).toMatch(/^[A-Z]+-\d\d$/);
    expect(Object.keys(exitCodes)).toContain(entry.exit);
    for (const text of [entry.en, entry.de]) {
      expect(text.waysOut.length).toBeGreaterThan(0);
      expect(text.waysOut.length).toBeLessThanOrEqual(4);
      for (const sentence of sentences(text)) {
        expect(sentence).not.toMatch(/PLACEHOLDER|TODO|!|\s\s|^\s|\s$/);
        expect(sentence).toMatch(/[.}]$/);
      }
    }
    expect(entry.de.waysOut).toHaveLength(entry.en.waysOut.length);
  });

  it.each(entries)('%s says something else in German', (_, { en, de }) => {
    const shared = sentences(en).filter((sentence) => sentences(de).includes(sentence));
    expect(shared.filter((sentence) => !/^\{\w+\}$/.test(sentence))).toEqual([]);
  });

  it.each(entries)('%s leaves no parameter unfilled', (code, { en, de }) => {
    const known = [...placeholders(en.what), ...(toldLater[code] ?? [])];
    expect(placeholders(en.why, ...en.waysOut).filter((name) => !known.includes(name))).toEqual([]);
    expect(placeholders(...sentences(de))).toEqual(placeholders(...sentences(en)));
    expect(placeholders(de.what)).toEqual(placeholders(en.what));
  });

  it.each(entries)('%s blames nobody and names its standard precisely', (_, { en, clause }) => {
    expect(sentences(en).join(' ')).not.toMatch(
      /\b(sorry|please|oops|invalid input|unfortunately)\b/i,
    );
    if (clause !== undefined) expect(clause).toMatch(/^(RFC \d+|PKCS#11 v[\d.]+) §/);
    expect((clause ?? '').length).toBeLessThanOrEqual(64);
  });

  it('never promises a number of PIN tries', () => {
    const texts = entries
      .filter(([code]) => code.startsWith('PIN-') && code !== 'PIN-03')
      .flatMap(([, { en, de }]) => [...sentences(en), ...sentences(de)]);
    expect(texts.filter((text) => /\b\d+ (tries|attempts|Versuche)\b/.test(text))).toEqual([]);
    expect(catalogue['PIN-01'].en.why).toContain('will not send this PIN again');
  });
});
