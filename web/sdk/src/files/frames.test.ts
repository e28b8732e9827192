import { expect, test } from 'vitest';
import { seeded } from '../testing/random.ts';
import { chunkFrame, type Frame, maxFrameBytes, readFrame, setIndex, writeFrame } from './frames.ts';

const id = '00112233445566778899aabbccddeeff';
const chain = Uint8Array.from({ length: 32 }, (_, index) => index);
const file = { name: 'Bär 🎈.pdf', type: 'application/pdf', size: 5_000_000_000, chunkBytes: 61_440 };
const frames: readonly Exclude<Frame, { type: 'chunk' }>[] = [
  { type: 'hello', ids: [id, 'ff'.repeat(16)] },
  { type: 'hello', ids: [] },
  { type: 'offer', id, file },
  { type: 'offer', id, file: { ...file, name: '', type: '', size: 0 } },
  { type: 'accept', id, next: 7, limit: 2 ** 32 - 1, chain },
  { type: 'progress', id, next: 7, limit: 143 },
  { type: 'complete', id, chain },
  { type: 'hold', id, held: true },
  { type: 'hold', id, held: false },
  { type: 'end', id, reason: 'unknown' },
];

test.each(frames)('$type is read as it was written', (frame) => {
  expect(readFrame(writeFrame(frame))).toEqual(frame);
});

test('a chunk is read where it lies', () => {
  const bytes = chunkFrame(id, 100);
  setIndex(bytes, 9);
  expect(readFrame(bytes)).toEqual({ type: 'chunk', id, index: 9, bytes });
});

test('every frame cut short is no frame, and so is one that is too long', () => {
  for (const frame of frames) {
    const bytes = writeFrame(frame);
    for (let length = 0; length < bytes.length; length++)
      expect(readFrame(bytes.slice(0, length)), `${frame.type} of ${length} bytes`).toBeNull();
  }
  expect(readFrame(new Uint8Array(maxFrameBytes + 1).fill(3))).toBeNull();
});

test.each([
  ['larger than any file', { size: 2 ** 60 }],
  ['in too many chunks', { size: Number.MAX_SAFE_INTEGER, chunkBytes: 1024 }],
  ['in chunks too small', { chunkBytes: 1023 }],
  ['in chunks too large for a frame', { chunkBytes: maxFrameBytes }],
])('an offer of a file %s is no offer', (_, change) => {
  expect(readFrame(writeFrame({ type: 'offer', id, file: { ...file, ...change } }))).toBeNull();
});

test('whatever the bytes are, reading never throws, and what it reads can be written again', () => {
  const random = seeded(7);
  for (let round = 0; round < 10_000; round++) {
    const base = frames[random.below(frames.length)];
    const bytes =
      base && random.chance(0.7)
        ? writeFrame(base)
        : Uint8Array.from({ length: random.below(120) }, () => random.below(256));
    for (let flips = random.below(6); flips > 0 && bytes.length > 0; flips--)
      bytes[random.below(bytes.length)] = random.below(256);
    const cut = random.chance(0.3) ? bytes.slice(0, random.below(bytes.length + 1)) : bytes;
    const frame = readFrame(cut);
    if (frame && frame.type !== 'chunk') {
      const again = readFrame(writeFrame(frame));
      // A name that was no UTF-8 grows: U+FFFD has three bytes. Too long is then no frame.
      if (frame.type !== 'offer' || again) expect(again).toEqual(frame);
    }
  }
});
