import { describe, expect, test } from 'vitest';
import { notice, noticeIn, noticeTexts } from './notices.ts';

const placeholders = (text: string) =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe('notices', () => {
  test.each(Object.entries(noticeTexts))(
    '%s says the same in both languages',
    (_code, { en, de }) => {
      expect(placeholders(de)).toEqual(placeholders(en));
      expect(de).not.toBe(en);
    },
  );

  test('fill their parameters and keep quoted text on one bounded line', () => {
    const made = notice('CA-NOT-CA', { subject: `CN=a\u0000\n\u202E${'b'.repeat(2000)}` });
    expect(made.text.length).toBeLessThan(1000);
    expect(made.text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(noticeIn(made, 'de')).toContain('CN=a');
  });
});
