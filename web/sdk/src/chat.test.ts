import { expect, test } from 'vitest';
import { type Chat, type ChatEvent, chat, keptChat, newChat, storedChat } from './chat.ts';
import { seeded } from './testing/random.ts';

test('a message is written once, arrives once and is confirmed', () => {
  const [a, b] = [new Side('a'), new Side('b')];
  const [sent] = a.on({ type: 'write', text: 'hello' });

  const [receipt] = b.on({ type: 'received', data: sent ?? '' });
  a.on({ type: 'received', data: receipt ?? '' });

  expect(a.state.messages).toEqual([{ id: 'a.1', from: 'me', text: 'hello', at: 5, delivered: true }]);
  expect(b.state.messages).toEqual([{ id: 'a.1', from: 'peer', text: 'hello', at: 5, delivered: true }]);
  expect(a.state.outbox).toEqual([]);
});

test('what was written without a connection goes out in order when a channel opens', () => {
  const a = new Side('a');
  const written = ['one', 'two', 'three'].flatMap((text) => a.on({ type: 'write', text }));
  expect(a.on({ type: 'opened' })).toEqual(written);
});

test('a message that comes twice is shown once and confirmed twice', () => {
  const [a, b] = [new Side('a'), new Side('b')];
  const [sent] = a.on({ type: 'write', text: 'hello' });
  const first = b.on({ type: 'received', data: sent ?? '' });
  expect(b.on({ type: 'received', data: sent ?? '' })).toEqual(first);
  expect(b.state.messages).toHaveLength(1);
});

test('every message arrives once and in order over a hundred broken channels', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = seeded(seed);
    const [a, b] = [new Side('a'), new Side('b')];
    const written: string[] = [];
    for (let connection = 0; connection < 100; connection++) {
      // A channel delivers in order and breaks at any point, in both directions alike.
      const wire = { toB: a.on({ type: 'opened' }), toA: b.on({ type: 'opened' }) };
      for (let i = random.below(4); i > 0; i--) {
        written.push(`${connection}/${i}`);
        wire.toB.push(...a.on({ type: 'write', text: `${connection}/${i}` }));
      }
      const keep = connection === 99 ? 1 : random.next();
      for (const data of wire.toB.slice(0, Math.ceil(wire.toB.length * keep)))
        wire.toA.push(...b.on({ type: 'received', data }));
      const returned = connection === 99 ? 1 : random.next();
      for (const data of wire.toA.slice(0, Math.ceil(wire.toA.length * returned)))
        a.on({ type: 'received', data });
    }
    expect(
      b.state.messages.map(({ text }) => text),
      `seed ${seed}`,
    ).toEqual(written);
    expect(a.state.outbox, `seed ${seed}`).toEqual([]);
    expect(a.state.messages.every(({ delivered }) => delivered)).toBe(true);
  }
});

test('every message arrives once and in order though both pages reload again and again', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = seeded(seed);
    const sides = [new Side('a0'), new Side('b0')] as const;
    const written: string[] = [];
    for (let round = 0; round <= 60; round++) {
      const last = round === 60;
      const [a, b] = sides;
      const toB = a.on({ type: 'opened' });
      for (let i = last ? 0 : random.below(3); i > 0; i--) {
        written.push(`${round}/${i}`);
        toB.push(...a.on({ type: 'write', text: `${round}/${i}` }));
      }
      const toA = toB
        .slice(0, last ? toB.length : random.below(toB.length + 1))
        .flatMap((data) => b.on({ type: 'received', data }));
      for (const data of toA.slice(0, last ? toA.length : random.below(toA.length + 1)))
        a.on({ type: 'received', data });
      for (const [index, side] of sides.entries())
        if (random.chance(0.3)) side.reload(`${'ab'[index]}${round + 1}`);
    }
    const [a, b] = sides;
    expect(
      b.state.messages.map(({ text }) => text),
      `seed ${seed}`,
    ).toEqual(written);
    expect(a.state.messages.map(({ text }) => text)).toEqual(written);
    expect(a.state.messages.every(({ delivered }) => delivered)).toBe(true);
  }
});

test('of a long history the end is kept, and whatever is unsent', () => {
  const a = new Side('a');
  for (let i = 0; i < 300; i++) a.on({ type: 'write', text: `${i}` });
  const kept = keptChat(storedChat(a.state));
  expect(kept?.messages.map(({ text }) => text)).toEqual(Array.from({ length: 200 }, (_, i) => `${i + 100}`));
  expect(kept?.outbox).toHaveLength(300);
});

test.each([null, '', 'no json', '7', '{}', '{"messages":[]}'])('%j is no kept chat', (stored) => {
  expect(keptChat(stored)).toBeNull();
});

test('a flood of origins and messages is not kept without end', () => {
  const b = new Side('b');
  for (let i = 0; i < 2_100; i++)
    b.on({ type: 'received', data: JSON.stringify({ type: 'text', origin: `o${i}`, number: 1, text: 'x' }) });
  expect(b.state.messages).toHaveLength(2_000);
  expect(Object.keys(b.state.received)).toHaveLength(50);
});

test('a reloaded page starts its numbers anew and is still heard', () => {
  const b = new Side('b');
  for (const origin of ['a', 'a-reloaded']) {
    const [sent] = new Side(origin).on({ type: 'write', text: origin });
    b.on({ type: 'received', data: sent ?? '' });
  }
  expect(b.state.messages.map(({ text }) => text)).toEqual(['a', 'a-reloaded']);
});

test('a receipt for somebody else confirms nothing', () => {
  const a = new Side('a');
  a.on({ type: 'write', text: 'hello' });
  a.on({ type: 'received', data: JSON.stringify({ type: 'got', origin: 'b', number: 1 }) });
  expect(a.state.outbox).toHaveLength(1);
});

test.each([
  'no json',
  'null',
  '7',
  '{}',
  '{"type":"text","origin":"a","number":"1","text":"x"}',
  '{"type":"text","origin":"a","number":1}',
  '{"type":"text","origin":"a","number":1.5,"text":"x"}',
  JSON.stringify({ type: 'text', origin: 'a', number: 1, text: 'x'.repeat(10_001) }),
])('what is no chat message is counted and changes nothing: %.60s', (data) => {
  const b = new Side('b');
  expect(b.on({ type: 'received', data })).toEqual([]);
  expect(b.state).toEqual({ ...newChat('b'), dropped: 1 });
});

class Side {
  state: Chat;

  constructor(origin: string) {
    this.state = newChat(origin);
  }

  reload(origin: string): void {
    this.state = newChat(origin, keptChat(storedChat(this.state)));
  }

  on(event: ChatEvent): string[] {
    const [state, sent] = chat(this.state, event, 5);
    this.state = state;
    return [...sent];
  }
}
