import { expect, test } from 'vitest';
import { loudness } from './level.ts';

const tone = (amplitude: number) =>
  Float32Array.from({ length: 1024 }, (_, i) => amplitude * Math.sin(i / 5));

test('silence is zero', () => expect(loudness(tone(0))).toBe(0));
test('full scale is one', () => expect(loudness(tone(1))).toBe(1));
test('the level follows decibels', () => {
  // A sine at a tenth of full scale is -23 dB: (60 - 23) / 50.
  expect(loudness(tone(0.1))).toBeCloseTo(0.74, 1);
  expect(loudness(tone(0.01))).toBeCloseTo(0.34, 1);
});
