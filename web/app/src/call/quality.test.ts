import { expect, test } from 'vitest';
import { judge, type Quality, type Sample, unknownQuality } from './quality.ts';

const fine: Sample = {
  sent: 1,
  received: 1,
  loss: 0,
  lossSide: 'here',
  roundTripMs: 40,
  framesPerSecond: 15,
};
const lossy: Sample = { ...fine, loss: 0.15, lossSide: 'there' };
const far: Sample = { ...fine, roundTripMs: 400 };

const after = (samples: readonly Sample[], from: Quality = unknownQuality) => samples.reduce(judge, from);
const times = (n: number, sample: Sample) => Array.from({ length: n }, () => sample);

test('one bad look says nothing, two do', () => {
  expect(after([lossy]).level).toBe('good');
  expect(after([lossy, lossy])).toMatchObject({ level: 'poor', cause: 'lossThere' });
  expect(after([lossy, fine, lossy, fine, lossy]).level).toBe('good');
});

test('a long way is fair, not poor, and says why', () => {
  expect(after([far, far])).toMatchObject({ level: 'fair', cause: 'far' });
  expect(after(times(2, { ...fine, roundTripMs: 900 }))).toMatchObject({ level: 'poor', cause: 'far' });
});

test('loss says on whose side', () => {
  expect(after(times(2, { ...lossy, lossSide: 'here' })).cause).toBe('lossHere');
});

test('better takes longer to believe than worse', () => {
  const poor = after([lossy, lossy]);
  expect(after(times(3, fine), poor).level).toBe('poor');
  expect(after(times(4, fine), poor)).toMatchObject({ level: 'good', cause: 'none' });
});

test('an unknown round trip is no bad one', () => {
  expect(after(times(5, { ...fine, roundTripMs: null })).level).toBe('good');
});
