import { expect, test } from 'vitest';
import { ApplicationData, maxDataBytes } from './application-data.ts';
import { type Chat, chat, keptChat, maxChatLength, newChat, storedChat } from './chat.ts';
import { heartbeat, newHeartbeat } from './heartbeat.ts';
import { readFrame } from './identity/frame.ts';
import { seeded } from './testing/random.ts';
import { read } from './wire.ts';

// What a peer that means no good may put on the channels, each parser for itself. The files channel: files/frames.test.ts and
// files/transfers.test.ts.

const rounds = 20_000;

test('control: whatever comes, reading does not throw, and what it reads is of a known shape', () => {
  const junk = generator(1);
  for (let round = 0; round < rounds; round++) {
    const data = junk();
    const received = read(data);
    if (received) expect(typeof received.message.type).toBe('string');
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) readFrame(data as never);
  }
});

test('chat: whatever comes, the words of the other side arrive once, and what is kept of it is bounded', () => {
  const junk = generator(2);
  let state: Chat = newChat('me');
  for (let round = 0; round < rounds; round++) {
    const value = junk();
    const [after, answers] = chat(state, { type: 'received', data: JSON.stringify(value) ?? 'undefined' }, 0);
    state = after;
    for (const answer of answers) expect(JSON.parse(answer)).toMatchObject({ type: 'got' });
  }
  expect(state.messages.length).toBeLessThanOrEqual(2_000);
  expect(Object.keys(state.received).length).toBeLessThanOrEqual(50);
  for (const { text } of state.messages) expect(text.length).toBeLessThanOrEqual(maxChatLength);

  const good = JSON.stringify({ type: 'text', origin: 'a friend', number: 1, text: 'hello' });
  [state] = chat(state, { type: 'received', data: good }, 0);
  [state] = chat(state, { type: 'received', data: good }, 0);
  expect(state.messages.filter(({ text }) => text === 'hello').length).toBe(1);
  expect(keptChat(storedChat(state))?.messages.at(-1)?.text).toBe('hello');
});

test.each(['__proto__', 'constructor', 'toString', ''])(
  'chat: a sender who calls itself "%s" is one as any other',
  (origin) => {
    let state: Chat = newChat('me');
    for (const number of [1, 1, 2]) {
      const data = `{"type":"text","origin":${JSON.stringify(origin)},"number":${number},"text":"${number}"}`;
      [state] = chat(state, { type: 'received', data }, 0);
    }
    expect(state.messages.map(({ text }) => text)).toEqual(['1', '2']);
  },
);

test('heartbeat: a flood of beats of any kind sends nothing and ends nothing', () => {
  const random = seeded(3);
  let state = newHeartbeat(0);
  let sent = 0;
  for (let round = 0; round < rounds; round++) {
    const [after, effects] = heartbeat(state, { type: 'beat', data: random.below(256) }, 1);
    state = after;
    sent += effects.filter(({ type }) => type === 'send').length;
  }
  expect(sent).toBe(0);
  const [alive] = heartbeat(state, { type: 'beat', data: 1 }, 2);
  expect(alive.verdict).toBe('alive');
});

test('application: what is no data of ours is counted and not heard', () => {
  const junk = generator(4);
  let heard = 0;
  const data = new ApplicationData(() => heard++);
  const channel = { readyState: 'open', onmessage: null as ((event: { data: unknown }) => void) | null };
  data.connect(channel as unknown as RTCDataChannel);
  let sound = 0;
  for (let round = 0; round < rounds; round++) {
    const value = round % 1_000 ? junk() : 'x'.repeat(maxDataBytes + 1);
    if (typeof value === 'string' && value.length <= maxDataBytes) sound++;
    channel.onmessage?.({ data: value });
  }
  expect(heard).toBe(sound);
  expect(data.dropped).toBe(rounds - sound);
});

/** Values as JSON has them, with the names and kinds that our messages have, and others. */
function generator(seed: number): () => unknown {
  const random = seeded(seed);
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  const names = [
    'type',
    'v',
    'from',
    'to',
    'sdp',
    'number',
    'settled',
    'candidate',
    'sdpMid',
    'offer',
    'message',
    'origin',
    'text',
    'step',
    'nonce',
    'commitment',
    'kept',
    '__proto__',
    'constructor',
  ];
  const words = [
    'text',
    'got',
    'typing',
    'offer',
    'answer',
    'candidate',
    'hello',
    'restart',
    'bye',
    'closing',
    'media',
    'parley',
    'safety',
    'commit',
    'reveal',
    '<b>',
    'x'.repeat(64),
    'y'.repeat(maxChatLength + 1),
  ];
  const value = (depth: number): unknown => {
    switch (random.below(depth > 3 ? 5 : 8)) {
      case 0:
        return null;
      case 1:
        return random.chance(0.5);
      case 2:
        return pick([0, -1, 1, 1.5, 2 ** 53, -(2 ** 60), 1e300, random.below(9)]);
      case 3:
      case 4:
        return pick(words);
      case 5:
        return Array.from({ length: random.below(4) }, () => value(depth + 1));
      default: {
        const fields: Record<string, unknown> = {};
        for (let count = random.below(9); count > 0; count--)
          Object.defineProperty(fields, pick(names), {
            value: value(depth + 1),
            enumerable: true,
            configurable: true,
            writable: true,
          });
        if (random.chance(0.5)) fields.type = pick(words);
        return fields;
      }
    }
  };
  return () => value(0);
}
