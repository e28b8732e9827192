import type { LocalDevice, MediaProblemReason } from '@parley/client';
import { expect, test } from 'vitest';
import { troubles } from './trouble.ts';

const device = (reason: MediaProblemReason | null, enabled = true): LocalDevice => ({
  enabled,
  live: reason === null,
  problem: reason && { reason, detail: '' },
  deviceId: null,
});

test('nothing wrong, nothing said', () => {
  expect(troubles({ camera: device(null), microphone: device(null) })).toEqual([]);
});

test('the same trouble with both is said once', () => {
  expect(troubles({ camera: device('blocked'), microphone: device('blocked') })).toEqual([
    { what: 'both', reason: 'blocked' },
  ]);
});

test('different troubles are said one by one', () => {
  expect(troubles({ camera: device('in-use'), microphone: device('not-found') })).toEqual([
    { what: 'camera', reason: 'in-use' },
    { what: 'microphone', reason: 'not-found' },
  ]);
});

test('a device that is switched off is no trouble', () => {
  expect(troubles({ camera: device('in-use', false), microphone: device(null) })).toEqual([]);
});
