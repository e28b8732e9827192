import { expect, test } from 'vitest';
import { cornerByKey, frameRatio, nearestCorner } from './frame.ts';

test('a frame fills the area where that crops no more than it may', () => {
  expect(frameRatio(4 / 3, 16 / 9, 0.28)).toBeCloseTo(16 / 9);
  expect(frameRatio(4 / 3, 1, 0.28)).toBeCloseTo(1);
});

test('it stops where it would crop more', () => {
  const frame = frameRatio(4 / 3, 0.5, 0.25);
  expect(frame).toBeCloseTo(1);
  // Cropped in width: what is seen of a picture of width 4/3 in a frame of width 1.
  expect(1 - frame / (4 / 3)).toBeCloseTo(0.25);
  expect(frameRatio(0.75, 2, 0.25)).toBeCloseTo(1);
});

test('a frame that must not crop has the shape of the picture', () => {
  expect(frameRatio(16 / 9, 0.5, 0)).toBeCloseTo(16 / 9);
  expect(frameRatio(0.5, 2, 0)).toBeCloseTo(0.5);
});

test.each([
  [0.1, 0.2, 'top-left'],
  [0.9, 0.2, 'top-right'],
  [0.1, 0.9, 'bottom-left'],
  [0.51, 0.51, 'bottom-right'],
])('dropped at %f, %f it goes to the %s', (x, y, corner) => expect(nearestCorner(x, y)).toBe(corner));

test('arrow keys move along the edges', () => {
  expect(cornerByKey('bottom-right', 'ArrowUp')).toBe('top-right');
  expect(cornerByKey('top-right', 'ArrowLeft')).toBe('top-left');
  expect(cornerByKey('top-left', 'ArrowLeft')).toBe('top-left');
  expect(cornerByKey('top-left', 'Enter')).toBe('top-left');
});
