import { expect, test } from 'vitest';
import { type Dialect, type Message, read, write } from './wire.ts';

const sender = { from: 'a.1', to: 'b.1' };
const candidate = {
  candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host ufrag abcd',
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: 'abcd',
};
const messages: readonly Message[] = [
  { type: 'offer', sdp: 'v=0', number: 3 },
  { type: 'answer', sdp: 'v=0', number: 3, settled: 2 },
  { type: 'candidate', candidate },
  { type: 'hello', offer: null },
  { type: 'hello', offer: { type: 'offer', sdp: 'v=0', number: 1 } },
  { type: 'bye' },
  { type: 'closing' },
  {
    type: 'media',
    audio: true,
    video: false,
    screen: true,
    recording: false,
    cameraPaused: true,
    screenPaused: false,
  },
];

test.each(
  messages.flatMap((message) =>
    (['parley', 'veiled'] satisfies Dialect[]).map((dialect) => ({ message, dialect })),
  ),
)('our kind reads what our kind writes: $message.type, $dialect', ({ message, dialect }) => {
  const travelled: unknown = JSON.parse(JSON.stringify(write(message, sender, dialect)));
  expect(read(travelled)).toEqual({ message, sender });
});

test('a textbook client finds the codelab fields in what is written for it', () => {
  expect(write({ type: 'offer', sdp: 'v=0', number: 1 }, sender, 'textbook')).toMatchObject({
    type: 'offer',
    sdp: 'v=0',
  });
  expect(write({ type: 'candidate', candidate }, sender, 'textbook')).toMatchObject({
    type: 'candidate',
    label: 0,
    id: '0',
    candidate: candidate.candidate,
  });
  expect(write({ type: 'bye' }, sender, 'textbook')).toBe('bye');
});

test('a textbook client passes over a veiled message: its type is not one of its own', () => {
  expect(write({ type: 'offer', sdp: 'v=0', number: 1 }, sender, 'veiled')).toMatchObject({ type: 'parley' });
});

test.each([
  ['got user media', { type: 'ready' }],
  ['bye', { type: 'bye' }],
  [
    { type: 'offer', sdp: 'v=0' },
    { type: 'offer', sdp: 'v=0', number: null },
  ],
  [
    { type: 'answer', sdp: 'v=0' },
    { type: 'answer', sdp: 'v=0', number: null, settled: 0 },
  ],
  [
    { type: 'candidate', label: 1, id: 'video', candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host' },
    {
      type: 'candidate',
      candidate: {
        candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host',
        sdpMid: 'video',
        sdpMLineIndex: 1,
        usernameFragment: null,
      },
    },
  ],
  [
    { type: 'candidate', candidate },
    { type: 'candidate', candidate },
  ],
])('a textbook message is understood: %j', (data, message) => {
  expect(read(data)).toEqual({ message, sender: null });
});

test('the generation of a candidate is read from its own text where no field names it', () => {
  const { usernameFragment: _, ...rest } = candidate;
  expect(read({ type: 'candidate', ...rest })?.message).toEqual({ type: 'candidate', candidate });
});

test.each([
  [null],
  [undefined],
  [7],
  ['hello'],
  [[]],
  [{}],
  [{ type: 'offer' }],
  [{ type: 'offer', sdp: 7 }],
  [{ type: 'candidate', candidate: 7 }],
  [{ type: 'parley' }],
  [{ type: 'parley', message: null }],
  [{ type: 'parley', message: { type: 'bye' } }],
  [{ type: 'bye', v: 'x', from: 'a' }],
  [{ type: 'bye', v: 1, from: '' }],
  [{ type: 'bye', v: 1 }],
  [{ type: 'unheard of', v: 1, from: 'a' }],
])('what is no message is passed over: %j', (data) => {
  expect(read(data)).toBeNull();
});

test('what an older page does not say of its media is not so', () => {
  const data = { type: 'media', audio: true, video: true, screen: false, v: 1, from: 'a' };
  expect(read(data)?.message).toMatchObject({ video: true, recording: false, cameraPaused: false });
});

test('a number that is none counts as missing', () => {
  for (const number of [-1, 0.5, Number.NaN, '1', null, 2 ** 60])
    expect(read({ type: 'offer', sdp: '', number, v: 1, from: 'a' })?.message).toEqual({
      type: 'offer',
      sdp: '',
      number: null,
    });
});

test('a warm sender says so, and only then', () => {
  const bye = { type: 'bye' } as const;
  for (const sender of [
    { from: 'a', to: null },
    { from: 'a', to: 'b', warm: true },
  ] as const) {
    expect(read(write(bye, sender, 'veiled'))).toEqual({ message: bye, sender });
  }
  expect(read({ type: 'bye', v: 1, from: 'a', to: null, warm: 'yes' })?.sender).toEqual({
    from: 'a',
    to: null,
  });
});
