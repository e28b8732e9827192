import { expect, test } from 'vitest';
import { constraintsOf } from './media-constraints.ts';
import { type MediaContext, problemOf } from './media-problem.ts';
import type { MediaProblemReason } from './media-types.ts';

const fine: MediaContext = { secure: true, supported: true, permission: null, allowedByFrame: null };

test.each<[string, string, Partial<MediaContext>, MediaProblemReason]>([
  ['TypeError', 'undefined', { secure: false, supported: false }, 'insecure-page'],
  ['NotSupportedError', '', { supported: false }, 'unsupported'],
  ['NotAllowedError', 'Permission dismissed', {}, 'dismissed'],
  ['NotAllowedError', 'Permission denied', { permission: 'prompt' }, 'dismissed'],
  ['NotAllowedError', 'Permission denied', { permission: 'denied' }, 'blocked'],
  ['NotAllowedError', 'The request is not allowed', {}, 'blocked'],
  ['NotAllowedError', 'Permission denied by system', {}, 'blocked-by-system'],
  ['NotAllowedError', 'Permission denied', { permission: 'granted' }, 'blocked-by-system'],
  [
    'NotAllowedError',
    'Permission denied',
    { permission: 'denied', allowedByFrame: false },
    'blocked-by-frame',
  ],
  ['NotFoundError', 'Requested device not found', {}, 'not-found'],
  ['OverconstrainedError', '', {}, 'not-found'],
  ['NotReadableError', 'Could not start video source', {}, 'in-use'],
  ['AbortError', 'Starting videoinput failed', {}, 'in-use'],
  ['WeirdError', 'who knows', {}, 'unknown'],
])('%s "%s" with %j is "%s"', (name, message, context, reason) => {
  const error = Object.assign(new Error(message), { name });
  expect(problemOf(error, { ...fine, ...context }).reason).toBe(reason);
});

test('what is no error at all is told in its own words', () => {
  expect(problemOf('odd', fine)).toEqual({ reason: 'unknown', detail: 'odd' });
});

test('the picture is 640 by 480 at 15 frames unless asked otherwise, and never a reason to refuse a camera', () => {
  expect(constraintsOf('camera', {}, {})).toEqual({
    width: { ideal: 640 },
    height: { ideal: 480 },
    frameRate: { ideal: 15 },
  });
  expect(constraintsOf('camera', { width: 1280, height: 720, frameRate: 30 }, {})).toEqual({
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30 },
  });
});

test('the microphone is cleaned of echo and noise', () => {
  expect(constraintsOf('microphone', {}, { deviceId: { ideal: 'm' } })).toEqual({
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    deviceId: { ideal: 'm' },
  });
});
