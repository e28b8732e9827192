import { expect, test } from 'vitest';
import { newRoomName } from './room-name.ts';

test('a room name is four groups of five letters that nobody misreads', () => {
  expect(newRoomName()).toMatch(/^([0-9a-hjkmnp-tv-z]{5}-){3}[0-9a-hjkmnp-tv-z]{5}$/);
});

test('every letter of the alphabet occurs: five random bits per letter', () => {
  const letters = new Set(Array.from({ length: 200 }, newRoomName).join('').replaceAll('-', ''));
  expect(letters.size).toBe(32);
});

test('no two names are alike', () => {
  expect(new Set(Array.from({ length: 1000 }, newRoomName)).size).toBe(1000);
});
