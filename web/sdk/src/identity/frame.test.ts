import { expect, test } from 'vitest';
import { isSafetyMessage } from '../safety.ts';
import { type Frame, readFrame, writeFrame } from './frame.ts';

const hex = 'ab'.repeat(32);

test.each<Frame>([
  { step: 'commit', commitment: hex, kept: null, next: null },
  { step: 'commit', commitment: hex, kept: 'cd'.repeat(16), next: hex },
  { step: 'reveal', nonce: hex },
])('what is written is read again: %o', (frame) => {
  const data: unknown = JSON.parse(JSON.stringify(writeFrame(frame)));
  expect(isSafetyMessage(data) && readFrame(data)).toEqual(frame);
});

test.each([
  {},
  { step: 'commit' },
  { step: 'commit', commitment: 7 },
  { step: 'commit', commitment: hex.slice(2) },
  { step: 'commit', commitment: hex.toUpperCase() },
  { step: 'commit', commitment: `${hex}00` },
  { step: 'commit', commitment: hex, kept: hex },
  { step: 'commit', commitment: hex, next: 'x' },
  { step: 'reveal' },
  { step: 'reveal', nonce: [hex] },
  { step: 'reveal', nonce: `${hex.slice(1)}\n` },
  { step: 'else', nonce: hex },
])('what is malformed is no frame: %o', (data) => expect(readFrame({ type: 'safety', ...data })).toBeNull());

test.each([null, 7, 'safety', [], { type: 'media' }])('%o is no message of the safety code', (data) =>
  expect(isSafetyMessage(data)).toBe(false),
);
