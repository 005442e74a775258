import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkProfile } from '../../shared/profile-check.ts';

const page = await readFile(join(import.meta.dirname, '../../docs/servers.md'), 'utf8');
const sections = page
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ server: text.split('\n', 1)[0] ?? '', text }));

test('the page tells of servers', () => {
  expect(sections.length).toBeGreaterThan(5);
});

describe.each(sections)('$server', ({ text }) => {
  test('says how its facts were gained', () => {
    expect(text).toMatch(/^\*\*(Run|From documentation, not run)\.\*\*/m);
  });

  test('has a profile that the station accepts', () => {
    const examples = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => json ?? '');
    expect(examples).toHaveLength(1);
    for (const json of examples)
      expect(checkProfile(JSON.parse(json))).toMatchObject({ valid: true });
  });
});
