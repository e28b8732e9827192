import { expect, test } from 'vitest';
import { type Chat, type ChatEvent, chat, newChat } from './chat.ts';
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
  for (let seed = 1; seed <= 200; seed++) {
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
])('what is no chat message changes nothing: %.60s', (data) => {
  const b = new Side('b');
  expect(b.on({ type: 'received', data })).toEqual([]);
  expect(b.state).toEqual(newChat('b'));
});

class Side {
  state: Chat;

  constructor(origin: string) {
    this.state = newChat(origin);
  }

  on(event: ChatEvent): string[] {
    const [state, sent] = chat(this.state, event, 5);
    this.state = state;
    return [...sent];
  }
}
