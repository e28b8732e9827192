import { expect, test } from 'vitest';
import { chinese, emojiName } from './emoji.ts';

test('each of the 64 pictures has a Chinese name of its own', () => {
  expect(chinese).toHaveLength(64);
  expect(new Set(chinese).size).toBe(64);
});

test('a picture is named in the language of the page', () => {
  const dog = { index: 0, symbol: '🐶', name: 'dog' };
  expect(emojiName(dog, 'en')).toBe('dog');
  expect(emojiName(dog, 'zh-Hans')).toBe('狗');
});
