import { describe, expect, it } from 'vitest';
import { de } from './de/de.ts';
import { en } from './en/en.ts';

/** Every text with its path. */
function texts(node: unknown, path: string[] = []): [path: string, text: string][] {
  if (typeof node === 'string') return [[path.join('.'), node]];
  return Object.entries(Object(node)).flatMap(([key, value]) => texts(value, [...path, key]));
}

function placeholders(text: string): string[] {
  return (text.match(/\{\{\w+\}\}|<\/?\w+>/g) ?? []).toSorted();
}

describe('the window’s texts', () => {
  const english = texts(en);
  const german = new Map(texts(de));

  it('are there in both languages', () => {
    expect([...german.keys()].toSorted()).toEqual(english.map(([path]) => path).toSorted());
  });

  it('keep their placeholders', () => {
    const changed = english.filter(
      ([path, text]) => placeholders(german.get(path) ?? '').join() !== placeholders(text).join(),
    );
    expect(changed).toEqual([]);
  });

  it('are translated, not copied, where they are sentences', () => {
    const copied = english.filter(
      ([path, text]) => text.split(' ').length > 2 && german.get(path) === text,
    );
    expect(copied).toEqual([]);
  });
});
