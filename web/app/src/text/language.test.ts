import { expect, test } from 'vitest';
import { en } from './en.ts';
import { languageFor } from './language.ts';
import { zh } from './zh.ts';

test.each([
  [['zh-CN', 'en'], 'zh-Hans'],
  [['zh'], 'zh-Hans'],
  [['de-DE', 'zh-TW'], 'zh-Hans'],
  [['en-GB', 'zh-CN'], 'en'],
  [['de', 'fr'], 'en'],
  [[], 'en'],
])('of %o it is %s', (wished, language) => expect(languageFor(wished)).toBe(language));

/** Every text with its path; functions are called with sample values. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function')
    return texts((value as (...args: unknown[]) => unknown)(...samples(path)), path);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}/${key}`));
}

const samples = (path: string): unknown[] => {
  if (path.startsWith('/problem/media')) return ['camera'];
  if (/talked/.test(path)) return [0, 5];
  if (/unread|waitSeconds|reconnecting$/.test(path)) return [3];
  return ['Anna', 'Hi'];
};

// Names are the same in every language.
test('no text of the Chinese page was forgotten in English', () => {
  const english = new Map(texts(en));
  const same = texts(zh).filter(([path, words]) => english.get(path) === words);
  expect(same.map(([path]) => path)).toEqual(['/appName', '/title/start', '/chat/peer']);
});

test('no text is empty or has a hole', () => {
  for (const [path, words] of [...texts(en), ...texts(zh)]) {
    expect(words, path).not.toBe('');
    expect(words, path).not.toMatch(/undefined|null|NaN|\[object/);
  }
});
